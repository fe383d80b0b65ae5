//! Drives [`Turn`]: gives it what comes and the time, and does what it says.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rustix::net::{SendFlags, sendto};
use tincan_turn::{
    Client, Counters, Credentials, Family, LONGEST_FRAME, Link, Output, Outputs, PacketBuffer, RelayId, Turn,
};
use tokio::net::UdpSocket;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::relay_sockets::RelaySockets;
use super::stream_queue::StreamQueue;
use super::{asked_address, datagrams};
use crate::wall_clock::ms_since_1970;

pub(super) struct Driver {
    /// Held for one message at a time, and neither across an `await` nor while anything is sent.
    turn: Mutex<Turn>,
    started: Instant,
    started_ms: u64,
    /// By the number of the socket in [`Link::Datagram`].
    listeners: Vec<UdpSocket>,
    relay_sockets: RelaySockets,
    relays: RwLock<HashMap<RelayId, OpenRelay>>,
    /// By the number in [`Link::Stream`].
    streams: RwLock<HashMap<u64, Arc<StreamQueue>>>,
    last_stream: AtomicU64,
}

/// An open socket of a relayed address. It is closed when this is dropped.
struct OpenRelay {
    socket: Arc<UdpSocket>,
    receiving: AbortHandle,
}

impl Drop for OpenRelay {
    fn drop(&mut self) {
        self.receiving.abort();
    }
}

/// Where each thread receives to, so that no socket needs a buffer of its own.
struct Scratch {
    packet: PacketBuffer,
    out: Outputs,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> =
        RefCell::new(Scratch { packet: PacketBuffer::new(LONGEST_FRAME), out: Outputs::default() });
}

/// How late something may expire.
const LATEST: Duration = Duration::from_secs(1);

impl Driver {
    pub(super) fn new(turn: Turn, listeners: Vec<UdpSocket>, relay_sockets: RelaySockets) -> Driver {
        Driver {
            turn: Mutex::new(turn),
            started: Instant::now(),
            started_ms: ms_since_1970(),
            listeners,
            relay_sockets,
            relays: RwLock::default(),
            streams: RwLock::default(),
            last_stream: AtomicU64::new(0),
        }
    }

    pub(super) fn listener_count(&self) -> u32 {
        u32::try_from(self.listeners.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn listener(&self, index: u32) -> Option<&UdpSocket> {
        self.listeners.get(index as usize)
    }

    pub(super) fn counters(&self) -> Counters {
        self.lock().counters()
    }

    pub(super) fn credentials(&self) -> Credentials {
        self.lock().credentials().clone()
    }

    pub(super) fn has_allocation(&self, client: Client) -> bool {
        self.lock().has_allocation(client)
    }

    /// Handles a message that `receive` receives into the buffer. Returns what it returns beside: `None` if
    /// there was none.
    pub(super) fn client_sends<T>(
        self: &Arc<Self>,
        receive: impl FnOnce(&mut PacketBuffer) -> Option<(Client, T)>,
    ) -> Option<T> {
        SCRATCH.with_borrow_mut(|Scratch { packet, out }| {
            let (client, result) = receive(packet)?;
            self.lock().received(self.now_ms(), client, packet, out);
            self.act(packet, out);
            Some(result)
        })
    }

    /// The same for a datagram that came to a relayed address.
    pub(super) fn peer_sends(
        self: &Arc<Self>,
        relay: RelayId,
        receive: impl FnOnce(&mut PacketBuffer) -> Option<SocketAddr>,
    ) -> Option<()> {
        SCRATCH.with_borrow_mut(|Scratch { packet, out }| {
            let peer = receive(packet)?;
            self.lock().relay_received(self.now_ms(), relay, peer, packet, out);
            self.act(packet, out);
            Some(())
        })
    }

    /// Adds a stream. Returns its number, and what is to be written to it.
    pub(super) fn add_stream(&self) -> (u64, Arc<StreamQueue>) {
        let id = self.last_stream.fetch_add(1, Ordering::Relaxed);
        let queue = Arc::new(StreamQueue::default());
        write(&self.streams).insert(id, queue.clone());
        (id, queue)
    }

    pub(super) fn remove_stream(self: &Arc<Self>, client: Client) {
        if let Link::Stream(id) = client.link {
            write(&self.streams).remove(&id);
        }
        self.act_on(|turn, now_ms, out| turn.disconnected(now_ms, client, out));
    }

    /// Lets go of what has expired. Never returns.
    pub(super) async fn keep_expiring(self: &Arc<Self>) {
        loop {
            let next = self.lock().next_timeout_ms();
            let until = next.map(|next| Duration::from_millis(next.saturating_sub(self.now_ms())));
            tokio::time::sleep(until.map_or(LATEST, |until| until.min(LATEST))).await;
            self.act_on(|turn, now_ms, out| turn.expire(now_ms, out));
        }
    }

    /// Does what comes of an input that is no message.
    fn act_on(self: &Arc<Self>, input: impl FnOnce(&mut Turn, u64, &mut Outputs)) {
        let (packet, mut out) = (PacketBuffer::new(0), Outputs::default());
        input(&mut self.lock(), self.now_ms(), &mut out);
        self.act(&packet, &out);
    }

    fn act(self: &Arc<Self>, packet: &PacketBuffer, out: &Outputs) {
        for output in out.list() {
            match output {
                // What can't be sent now is lost, as it may be anywhere on its way.
                Output::ToClient { client, data } => match client.link {
                    Link::Datagram { socket, asked } => {
                        if let Some(socket) = self.listener(socket) {
                            asked_address::send(socket, out.bytes(packet, data), asked, client.address);
                        }
                    }
                    Link::Stream(id) => {
                        if let Some(queue) = read(&self.streams).get(&id) {
                            queue.push(out.bytes(packet, data));
                        }
                    }
                },
                Output::ToPeer { relay, peer, data } => {
                    if let Some(relay) = read(&self.relays).get(relay) {
                        send(&relay.socket, out.bytes(packet, data), *peer);
                    }
                }
                Output::OpenRelay { relay, family, even_port } => {
                    self.open_relay(*relay, *family, *even_port);
                }
                Output::CloseRelay { relay } => {
                    write(&self.relays).remove(relay);
                }
            }
        }
    }

    fn open_relay(self: &Arc<Self>, relay: RelayId, family: Family, even_port: bool) {
        let address = self.relay_sockets.open(family, even_port).map(|(socket, address)| {
            let socket = Arc::new(socket);
            let receiving = datagrams::receive_from_peers(Arc::downgrade(self), relay, socket.clone());
            let receiving = tokio::spawn(receiving).abort_handle();
            write(&self.relays).insert(relay, OpenRelay { socket, receiving });
            address
        });
        self.act_on(|turn, now_ms, out| turn.relay_opened(now_ms, relay, address, out));
    }

    /// Returns the time since 1970, by a clock that nobody sets.
    pub(super) fn now_ms(&self) -> u64 {
        let elapsed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.started_ms.saturating_add(elapsed)
    }

    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the sockets of all relayed addresses when it is dropped.
pub(super) struct CloseAll(pub(super) Arc<Driver>);

impl Drop for CloseAll {
    fn drop(&mut self) {
        write(&self.0.relays).clear();
    }
}

/// Sends at once or not at all, whatever the runtime knows of the socket.
fn send(socket: &UdpSocket, bytes: &[u8], to: SocketAddr) {
    let _ = sendto(socket, bytes, SendFlags::DONTWAIT, &to);
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
