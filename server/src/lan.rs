//! What this machine is called, and where its neighbours find it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use rustix::io::Errno;
use rustix::system::uname;

/// The addresses at which a server listens.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    pub(crate) scheme: &'static str,
    /// Below which path, if any.
    pub(crate) path: String,
}

impl Listening {
    /// Returns the URLs by which other devices of the network reach this machine, if it listens to them.
    pub(crate) fn urls(&self) -> Vec<String> {
        let of_lan = |ip: &IpAddr| self.address.is_ipv6() || ip.is_ipv4();
        if !self.address.ip().is_unspecified() {
            return Vec::new();
        }
        let urls = addresses().into_iter().filter(of_lan).map(|ip| self.url_at(ip));
        urls.collect()
    }

    fn url_at(&self, ip: IpAddr) -> String {
        format!("{}://{}{}", self.scheme, SocketAddr::new(ip, self.address.port()), self.path)
    }
}

/// Returns the addresses from which this machine reaches others, IPv4 first.
///
/// They are those that the system would send from. Nothing is sent: the target is an address of the
/// documentation (RFC 5737, RFC 3849), and connecting a UDP socket only looks up the route.
pub(crate) fn addresses() -> Vec<IpAddr> {
    let from = |anywhere: SocketAddr, target: SocketAddr| -> io::Result<IpAddr> {
        let socket = UdpSocket::bind(anywhere)?;
        socket.connect(target)?;
        Ok(socket.local_addr()?.ip())
    };
    let v4 = from((Ipv4Addr::UNSPECIFIED, 0).into(), (Ipv4Addr::new(192, 0, 2, 1), 9).into());
    let there = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    let v6 = from((Ipv6Addr::UNSPECIFIED, 0).into(), (there, 9).into());
    [v4, v6].into_iter().flatten().filter(|ip| !ip.is_unspecified() && !ip.is_loopback()).collect()
}

/// Returns the names and addresses that a certificate for this machine is made for.
pub(crate) fn names() -> Vec<String> {
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    let host = uname().nodename().to_string_lossy().to_ascii_lowercase();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    if !host.is_empty() && host != "localhost" && host.bytes().all(is_name) {
        if !host.contains('.') {
            // As the neighbours call it (RFC 6762).
            names.push(format!("{host}.local"));
        }
        names.push(host);
    }
    names.extend(addresses().iter().map(IpAddr::to_string));
    names
}

/// Returns whether listening failed because the system has no IPv6.
pub(crate) fn is_no_ipv6(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::AFNOSUPPORT | Errno::ADDRNOTAVAIL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_the_port_and_the_path() {
        let listening =
            Listening { address: "[::]:9090".parse().unwrap(), scheme: "https", path: "/call/".to_owned() };
        assert_eq!(listening.url_at("192.168.0.7".parse().unwrap()), "https://192.168.0.7:9090/call/");
        assert_eq!(listening.url_at("fd00::7".parse().unwrap()), "https://[fd00::7]:9090/call/");
        let of_loopback = Listening { address: "127.0.0.1:9090".parse().unwrap(), ..listening };
        assert_eq!(of_loopback.urls(), Vec::<String>::new());
    }
}
