//! What strangers and users who mean harm can do to two others who are in a call.
//!
//! Each attack is that of a row of the table "budgets" (`server/src/hub/limits.rs`), made by clients from
//! addresses of their own (127.0.0.2 and on), as fast as they can. Meanwhile a quiet pair sends candidates to
//! each other. The attackers run on the same machine, and take processor time of it themselves.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use tincan_shared::{
    CallId, ClientMessage, Description, DescriptionKind, IceCandidate, Login, ServerMessage,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};

use crate::client::Client;
use crate::server::Server;

#[derive(Args)]
pub(crate) struct Options {
    /// For how many seconds each attack goes on.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Fail where an attack makes the quiet pair so many times slower at the 99th percentile, counted from 2
    /// ms, or where the server's memory grows by more than 64 MiB.
    #[arg(long)]
    fail_beyond: Option<f64>,
}

/// One attack: the row of the findings that it is of, and what it does.
const ATTACKS: [(&str, Attack); 7] = [
    ("S1  400 connections ask for the page 40 times each, and read nothing", Attack::ReadNothing),
    ("S2  two connections ask for the heads of unpacked files", Attack::Heads),
    ("S3  20 users send frames of 64 KiB full of unknown fields", Attack::LargeFrames),
    ("S4  four connections send fragments without end", Attack::Fragments),
    ("S5  four users send offers to the callee without end", Attack::Offers),
    ("S8  a user rings again on each decline", Attack::Rings),
    ("S11 three guests come into the pair's room and leave it", Attack::ComeAndGo),
];

#[derive(Clone, Copy, Debug)]
enum Attack {
    ReadNothing,
    Heads,
    LargeFrames,
    Fragments,
    Offers,
    Rings,
    ComeAndGo,
}

const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub(crate) async fn measure(binary: &Path, options: &Options) -> Result<()> {
    println!("{:<72} {:>15} {:>15} {:>15} {:>7}", "", "quiet p50/p99", "under attack", "memory MiB", "CPU");
    let mut failures = Vec::new();
    for (name, attack) in ATTACKS {
        let server = Server::start(binary, 10_000)?;
        let mut pair = Pair::connect(server.port).await?;
        let asset = largest_asset(server.port).await?;
        let quiet = pair.latencies(Duration::from_secs(options.seconds.min(3))).await?;
        let (memory, processor, began) = (server.memory()?, server.processor_time()?, Instant::now());
        let mut attackers = attack.begin(server.port, &asset);
        let under_attack = pair.latencies(Duration::from_secs(options.seconds)).await?;
        let used = server.processor_time()? - processor;
        let after = server.memory()?;
        attackers.shutdown().await;
        let share = used.as_secs_f64() / began.elapsed().as_secs_f64() * 100.0;
        println!(
            "{name:<72} {:>15} {:>15} {:>7.1} {:>7.1} {share:>6.0}%",
            quiet.to_string(),
            under_attack.to_string(),
            memory as f64 / MEBIBYTE,
            after as f64 / MEBIBYTE,
        );
        let least = Duration::from_millis(2);
        let ratio = under_attack.p99.as_secs_f64() / quiet.p99.max(least).as_secs_f64();
        let grown = after.saturating_sub(memory) as f64 / MEBIBYTE;
        if options.fail_beyond.is_some_and(|most| ratio > most || grown > 64.0) {
            failures.push(name);
        }
    }
    ensure!(failures.is_empty(), "beyond the limits: {failures:?}");
    Ok(())
}

/// Two who are in a call, and in a room.
struct Pair {
    caller: Client,
    callee: Client,
    call: CallId,
}

struct Latencies {
    p50: Duration,
    p99: Duration,
}

impl std::fmt::Display for Latencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |it: Duration| it.as_secs_f64() * 1000.0;
        f.pad(&format!("{:.2}/{:.2} ms", ms(self.p50), ms(self.p99)))
    }
}

impl Pair {
    async fn connect(port: u16) -> Result<Pair> {
        let mut caller = Client::sign_in(port, "Quiet caller".to_owned(), false).await?;
        let mut callee = Client::sign_in(port, "Quiet callee".to_owned(), false).await?;
        let call = CallId::from_random(1);
        caller.say(offer("Quiet callee", &call, 100)).await?;
        while !matches!(callee.hear().await?, ServerMessage::Offer { .. }) {}
        let answer = Description { kind: DescriptionKind::Answer, sdp: "v=0".to_owned() };
        let name = "Quiet caller".to_owned();
        callee.say(ClientMessage::Answer { name, answer, call: Some(call.clone()) }).await?;
        while !matches!(caller.hear().await?, ServerMessage::Answer { .. }) {}
        callee.say(ClientMessage::Join { room: "den".to_owned() }).await?;
        while !matches!(callee.hear().await?, ServerMessage::Room(_)) {}
        Ok(Pair { caller, callee, call })
    }

    /// 50 candidates a second, each waited for. What else the callee hears is read, and declined where it
    /// rings.
    async fn latencies(&mut self, time: Duration) -> Result<Latencies> {
        let mut latencies = Vec::new();
        let mut clock = interval(Duration::from_millis(20));
        let end = Instant::now() + time;
        while Instant::now() < end {
            clock.tick().await;
            let sent = Instant::now();
            let candidate = IceCandidate {
                candidate: "x".repeat(200),
                sdp_mid: None,
                sdp_m_line_index: None,
                username_fragment: Some(latencies.len().to_string()),
            };
            let (name, call) = ("Quiet callee".to_owned(), Some(self.call.clone()));
            self.caller.say(ClientMessage::Candidate { name, candidate: Some(candidate), call }).await?;
            loop {
                match timeout(Duration::from_secs(10), self.callee.hear()).await?? {
                    ServerMessage::Candidate { call, .. } if call.as_ref() == Some(&self.call) => break,
                    ServerMessage::Offer { name, call, .. } => {
                        let leave = ClientMessage::Leave { name: Some(name), call, reason: None };
                        self.callee.say(leave).await?;
                    }
                    _ => {}
                }
            }
            latencies.push(sent.elapsed());
        }
        latencies.sort();
        let at = |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied();
        Ok(Latencies { p50: at(0.5).unwrap_or_default(), p99: at(0.99).unwrap_or_default() })
    }
}

fn offer(name: &str, call: &CallId, bytes: usize) -> ClientMessage {
    let offer = Description { kind: DescriptionKind::Offer, sdp: "x".repeat(bytes) };
    ClientMessage::Offer { name: name.to_owned(), offer, call: Some(call.clone()), files: None }
}

/// Returns the path of the page's WebAssembly, or the page's where it was built without.
async fn largest_asset(port: u16) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut page = String::new();
    stream.read_to_string(&mut page).await?;
    let end = page.find("_bg.wasm").map(|at| at + "_bg.wasm".len());
    let path = end.and_then(|end| page.get(page[..end].rfind('/')?..end));
    Ok(path.unwrap_or("/").to_owned())
}

impl Attack {
    /// Starts the attackers. They go on until they are dropped.
    fn begin(self, port: u16, asset: &str) -> JoinSet<()> {
        let mut attackers = JoinSet::new();
        let count = match self {
            Attack::ReadNothing => 400,
            Attack::Heads => 2,
            Attack::LargeFrames => 20,
            Attack::Fragments | Attack::Offers => 4,
            Attack::Rings => 1,
            Attack::ComeAndGo => 3,
        };
        for number in 0..count {
            let asset = asset.to_owned();
            attackers.spawn(async move {
                let mut lives = 0;
                loop {
                    // Whatever the server does to an attacker, the attacker comes back.
                    let attempt = self.once(port, number, lives, &asset);
                    if attempt.await.is_err() {
                        sleep(Duration::from_millis(5)).await;
                    }
                    lives += 1;
                }
            });
        }
        attackers
    }

    async fn once(self, port: u16, number: usize, lives: usize, asset: &str) -> Result<()> {
        let address = attacker(number);
        match self {
            Attack::ReadNothing => {
                let mut stream = connect(port, address, Some(4096)).await?;
                let request = format!("GET {asset} HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(40);
                stream.write_all(request.as_bytes()).await?;
                sleep(Duration::from_secs(3600)).await;
                bail!("over")
            }
            Attack::Heads => {
                let stream = connect(port, address, None).await?;
                let (mut read, mut write) = stream.into_split();
                let request = format!("HEAD {asset} HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(8);
                let writes = async {
                    loop {
                        write.write_all(request.as_bytes()).await?;
                    }
                };
                let reads = async { tokio::io::copy(&mut read, &mut tokio::io::sink()).await };
                let ended: std::io::Result<()> =
                    tokio::select! { it = writes => it, it = reads => it.map(drop) };
                Ok(ended?)
            }
            Attack::LargeFrames => {
                let mut client = sign_in(port, address, format!("Large {number} {lives}"), None).await?;
                let fields = (0..5_000).map(|field| format!("\"a{field}\":1,")).collect::<String>();
                let text = format!("{{{fields}\"type\":\"ping\"}}");
                loop {
                    client.say_text(text.clone()).await?;
                    while let Ok(heard) = timeout(Duration::from_millis(1), client.hear()).await {
                        heard?;
                    }
                }
            }
            Attack::Fragments => {
                let mut stream = connect(port, address, None).await?;
                let upgrade = "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
                    Upgrade: websocket\r\n\
                    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
                stream.write_all(upgrade.as_bytes()).await?;
                let mut answer = [0; 1024];
                ensure!(stream.read(&mut answer).await? > 0, "no answer");
                stream.write_all(&[0x01, 0x81, 0, 0, 0, 0, 0x7b]).await?;
                let fragments = [0x00, 0x80, 0, 0, 0, 0].repeat(4096);
                loop {
                    stream.write_all(&fragments).await?;
                }
            }
            Attack::Offers => {
                let mut client = sign_in(port, address, format!("Offers {number} {lives}"), None).await?;
                for offers in 0.. {
                    let call = CallId::from_random((number * 1_000_000 + offers) as u64 + 100);
                    client.say(offer("Quiet callee", &call, 500)).await?;
                    client.hear().await?;
                    sleep(Duration::from_millis(11)).await;
                }
                Ok(())
            }
            Attack::Rings => {
                let mut client = sign_in(port, address, format!("Rings {lives}"), None).await?;
                for rings in 0.. {
                    let call = CallId::from_random(rings + 100);
                    client.say(offer("Quiet callee", &call, 500)).await?;
                    while !matches!(client.hear().await?, ServerMessage::Leave { .. }) {}
                }
                Ok(())
            }
            Attack::ComeAndGo => {
                let name = format!("Guest {number}");
                let client = sign_in(port, address, name, Some("den".to_owned())).await?;
                drop(client);
                Ok(())
            }
        }
    }
}

/// Eight addresses, so that not everything ends at the limit of one.
fn attacker(number: usize) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2 + (number % 8) as u8))
}

async fn connect(port: u16, from: IpAddr, receive_buffer: Option<u32>) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(bytes) = receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind(SocketAddr::new(from, 0))?;
    socket.connect((Ipv4Addr::LOCALHOST, port).into()).await.context("the server takes no more")
}

async fn sign_in(port: u16, from: IpAddr, name: String, room: Option<String>) -> Result<Client> {
    let stream = connect(port, from, None).await?;
    let login = Login { name, room, resume: None, received: 0, version: None };
    Client::sign_in_over(stream, port, login).await
}
