//! Datagrams whose address on this host is known, as it comes and as it goes (`IP_PKTINFO`, ip(7), and
//! `IPV6_PKTINFO`, RFC 3542): a host may have several, and a client takes an answer only from the one that it
//! has asked. The route alone may say another.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsRawFd;

use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
use nix::sys::socket::sockopt::{Ipv4PacketInfo, Ipv6RecvPacketInfo};
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, sendmsg, setsockopt,
};
use tokio::io::Interest;
use tokio::net::UdpSocket;

/// Room for what the system tells beside a datagram: a `cmsghdr`, aligned as one, with an address.
#[repr(align(8))]
struct Ancillary([u8; 64]);

/// Has the system tell with each datagram which address it came to.
pub(super) fn ask_for(socket: &UdpSocket) -> io::Result<()> {
    if socket.local_addr()?.is_ipv4() {
        setsockopt(socket, Ipv4PacketInfo, &true)?;
    } else {
        setsockopt(socket, Ipv6RecvPacketInfo, &true)?;
    }
    Ok(())
}

/// Receives a datagram, if there is one. Returns how long it is, where it came from, and to which address of
/// this host. What is longer than the buffer is cut.
pub(super) fn try_receive_from(
    socket: &UdpSocket,
    buffer: &mut [u8],
) -> io::Result<(usize, (SocketAddr, IpAddr))> {
    socket.try_io(Interest::READABLE, || {
        let mut ancillary = Ancillary([0; 64]);
        let mut buffers = [IoSliceMut::new(buffer)];
        let flags = MsgFlags::MSG_DONTWAIT;
        let message =
            recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut buffers, Some(&mut ancillary.0), flags)?;
        let from = message.address.as_ref().and_then(socket_address).ok_or(io::ErrorKind::InvalidData)?;
        let asked = message.cmsgs()?.find_map(|part| match part {
            ControlMessageOwned::Ipv4PacketInfo(info) => {
                Some(IpAddr::from(info.ipi_spec_dst.s_addr.to_ne_bytes()))
            }
            ControlMessageOwned::Ipv6PacketInfo(info) => Some(IpAddr::from(info.ipi6_addr.s6_addr)),
            _ => None,
        });
        // The system says it always. If it doesn't, the route has to do.
        let unspecified = match from {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        Ok((message.bytes, (from, asked.unwrap_or(unspecified))))
    })
}

/// Sends a datagram from this address of the host, at once or not at all, whatever the runtime knows of the
/// socket.
pub(super) fn send(socket: &UdpSocket, bytes: &[u8], from: IpAddr, to: SocketAddr) {
    let (v4, v6);
    let info = match from {
        IpAddr::V4(ip) => {
            let from = in_addr { s_addr: u32::from_ne_bytes(ip.octets()) };
            v4 = in_pktinfo { ipi_ifindex: 0, ipi_spec_dst: from, ipi_addr: in_addr { s_addr: 0 } };
            ControlMessage::Ipv4PacketInfo(&v4)
        }
        IpAddr::V6(ip) => {
            v6 = in6_pktinfo { ipi6_addr: in6_addr { s6_addr: ip.octets() }, ipi6_ifindex: 0 };
            ControlMessage::Ipv6PacketInfo(&v6)
        }
    };
    let to = SockaddrStorage::from(to);
    let _ = sendmsg(socket.as_raw_fd(), &[IoSlice::new(bytes)], &[info], MsgFlags::MSG_DONTWAIT, Some(&to));
}

fn socket_address(address: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = address.as_sockaddr_in().map(|it| SocketAddr::from(*it));
    v4.or_else(|| address.as_sockaddr_in6().map(|it| SocketAddr::from(*it)))
}

#[cfg(test)]
mod tests {
    use rustix::net::sockopt::set_ipv6_v6only;
    use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, socket_with};

    use super::*;

    /// Returns the address from which an answer comes to whoever asks `asked` from `client`.
    async fn answers_from(server: &UdpSocket, client: &str, asked: &str) -> SocketAddr {
        let port = server.local_addr().unwrap().port();
        let client = UdpSocket::bind((client.parse::<IpAddr>().unwrap(), 0)).await.unwrap();
        client.send_to(b"?", (asked.parse::<IpAddr>().unwrap(), port)).await.unwrap();
        let mut buffer = [0; 10];
        let (from, to) = loop {
            server.readable().await.unwrap();
            match try_receive_from(server, &mut buffer) {
                Ok((length, found)) => break (assert_eq!(length, 1), found).1,
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        };
        send(server, b"!", to, from);
        client.recv_from(&mut buffer).await.unwrap().1
    }

    #[tokio::test]
    async fn answers_come_from_the_address_that_was_asked() {
        let server = UdpSocket::bind("0.0.0.0:0").await.unwrap();
        ask_for(&server).unwrap();
        for asked in ["127.0.0.1", "127.0.0.2", "127.1.2.3"] {
            let from = answers_from(&server, "127.0.0.1", asked).await;
            assert_eq!(from.ip(), asked.parse::<IpAddr>().unwrap());
        }
    }

    /// A socket of both families has IPv4 addresses in their mapped form.
    #[tokio::test]
    async fn so_they_do_from_a_socket_of_both_families() {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let Ok(server) = socket_with(AddressFamily::INET6, SocketType::DGRAM, flags, None) else {
            return eprintln!("skipped: this system has no IPv6");
        };
        set_ipv6_v6only(&server, false).unwrap();
        if bind(&server, &SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))).is_err() {
            return eprintln!("skipped: this system has no IPv6");
        }
        let server = UdpSocket::from_std(server.into()).unwrap();
        ask_for(&server).unwrap();
        for (client, asked) in [("127.0.0.1", "127.0.0.2"), ("::1", "::1")] {
            let from = answers_from(&server, client, asked).await;
            assert_eq!(from.ip(), asked.parse::<IpAddr>().unwrap());
        }
    }
}
