//! The sockets on which clients come: UDP and TCP on one port, IPv4 and IPv6 each by itself, so that every
//! address is of the family that it looks like.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener as StdTcpListener, UdpSocket as StdUdpSocket};

use rustix::net::sockopt::{
    set_ipv6_v6only, set_socket_recv_buffer_size, set_socket_reuseaddr, set_socket_send_buffer_size,
};
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, listen, socket_with};
use tokio::net::{TcpListener, UdpSocket};

use super::asked_address;
use crate::lan;

pub(super) struct Listeners {
    pub(super) udp: Vec<UdpSocket>,
    pub(super) tcp: Vec<TcpListener>,
    pub(super) port: u16,
}

/// All clients share these sockets. The system may give less.
const LISTEN_BUFFER_BYTES: usize = 4 * 1024 * 1024;
const BACKLOG: i32 = 1024;
/// How often another free port is tried, if the first is taken over the other protocol.
const ATTEMPTS: usize = 16;

impl Listeners {
    /// Listens at each of these addresses. That the system has no IPv6 is no error.
    pub(super) fn bind(addresses: &[IpAddr], port: u16) -> io::Result<Listeners> {
        let mut attempts = if port == 0 { ATTEMPTS } else { 1 };
        loop {
            attempts -= 1;
            match Listeners::bind_once(addresses, port) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && attempts > 0 => {}
                result => return result,
            }
        }
    }

    fn bind_once(addresses: &[IpAddr], mut port: u16) -> io::Result<Listeners> {
        let (mut udp, mut tcp) = (Vec::new(), Vec::new());
        for ip in addresses {
            let socket = match udp_socket(SocketAddr::new(*ip, port), LISTEN_BUFFER_BYTES) {
                Err(error) if ip.is_ipv6() && lan::is_no_ipv6(&error) => continue,
                result => result?,
            };
            asked_address::ask_for(&socket)?;
            port = socket.local_addr()?.port();
            udp.push(socket);
            tcp.push(tcp_listener(SocketAddr::new(*ip, port))?);
        }
        Ok(Listeners { udp, tcp, port })
    }
}

fn family_of(address: SocketAddr) -> AddressFamily {
    if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 }
}

const FLAGS: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

pub(super) fn udp_socket(address: SocketAddr, buffer_bytes: usize) -> io::Result<UdpSocket> {
    let socket = socket_with(family_of(address), SocketType::DGRAM, FLAGS, None)?;
    if address.is_ipv6() {
        set_ipv6_v6only(&socket, true)?;
    }
    // With smaller ones it loses more when it is busy.
    let _ = set_socket_recv_buffer_size(&socket, buffer_bytes);
    let _ = set_socket_send_buffer_size(&socket, buffer_bytes);
    bind(&socket, &address)?;
    UdpSocket::from_std(StdUdpSocket::from(socket))
}

fn tcp_listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket_with(family_of(address), SocketType::STREAM, FLAGS, None)?;
    if address.is_ipv6() {
        set_ipv6_v6only(&socket, true)?;
    }
    // A server that starts again finds connections of its predecessor that are only waiting to be forgotten.
    set_socket_reuseaddr(&socket, true)?;
    bind(&socket, &address)?;
    listen(&socket, BACKLOG)?;
    TcpListener::from_std(StdTcpListener::from(socket))
}
