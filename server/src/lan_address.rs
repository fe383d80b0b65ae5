//! Tells a page where other devices of its network find the server: it shows that as a QR code for a phone.
//!
//! The page asks by `POST /lan`. It is told only where the certificate is the server's own, and only if it
//! was loaded by a name that the machine gives itself, by somebody in its network: the addresses of a private
//! network are nobody else's business.

use std::net::IpAddr;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CACHE_CONTROL;

use crate::app::App;
use crate::lan::names;
use crate::origin::host_of_page;
use crate::tls::Peer;

/// Answers with the URL, or with 204.
pub(crate) async fn tell(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let no_store = [(CACHE_CONTROL, "no-store")];
    let page_host = host_of_page(request.headers());
    let is_near = is_of_network(peer.address.ip()) && page_host.is_some_and(|host| is_own_name(&host));
    let url = app.lan.filter(|_| is_near).and_then(|listening| listening.urls().into_iter().next());
    match url {
        Some(url) => (no_store, url).into_response(),
        None => (StatusCode::NO_CONTENT, no_store).into_response(),
    }
}

/// Returns whether this is the machine itself, or an address that only a network of one's own has.
fn is_of_network(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// Returns whether a host, as URLs have it, is a name of this machine which no public DNS has given it.
fn is_own_name(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    names().iter().any(|name| name == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_of_the_network() {
        for near in ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.7", "::ffff:172.16.0.1", "fd00::1", "fe80::1"]
        {
            assert!(is_of_network(near.parse().unwrap()), "{near}");
        }
        for far in ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "172.32.0.1"] {
            assert!(!is_of_network(far.parse().unwrap()), "{far}");
        }
    }

    #[test]
    fn names_of_this_machine() {
        for own in ["localhost", "127.0.0.1", "[::1]"] {
            assert!(is_own_name(own), "{own}");
        }
        for other in ["call.example", "localhost.example", "198.51.100.7", ""] {
            assert!(!is_own_name(other), "{other}");
        }
    }
}
