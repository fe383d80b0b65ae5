//! What the attackers do.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tincan_shared::{CallId, Login, ServerMessage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::cores::Cores;
use super::quiet_pair::offer;
use crate::client::Client;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attack {
    /// None, to see how much of a difference is chance.
    Nobody,
    ReadNothing,
    Heads,
    LargeFrames,
    Fragments,
    Offers,
    Rings,
    ComeAndGo,
}

/// Attackers in a thread of their own, until this is dropped.
pub(super) struct Attackers {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    acts: Arc<AtomicU64>,
}

impl Attackers {
    pub(super) fn begin(attack: Attack, port: u16, asset: &str, cores: &Cores) -> Result<Attackers> {
        let acts = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = oneshot::channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (asset, counted, cores) = (asset.to_owned(), acts.clone(), cores.clone());
        let thread = thread::spawn(move || {
            cores.take_those_of_attackers();
            runtime.block_on(async {
                let _attackers = attack.begin(port, &asset, &counted);
                // Fails when this is dropped, which means the same.
                let _ = stopped.await;
            });
        });
        Ok(Attackers { stop: Some(stop), thread: Some(thread), acts })
    }

    /// Returns how many harmful things they have done.
    pub(super) fn acts(&self) -> u64 {
        self.acts.load(Ordering::Relaxed)
    }
}

impl Drop for Attackers {
    fn drop(&mut self) {
        drop(self.stop.take());
        // What they do doesn't matter any more, not even a panic.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Returns the path of the page's WebAssembly, or the page's where it was built without.
pub(super) async fn largest_asset(port: u16) -> Result<String> {
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
    fn begin(self, port: u16, asset: &str, acts: &Arc<AtomicU64>) -> JoinSet<()> {
        let mut attackers = JoinSet::new();
        let count = match self {
            Attack::Nobody => 0,
            Attack::ReadNothing => 400,
            Attack::Heads => 2,
            Attack::LargeFrames => 50,
            Attack::Fragments | Attack::Offers => 4,
            Attack::Rings => 1,
            Attack::ComeAndGo => 3,
        };
        for number in 0..count {
            let (asset, acts) = (asset.to_owned(), acts.clone());
            attackers.spawn(async move {
                let mut lives = 0;
                loop {
                    // Whatever the server does to an attacker, the attacker comes back.
                    let attempt = self.once(port, number, lives, &asset, &acts);
                    if attempt.await.is_err() {
                        sleep(Duration::from_millis(5)).await;
                    }
                    lives += 1;
                }
            });
        }
        attackers
    }

    async fn once(self, port: u16, number: usize, lives: usize, asset: &str, acts: &AtomicU64) -> Result<()> {
        let address = attacker(number);
        let act = || acts.fetch_add(1, Ordering::Relaxed);
        match self {
            Attack::Nobody => Ok(()),
            Attack::ReadNothing => {
                let mut stream = connect(port, address, Some(4096)).await?;
                let request = format!("GET {asset} HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(40);
                stream.write_all(request.as_bytes()).await?;
                act();
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
                        act();
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
                    act();
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
                    act();
                }
            }
            Attack::Offers => {
                let mut client = sign_in(port, address, format!("Offers {number} {lives}"), None).await?;
                for offers in 0.. {
                    let call = CallId::from_random((number * 1_000_000 + offers) as u64 + 100);
                    client.say(offer("Quiet callee", &call, 500)).await?;
                    act();
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
                    act();
                    while !matches!(client.hear().await?, ServerMessage::Leave { .. }) {}
                }
                Ok(())
            }
            Attack::ComeAndGo => {
                let name = format!("Guest {number}");
                let client = sign_in(port, address, name, Some("den".to_owned())).await?;
                act();
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
    let login = Login { name, room, ..Login::default() };
    Client::sign_in_over(stream, port, login).await
}
