//! Measures relaying by TURN, beside Debian's coturn under the same load in the same run.
//!
//! The load is coturn's own client: pairs of clients, each behind an allocation of its own, that send to each
//! other's relayed address, or to a peer without TURN that sends everything back. One process has few enough
//! of them that one core can feed it.

use std::net::UdpSocket;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use tokio::process::Command as TokioCommand;

use crate::client::Client;
use crate::server::{Process, Server};

/// Whom clients send to.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// Each other, as two who both need a relay.
    Clients,
    /// A peer that the relay reaches by a socket, as whoever needs none.
    Peers,
}

#[derive(Args)]
pub(crate) struct Options {
    /// Whom clients send to; by default first the one, then the other.
    #[arg(long, value_delimiter = ',', default_values_t = [To::Clients, To::Peers], value_enum)]
    to: Vec<To>,
    /// How many pairs; several numbers, separated by commas.
    #[arg(long, value_delimiter = ',', default_values_t = [20, 200])]
    pairs: Vec<usize>,
    /// How many messages each client sends.
    #[arg(long, default_value_t = 200)]
    messages: usize,
    /// How many bytes each has.
    #[arg(long, default_value_t = 1000)]
    bytes: usize,
    /// How many milliseconds a client waits between two.
    #[arg(long, default_value_t = 20)]
    interval: usize,
    /// How often both are measured, in turns.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// How many pairs one process of the load has.
const PAIRS_AT_ONCE: usize = 50;

/// Somebody who may use a server.
struct User {
    name: String,
    password: String,
}

/// What a server did.
struct Outcome {
    sent: u64,
    received: u64,
    processor: Duration,
    /// What the server grew by at most, and is of all allocations.
    grown: u64,
}

pub(crate) async fn measure(binary: &Path, options: &Options) -> Result<()> {
    println!("to       pairs  server   relayed      lost     CPU per Mbit   memory an allocation");
    for &to in &options.to {
        for &pairs in &options.pairs {
            let (mut coturns, mut tincans) = (Vec::new(), Vec::new());
            for _ in 0..options.rounds {
                coturns.push(of_coturn(options, to, pairs).await?);
                tincans.push(of_tincan(binary, options, to, pairs).await?);
            }
            let coturn = report("coturn", to, pairs, options, coturns);
            let tincan = report("tincan", to, pairs, options, tincans);
            println!("Tincan takes {:.2} of coturn's processor time a Mbit", tincan / coturn);
        }
    }
    Ok(())
}

/// Returns a peer that sends everything back, and its port.
async fn echo() -> Result<(Process, u16)> {
    let port = UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut peer = Command::new("turnutils_peer");
    peer.args(["-p", &port.to_string(), "-L", "127.0.0.1"]).stdout(Stdio::null()).stderr(Stdio::null());
    let peer = Process(peer.spawn().context("cannot start turnutils_peer (Debian's package coturn)")?);
    until_bound(port).await?;
    Ok((peer, port))
}

/// Waits until somebody has this port of UDP.
async fn until_bound(port: u16) -> Result<()> {
    let is_bound =
        || std::fs::read_to_string("/proc/net/udp").is_ok_and(|it| it.contains(&format!(":{port:04X} ")));
    for _ in 0..500 {
        if is_bound() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("nobody listens on port {port}")
}

/// Prints the median round, by processor time a Mbit, and returns that in milliseconds.
fn report(server: &str, to: To, pairs: usize, options: &Options, mut outcomes: Vec<Outcome>) -> f64 {
    let each = |outcome: &Outcome| {
        let megabits = (outcome.received * options.bytes as u64 * 8) as f64 / 1e6;
        outcome.processor.as_secs_f64() * 1e3 / megabits
    };
    outcomes.sort_by(|a, b| each(a).total_cmp(&each(b)));
    let outcome = &outcomes[outcomes.len() / 2];
    let lost: u64 = outcomes.iter().map(|outcome| outcome.sent.saturating_sub(outcome.received)).sum();
    let sent: u64 = outcomes.iter().map(|outcome| outcome.sent).sum();
    let to = if to == To::Clients { "clients" } else { "peers" };
    println!(
        "{to:<7}  {pairs:>5}  {server}  {:>8}  {lost:>8} ({:.3} %)  {:>6.2} ms  {:>6} bytes",
        outcome.received,
        lost as f64 * 100.0 / sent as f64,
        each(outcome),
        outcome.grown / (pairs as u64 * 2),
    );
    each(outcome)
}

async fn of_tincan(binary: &Path, options: &Options, to: To, pairs: usize) -> Result<Outcome> {
    let arguments = ["--turn-port", "0", "--turn-user-rate", "4000000000", "--turn-allow-peer", "127.0.0.1"];
    let server = Server::start_with(binary, &arguments)?;
    let mut users = Vec::new();
    let mut port = None;
    // A user may have so many allocations.
    for number in 0..pairs.div_ceil(PAIRS_AT_ONCE) {
        let client = Client::sign_in(server.port, format!("User {number}"), false).await?;
        let turn = client.ice_servers.into_iter().find_map(|server| {
            let port = server.urls.iter().find_map(|url| url.strip_prefix("turn:")?.split_once(':'))?.1;
            let port: u16 = port.split('?').next()?.parse().ok()?;
            Some((port, User { name: server.username?, password: server.credential? }))
        });
        let (at, user) = turn.context("the login was told of no TURN")?;
        port = Some(at);
        users.push(user);
    }
    load(options, to, pairs, server.process(), port.context("there are pairs")?, &users).await
}

async fn of_coturn(options: &Options, to: To, pairs: usize) -> Result<Outcome> {
    let port = UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port();
    let folder = std::env::temp_dir();
    let pid = folder.join(format!("tincan-bench-coturn-{}", std::process::id()));
    let mut coturn = Command::new("turnserver");
    coturn.args(["-n", "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "-p", &port.to_string()]);
    coturn.args(["--lt-cred-mech", "--realm", "tincan", "--user", "user:password", "--allow-loopback-peers"]);
    // Two threads, as many as there are cores where this is measured.
    coturn.args(["-m", "2", "--no-cli", "--no-tls", "--no-dtls", "--log-file", "stdout", "--pidfile"]);
    coturn.arg(&pid).stdout(Stdio::null()).stderr(Stdio::null()).current_dir(folder);
    let process = Process(coturn.spawn().context("cannot start turnserver (Debian's package coturn)")?);
    until_bound(port).await?;
    let user = || User { name: "user".to_owned(), password: "password".to_owned() };
    let users: Vec<User> = (0..pairs.div_ceil(PAIRS_AT_ONCE)).map(|_| user()).collect();
    let outcome = load(options, to, pairs, &process, port, &users).await;
    let _ = std::fs::remove_file(pid);
    outcome
}

/// Has a process for each user, all at once.
async fn load(
    options: &Options,
    to: To,
    pairs: usize,
    server: &Process,
    port: u16,
    users: &[User],
) -> Result<Outcome> {
    let echo = if to == To::Peers { Some(echo().await?) } else { None };
    let (memory, processor) = (server.memory("VmRSS:")?, server.processor_time()?);
    let mut running = Vec::new();
    for (number, user) in users.iter().enumerate() {
        let clients = 2 * PAIRS_AT_ONCE.min(pairs - number * PAIRS_AT_ONCE);
        let mut command = TokioCommand::new("turnutils_uclient");
        match &echo {
            Some((_, peer)) => command.args(["-e", "127.0.0.1", "-r", &peer.to_string()]),
            None => command.arg("-y"),
        };
        command.args(["-c", "-m", &clients.to_string(), "-n", &options.messages.to_string()]);
        command.args(["-l", &options.bytes.to_string(), "-z", &options.interval.to_string()]);
        command.args(["-p", &port.to_string(), "-u", &user.name, "-w", &user.password, "127.0.0.1"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        running.push(command.spawn().context("cannot start turnutils_uclient (Debian's package coturn)")?);
    }
    let mut outcome = Outcome { sent: 0, received: 0, processor: Duration::ZERO, grown: 0 };
    for process in running {
        let output = process.wait_with_output().await?;
        let text = String::from_utf8_lossy(&output.stdout);
        let Some((sent, received)) = totals(&text) else { bail!("the load says: {text}") };
        outcome.sent += sent;
        outcome.received += received;
    }
    ensure!(outcome.received > 0, "nothing was relayed");
    outcome.processor = server.processor_time()?.saturating_sub(processor);
    outcome.grown = server.memory("VmHWM:")?.saturating_sub(memory);
    Ok(outcome)
}

/// Returns how many messages were sent and received: the last of the lines that say so.
fn totals(text: &str) -> Option<(u64, u64)> {
    let line = text.lines().rfind(|line| line.contains("tot_send_msgs="))?;
    let number = |name: &str| line.split_once(name)?.1.split(',').next()?.trim().parse().ok();
    Some((number("tot_send_msgs=")?, number("tot_recv_msgs=")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_totals_count() {
        let text = "0: : start_mclient: msz=4, tot_send_msgs=88, tot_recv_msgs=87, tot_send_bytes ~ 88000\n\
            10: : start_mclient: tot_send_msgs=8000, tot_recv_msgs=7999\n10: : Total lost packets 1\n";
        assert_eq!(totals(text), Some((8000, 7999)));
        assert_eq!(totals("Cannot complete Allocation"), None);
    }
}
