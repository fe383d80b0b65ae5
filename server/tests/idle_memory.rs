//! Checks that an idle connection costs little memory, so that the cost doesn't creep up.
//! `cargo run -p tincan-bench --release -- idle` measures the exact number, for the release build and more
//! connections.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::json;
use support::Client;

const CONNECTIONS: usize = 1000;
/// The promise itself, although this build is not optimised and its futures are larger.
const BOUND: usize = 8 * 1024;

#[tokio::test]
async fn an_idle_connection_holds_under_8_kib() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_tincan"))
        .args(["--listen", "127.0.0.1:0", "--no-turn", "--log", "warn"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim_end().rsplit_once(':').unwrap().1.parse().unwrap();
    // Opens one connection first, because threads and lazily made tables are not a connection's cost.
    let mut clients = vec![Client::connect(port, "/ws").await];
    let before = resident_bytes(server.id());
    for number in 0..CONNECTIONS {
        let mut client = Client::connect(port, "/ws").await;
        client.say(json!({"type": "login", "name": format!("User {number}"), "resume": true})).await;
        assert_eq!(client.hear().await["success"], true);
        clients.push(client);
    }
    let after = resident_bytes(server.id());
    server.kill().unwrap();
    server.wait().unwrap();
    let each = after.saturating_sub(before) / CONNECTIONS;
    println!("{each} bytes an idle connection");
    assert!(each > 500, "{each} bytes: nothing was measured");
    assert!(each < BOUND, "{each} bytes");
}

fn resident_bytes(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
}
