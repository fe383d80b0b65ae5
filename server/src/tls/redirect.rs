//! Sends plain HTTP on to HTTPS, and has browsers remember it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, LOCATION, STRICT_TRANSPORT_SECURITY};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use ipnet::IpNet;

use super::Peer;
use crate::client_address::is_proxy;
use crate::host::forwarded;
use crate::origin::is_loopback;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Half a year.
const REMEMBERED: &str = "max-age=15768000";

/// What decides which requests are sent on.
#[derive(Clone)]
pub(crate) struct HttpsOnly {
    pub(crate) trusted_proxies: Arc<[IpNet]>,
    /// The port of HTTPS, where it is not the one that was asked.
    pub(crate) port: Option<u16>,
}

/// Sends a request that came in plain text on to HTTPS, at the same host.
pub(crate) async fn to_https(
    State(https): State<HttpsOnly>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    // Whatever the base path is.
    let path = request.uri().path();
    let is_health = path.ends_with("/healthz") || path.ends_with("/readyz");
    let is_secure = peer.is_tls || https.is_proxied(peer.address.ip(), request.headers());
    if is_secure || is_health {
        return next.run(request).await;
    }
    match https.location(request.headers(), request.uri()) {
        Target::Here => next.run(request).await,
        Target::There(location) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
        Target::Nowhere => (StatusCode::BAD_REQUEST, "Ask for it by https://\n").into_response(),
    }
}

/// Has browsers ask by HTTPS from the start. Only for a certificate that they trust: they would let nobody
/// past another one any more.
pub(crate) async fn promise_https(mut response: Response) -> Response {
    response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(REMEMBERED));
    response
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A browser takes its own machine for secure.
    Here,
    There(HeaderValue),
    /// There is no host to be sent to.
    Nowhere,
}

impl HttpsOnly {
    /// Returns whether a trusted proxy speaks for somebody who came by HTTPS.
    fn is_proxied(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let proto = headers.get_all(FORWARDED_PROTO).into_iter().next_back();
        is_proxy(peer, &self.trusted_proxies)
            && proto.is_some_and(|proto| proto.as_bytes().trim_ascii().eq_ignore_ascii_case(b"https"))
    }

    pub(super) fn location(&self, headers: &HeaderMap, uri: &Uri) -> Target {
        let host = forwarded(headers).or_else(|| headers.get(HOST)?.to_str().ok());
        let authority = host.and_then(|host| host.parse::<Authority>().ok());
        let Some(authority) = authority.filter(|authority| !authority.as_str().contains('@')) else {
            return Target::Nowhere;
        };
        let host = authority.host();
        if self.port.is_none() && is_loopback(host) {
            return Target::Here;
        }
        let port = match self.port.or(authority.port_u16()) {
            None | Some(443) => String::new(),
            Some(port) => format!(":{port}"),
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        // Not everything that can be an authority can be in a URL.
        let location = format!("https://{host}{port}{path}");
        match (location.parse::<Uri>(), HeaderValue::try_from(location)) {
            (Ok(_), Ok(location)) => Target::There(location),
            _ => Target::Nowhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn https(port: Option<u16>) -> HttpsOnly {
        HttpsOnly { trusted_proxies: Arc::from(["10.0.0.0/8".parse().unwrap()]), port }
    }

    fn location(port: Option<u16>, host: &str, uri: &str) -> Target {
        let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
        https(port).location(&headers, &uri.parse().unwrap())
    }

    fn there(location: &str) -> Target {
        Target::There(location.parse().unwrap())
    }

    #[test]
    fn it_leads_to_the_same_place_of_the_same_host() {
        assert_eq!(location(None, "call.example:9090", "/r/a?b"), there("https://call.example:9090/r/a?b"));
        assert_eq!(location(None, "[2001:db8::1]:9090", "/"), there("https://[2001:db8::1]:9090/"));
        assert_eq!(location(Some(443), "call.example", "/r/a"), there("https://call.example/r/a"));
        assert_eq!(location(Some(443), "call.example:80", "/"), there("https://call.example/"));
        assert_eq!(location(Some(9090), "192.0.2.7", "/"), there("https://192.0.2.7:9090/"));
        assert_eq!(location(Some(9090), "localhost", "/"), there("https://localhost:9090/"));
        assert_eq!(location(None, "evil@call.example", "/"), Target::Nowhere);
        assert_eq!(location(None, "", "/"), Target::Nowhere);
        assert_eq!(location(None, "1[:]:9090", "/"), Target::Nowhere, "an authority, but of no URL");
    }

    #[test]
    fn a_proxy_says_for_which_host_it_asks() {
        let headers = HeaderMap::from_iter([
            (HOST, "tincan:9090".parse().unwrap()),
            ("x-forwarded-host".parse().unwrap(), "call.example".parse().unwrap()),
        ]);
        assert_eq!(
            https(None).location(&headers, &"/r/a".parse().unwrap()),
            there("https://call.example/r/a")
        );
    }

    #[test]
    fn ones_own_machine_is_secure() {
        for host in ["localhost", "LocalHost:9090", "127.0.0.1:9090", "[::1]:9090"] {
            assert_eq!(location(None, host, "/"), Target::Here, "{host}");
        }
        assert_ne!(location(None, "localhost.example", "/"), Target::Here);
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let headers = |proto: &str| HeaderMap::from_iter([(FORWARDED_PROTO, proto.parse().unwrap())]);
        let proxied = |peer: &str, proto| https(None).is_proxied(peer.parse().unwrap(), &headers(proto));
        assert!(proxied("10.1.2.3", "https"));
        assert!(proxied("::ffff:10.1.2.3", "HTTPS"));
        assert!(!proxied("10.1.2.3", "http"));
        assert!(!proxied("192.0.2.1", "https"));
    }
}
