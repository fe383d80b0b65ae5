//! Measures the throughput and the latency of offers from one client to another.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use tincan_shared::{ClientMessage, Description, DescriptionKind, ServerMessage};
use tokio::task::JoinSet;

use crate::client::Client;
use crate::server::Server;

#[derive(Args)]
pub(crate) struct Options {
    /// How many pairs of clients.
    #[arg(long, default_value_t = 100)]
    pairs: usize,
    /// How many offers a second each pair tries to send; the server allows a connection 100 for long, of less
    /// than 2 KiB each.
    #[arg(long, default_value_t = 90)]
    rate: u32,
    /// For how many seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// The length of a session description.
    #[arg(long, default_value_t = 280)]
    bytes: usize,
}

pub(crate) async fn measure(binary: &Path, options: &Options) -> Result<()> {
    let server = Server::start(binary, 2 * options.pairs)?;
    let mut pairs = Vec::new();
    for number in 0..options.pairs {
        let caller = Client::sign_in(server.port, format!("Caller {number}"), false).await?;
        let callee = Client::sign_in(server.port, format!("Callee {number}"), false).await?;
        pairs.push((caller, callee, format!("Callee {number}")));
    }
    let (processor, began) = (server.processor_time()?, Instant::now());
    let mut tasks = JoinSet::new();
    for (caller, callee, name) in pairs {
        tasks.spawn(run_pair(
            caller,
            callee,
            name,
            options.rate,
            options.seconds * options.rate,
            options.bytes,
        ));
    }
    let mut latencies = Vec::new();
    while let Some(result) = tasks.join_next().await {
        latencies.extend(result??);
    }
    let (elapsed, processor) = (began.elapsed(), server.processor_time()? - processor);
    latencies.sort();
    let at =
        |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!(
        "{} pairs, {} frames of {} bytes in {:.1} s: {:.0} frames/s, {:.0} MB/s",
        options.pairs,
        latencies.len(),
        options.bytes,
        elapsed.as_secs_f64(),
        latencies.len() as f64 / elapsed.as_secs_f64(),
        (latencies.len() * options.bytes) as f64 / elapsed.as_secs_f64() / 1e6
    );
    println!("latency: median {:?}, 99 % {:?}, worst {:?}", at(0.5), at(0.99), at(0.999_999));
    println!(
        "the server's processor time: {:.1} µs a frame, {:.0} frames a processor second",
        processor.as_secs_f64() * 1e6 / latencies.len().max(1) as f64,
        latencies.len() as f64 / processor.as_secs_f64().max(0.01)
    );
    Ok(())
}

/// Sends one offer after the other, each when the last has arrived, and no faster than `rate`.
async fn run_pair(
    mut caller: Client,
    mut callee: Client,
    name: String,
    rate: u32,
    frames: u32,
    bytes: usize,
) -> Result<Vec<Duration>> {
    let mut latencies = Vec::with_capacity(frames as usize);
    let mut clock = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
    let offer = Description { kind: DescriptionKind::Offer, sdp: "x".repeat(bytes) };
    for _ in 0..frames {
        clock.tick().await;
        let sent = Instant::now();
        caller
            .say(ClientMessage::Offer {
                name: name.clone(),
                offer: offer.clone(),
                call: None,
                files: None,
                stream: None,
            })
            .await?;
        while !matches!(callee.hear().await?, ServerMessage::Offer { .. }) {}
        latencies.push(sent.elapsed());
    }
    Ok(latencies)
}
