//! Measures what an idle connection costs in memory.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use tincan_shared::{ClientMessage, Description, DescriptionKind, ServerMessage};

use crate::client::Client;
use crate::server::Server;

#[derive(Args)]
pub(crate) struct Options {
    /// How many connections.
    #[arg(long, default_value_t = 5000)]
    connections: usize,
    /// Have each send and receive one offer of so many bytes before it is idle.
    #[arg(long, default_value_t = 0)]
    offer_bytes: usize,
}

/// The limit of `docs/NUMBERS.md`.
const GOAL: u64 = 8 * 1024;

pub(crate) async fn measure(binary: &Path, options: &Options) -> Result<()> {
    println!("open files allowed: {}", open_files_limit()?);
    let server = Server::start(binary, options.connections)?;
    let before = server.memory()?;
    let began = Instant::now();
    let mut clients = Vec::with_capacity(options.connections);
    for number in 0..options.connections {
        let client = Client::sign_in(server.port, format!("User {number}"), true).await;
        clients.push(client.with_context(|| format!("connection {number}: is `ulimit -n` high enough?"))?);
    }
    if options.offer_bytes > 0 {
        for number in 0..options.connections {
            let to = (number + 1) % options.connections;
            let offer = Description { kind: DescriptionKind::Offer, sdp: "x".repeat(options.offer_bytes) };
            clients[number]
                .say(ClientMessage::Offer {
                    name: format!("User {to}"),
                    offer,
                    call: None,
                    files: None,
                    stream: None,
                })
                .await?;
            while !matches!(clients[to].hear().await?, ServerMessage::Offer { .. }) {}
            clients[to].acknowledge(1).await?;
        }
    }
    let after = server.memory()?;
    let each = after.saturating_sub(before) / options.connections.max(1) as u64;
    println!(
        "{} connections in {:.1} s; resident memory {} KiB before, {} KiB after",
        options.connections,
        began.elapsed().as_secs_f64(),
        before / 1024,
        after / 1024
    );
    println!("{each} bytes an idle connection (goal: under {GOAL})");
    Ok(())
}

fn open_files_limit() -> Result<String> {
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let line = limits.lines().find(|line| line.starts_with("Max open files")).context("no such limit")?;
    Ok(line.split_ascii_whitespace().nth(3).unwrap_or("?").to_owned())
}
