//! coturn's server in place of this one's TURN, by a secret that both know.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::fs;

use clap::Parser as _;
use serde_json::{Value, json};
use support::coturn::{TRANSPORTS, Turnserver, Uclient};
use tempfile::tempdir;
use tincan_server::{Args, Server};

/// Returns what a login is told by a server with the flags that whoever runs it gives.
async fn ice_servers(turnserver: &Turnserver, secret: &str) -> Value {
    let Turnserver { port, tls_port, .. } = turnserver;
    let folder = tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, format!("{secret}\n")).unwrap();
    let urls = format!(
        "turn:127.0.0.1:{port}?transport=udp,turn:127.0.0.1:{port}?transport=tcp,\
         turns:localhost:{tls_port}?transport=tcp"
    );
    let args = ["tincan", "--listen", "127.0.0.1:0", "--turn-external", &urls, "--turn-secret-file"];
    let args = args.map(std::ffi::OsString::from).into_iter().chain([file.into()]);
    let server = Server::bind(Args::parse_from(args).config().unwrap()).await.unwrap();
    assert_eq!(server.turn_port(), None, "its own is off");
    let running = support::run(server);
    let mut client = running.client().await;
    client.say(json!({"type": "login", "name": "Anna"})).await;
    let answer = client.hear().await["iceServers"].take();
    running.stop().await;
    let turn: Vec<&str> = urls.split(',').collect();
    assert_eq!(answer[0], json!({"urls": [format!("stun:127.0.0.1:{port}")]}));
    assert_eq!(answer[1]["urls"], json!(turn));
    assert!(!answer.to_string().contains("Anna"));
    answer
}

fn uclient<'a>(
    turnserver: &Turnserver,
    servers: &'a Value,
    transport: &'static [&'static str],
) -> Uclient<'a> {
    let port = if transport.contains(&"-S") { turnserver.tls_port } else { turnserver.port };
    let [username, password] = ["username", "credential"].map(|field| servers[1][field].as_str().unwrap());
    Uclient { server: "127.0.0.1", port, transport, username, password }
}

#[tokio::test]
async fn a_login_gets_what_coturn_takes() {
    if Turnserver::is_missing() || Uclient::is_missing() {
        return;
    }
    let turnserver = Turnserver::start("north").await;
    let (right, wrong) = (ice_servers(&turnserver, "north").await, ice_servers(&turnserver, "south").await);
    let over = TRANSPORTS.map(|transport| uclient(&turnserver, &right, transport));
    let refused = TRANSPORTS.map(|transport| uclient(&turnserver, &wrong, transport));
    tokio::join!(over[0].is_served(), over[1].is_served(), over[2].is_served());
    tokio::join!(refused[0].is_refused(), refused[1].is_refused(), refused[2].is_refused());
}
