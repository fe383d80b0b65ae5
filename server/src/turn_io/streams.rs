//! Clients over TCP and TLS: accepts them, and finds the messages in what they send.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustix::net::sockopt::set_socket_send_buffer_size;
use tincan_turn::{Client, LONGEST_FRAME, Link, frame_length};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::driver::Driver;
use super::refused;
use crate::open_streams::{OpenStreams, StreamLimits};
use crate::refusals::Refusals;

/// A browser opens one for each peer connection, and many people may be behind one address.
const MOST_STREAMS: usize = 4096;
const MOST_OF_ADDRESS: usize = 512;
/// What the system may keep for somebody who reads slowly.
const SEND_BUFFER_BYTES: usize = 64 * 1024;
/// How long to wait when the system has no file for a connection.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);
/// How long a client may have no allocation.
const IDLE: Duration = Duration::from_secs(20);
/// What is read at once. A client that has no allocation sends no longer messages.
const USUAL_BYTES: usize = 2048;

/// Serves streams, wherever they were accepted.
#[derive(Clone)]
pub(crate) struct TurnStreams {
    driver: Arc<Driver>,
    places: Arc<OpenStreams>,
    refusals: Arc<Refusals>,
}

impl TurnStreams {
    pub(super) fn new(driver: Arc<Driver>, refusals: Arc<Refusals>) -> TurnStreams {
        let trusted_proxies = Arc::from([]);
        let limits = StreamLimits { in_all: MOST_STREAMS, of_address: MOST_OF_ADDRESS, trusted_proxies };
        TurnStreams { driver, places: Arc::new(OpenStreams::new(limits)), refusals }
    }

    /// Serves a client until it goes, sends what is no message, or has had no allocation for too long; not at
    /// all if there are too many.
    pub(crate) async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Send, address: SocketAddr) {
        // A socket of both families has IPv4 addresses in IPv6 form, and would tell clients so.
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        let Ok(_place) = self.places.enter(address.ip()) else { return self.refusals.note(refused::STREAM) };
        serve(&self.driver, stream, address).await;
    }
}

/// Never returns. What it has accepted ends with it.
pub(super) async fn accept(streams: TurnStreams, listener: TcpListener) {
    let mut serving = JoinSet::new();
    loop {
        while serving.try_join_next().is_some() {}
        let Ok((stream, address)) = listener.accept().await else {
            sleep(ACCEPT_AGAIN).await;
            continue;
        };
        // If these fail, it is only slower.
        let _ = stream.set_nodelay(true);
        let _ = set_socket_send_buffer_size(&stream, SEND_BUFFER_BYTES);
        let streams = streams.clone();
        serving.spawn(async move { streams.serve(stream, address).await });
    }
}

async fn serve(driver: &Arc<Driver>, stream: impl AsyncRead + AsyncWrite + Send, address: SocketAddr) {
    let (id, queue) = driver.add_stream();
    let served = Served { client: Client { link: Link::Stream(id), address }, driver: driver.clone() };
    let (reader, writer) = tokio::io::split(stream);
    tokio::select! {
        () = served.read_from(reader) => {}
        () = queue.write_to(writer) => {}
        () = served.becomes_idle() => {}
    }
}

/// A client over a stream, and with its end the end of what it has.
struct Served {
    client: Client,
    driver: Arc<Driver>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.driver.remove_stream(self.client);
    }
}

impl Served {
    async fn read_from(&self, mut stream: impl AsyncRead + Unpin) {
        let mut buffer = vec![0; USUAL_BYTES];
        let mut filled = 0;
        loop {
            match stream.read(&mut buffer[filled..]).await {
                Ok(length @ 1..) => filled += length,
                Ok(0) | Err(_) => return,
            }
            let mut start = 0;
            let wanted = loop {
                let rest = &buffer[start..filled];
                match frame_length(rest) {
                    Ok(Some(length)) if length <= rest.len() => {
                        self.handle(&rest[..length]);
                        start += length;
                    }
                    Ok(wanted) => break wanted.unwrap_or(0),
                    Err(_) => return,
                }
            };
            buffer.copy_within(start..filled, 0);
            filled -= start;
            let size = wanted.max(USUAL_BYTES);
            if size > self.longest() {
                return;
            }
            if size != buffer.len() {
                buffer.resize(size, 0);
                buffer.shrink_to_fit();
            }
        }
    }

    fn handle(&self, message: &[u8]) {
        self.driver.client_sends(|packet| {
            packet.copy_from(message);
            Some((self.client, ()))
        });
    }

    fn longest(&self) -> usize {
        if self.driver.has_allocation(self.client) { LONGEST_FRAME } else { USUAL_BYTES }
    }

    async fn becomes_idle(&self) {
        loop {
            sleep(IDLE).await;
            if !self.driver.has_allocation(self.client) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tincan_turn::{Config, Limits, Turn};
    use tokio::io::AsyncWriteExt;
    use tokio::time::Instant;

    use super::*;
    use crate::turn_io::relay_sockets::RelaySockets;

    fn driver() -> Arc<Driver> {
        let config = Config {
            families: Vec::new(),
            allowed_peers: Vec::new(),
            own_addresses: Vec::new(),
            limits: Limits::default(),
        };
        let relay_sockets = RelaySockets::new(Vec::new(), 1..=1, 0);
        Arc::new(Driver::new(Turn::new(config, b"north"), Vec::new(), relay_sockets))
    }

    #[tokio::test(start_paused = true)]
    async fn one_who_allocates_nothing_is_let_go() {
        let (mut client, server) = tokio::io::duplex(4096);
        let started = Instant::now();
        let asking = async {
            // Asking for one's address is no reason to stay.
            let mut binding = [0; 20];
            binding[..8].copy_from_slice(&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]);
            for _ in 0..5 {
                client.write_all(&binding).await.unwrap();
                let mut answer = [0; 32];
                client.read_exact(&mut answer).await.unwrap();
                assert_eq!(answer[..2], [1, 1]);
                sleep(IDLE / 6).await;
            }
            client.read_u8().await.unwrap_err()
        };
        let driver = driver();
        let (_, _) = tokio::join!(serve(&driver, server, ([192, 0, 2, 1], 5000).into()), asking);
        assert_eq!(started.elapsed(), IDLE);
    }
}
