//! Checks that an idle connection costs little memory, so that the cost doesn't creep up.
//! `cargo run -p tincan-bench --release -- idle` measures the exact number, for the release build and more
//! connections.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::json;
use support::Client;

const CONNECTIONS: usize = 1000;
/// The promise itself, although this build is not optimised and its futures are larger.
const BOUND: usize = 8 * 1024;

const LARGE_CONNECTIONS: usize = 300;
/// With a share of the process's own growth, which few connections have to bear.
const LARGE_BOUND: usize = 9 * 1024;

/// The real server in a process of its own, and what it holds.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start() -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_tincan"))
            .args(["--listen", "127.0.0.1:0", "--no-turn", "--log", "warn"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim_end().rsplit_once(':').unwrap().1.parse().unwrap();
        Server { process, port }
    }

    async fn signed_in(&self, name: String) -> Client {
        let mut client = Client::connect(self.port, "/ws").await;
        client.say(json!({"type": "login", "name": name, "resume": true})).await;
        assert_eq!(client.hear().await["success"], true);
        client
    }

    /// Returns what it holds of memory of its own. How much of its program is loaded is no connection's.
    fn resident_bytes(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn an_idle_connection_holds_under_8_kib() {
    let server = Server::start();
    // Opens one connection first, because threads and lazily made tables are not a connection's cost.
    let mut clients = vec![server.signed_in("First".to_owned()).await];
    let before = server.resident_bytes();
    for number in 0..CONNECTIONS {
        clients.push(server.signed_in(format!("User {number}")).await);
    }
    let each = server.resident_bytes().saturating_sub(before) / CONNECTIONS;
    println!("{each} bytes an idle connection");
    assert!(each > 500, "{each} bytes: nothing was measured");
    assert!(each < BOUND, "{each} bytes");
}

/// What a large frame took is given back once it is read, or written: one call's description would otherwise
/// be held as long as the page is open.
#[tokio::test]
async fn a_connection_gives_back_what_a_large_frame_took() {
    let server = Server::start();
    let mut clients = Vec::new();
    let before = server.resident_bytes();
    for number in 0..LARGE_CONNECTIONS {
        clients.push(server.signed_in(format!("User {number}")).await);
    }
    let description = "x".repeat(60 * 1024);
    for number in 0..LARGE_CONNECTIONS {
        let to = (number + 1) % LARGE_CONNECTIONS;
        let offer = json!({"type": "offer", "name": format!("User {to}"), "offer": description});
        clients[number].say(offer).await;
        let offered = clients[to].hear().await;
        assert_eq!(offered["offer"], description);
        // Or the server keeps it, in case it was lost.
        clients[to].say(json!({"type": "ping", "ack": offered["seq"]})).await;
        assert_eq!(clients[to].hear().await["type"], "pong");
    }
    let each = server.resident_bytes().saturating_sub(before) / LARGE_CONNECTIONS;
    println!("{each} bytes an idle connection that sent and received 60 KiB");
    assert!(each < LARGE_BOUND, "{each} bytes");
}
