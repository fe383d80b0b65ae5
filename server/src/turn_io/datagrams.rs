//! Receives datagrams: of clients, and of their peers. One a system call so far; `recvmmsg` would go here.

use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tincan_turn::{Client, Link, PacketBuffer, RelayId};
use tokio::net::UdpSocket;
use tokio::task::yield_now;
use tokio::time::sleep;

use super::asked_address;
use super::driver::Driver;

/// How many are taken before others have their turn.
const AT_ONCE: usize = 32;
/// How long to wait when the system can't say whether there is anything.
const TRY_AGAIN: Duration = Duration::from_millis(100);

/// Never returns.
pub(super) async fn receive_from_clients(driver: Arc<Driver>, index: u32) {
    let Some(socket) = driver.listener(index) else { return };
    loop {
        wait_for(socket).await;
        let handle = || {
            driver.client_sends(|packet| {
                let (address, asked) =
                    receive(packet, |space| asked_address::try_receive_from(socket, space))?;
                Some((Client { link: Link::Datagram { socket: index, asked }, address }, ()))
            })
        };
        if (0..AT_ONCE).all(|_| handle().is_some()) {
            yield_now().await;
        }
    }
}

/// Returns only if the driver is gone.
pub(super) async fn receive_from_peers(driver: Weak<Driver>, relay: RelayId, socket: Arc<UdpSocket>) {
    loop {
        wait_for(&socket).await;
        let Some(driver) = driver.upgrade() else { return };
        let had_all = (0..AT_ONCE).all(|_| {
            let handle =
                driver.peer_sends(relay, |packet| receive(packet, |space| socket.try_recv_from(space)));
            handle.is_some()
        });
        drop(driver);
        // Or each would wake another thread, to find that nothing is left to do.
        if had_all {
            yield_now().await;
        }
    }
}

async fn wait_for(socket: &UdpSocket) {
    if socket.readable().await.is_err() {
        sleep(TRY_AGAIN).await;
    }
}

/// Receives a datagram, if there is one. Returns where it came from, as `try_receive` tells.
fn receive<From>(
    packet: &mut PacketBuffer,
    try_receive: impl Fn(&mut [u8]) -> io::Result<(usize, From)>,
) -> Option<From> {
    loop {
        match try_receive(packet.space()) {
            Ok((length, from)) => {
                packet.received(length);
                return Some(from);
            }
            // What an earlier datagram met on its way, which says nothing of this one.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(_) => return None,
        }
    }
}
