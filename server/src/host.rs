//! The host that a request is for: exactly one in HTTP/1.1 (RFC 9112, section 3.2), and that which a reverse
//! proxy was asked for, where the proxy itself asks for another.

use std::net::IpAddr;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::HOST;
use http::{HeaderMap, HeaderName, StatusCode, Version};
use ipnet::IpNet;

use crate::client_address::is_proxy;

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Refuses a request that names none, or two.
pub(crate) async fn require(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST).iter().count();
    let expected = match request.version() {
        Version::HTTP_11 => hosts == 1,
        _ => hosts <= 1,
    };
    if expected {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, "A request names exactly one Host\n").into_response()
    }
}

/// Removes `X-Forwarded-Host` unless a trusted proxy is the `peer`. Whoever reads it later may believe it.
pub(crate) fn believe_only_proxies(headers: &mut HeaderMap, peer: IpAddr, trusted: &[IpNet]) {
    if !is_proxy(peer, trusted) {
        headers.remove(FORWARDED_HOST);
    }
}

/// Returns the host, with its port if it has one, that a trusted proxy was asked for. Where a proxy appends
/// to what came with the request, the last is its own.
pub(crate) fn forwarded(headers: &HeaderMap) -> Option<&str> {
    let last = headers.get_all(FORWARDED_HOST).into_iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next().map(str::trim).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (FORWARDED_HOST, HeaderValue::from_static(value))).fold(
            HeaderMap::new(),
            |mut headers, (name, value)| {
                headers.append(name, value);
                headers
            },
        )
    }

    #[test]
    fn a_proxy_says_what_it_was_asked_for() {
        for (values, host) in [
            (&["call.example"] as &[_], Some("call.example")),
            (&["evil.example, call.example:8443"], Some("call.example:8443")),
            (&["evil.example", "call.example"], Some("call.example")),
            (&["call.example,"], None),
            (&[""], None),
            (&[], None),
        ] {
            assert_eq!(forwarded(&with(values)), host, "{values:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        for (peer, host) in [
            ("10.1.2.3", Some("call.example")),
            ("::ffff:10.1.2.3", Some("call.example")),
            ("192.0.2.1", None),
        ] {
            let mut headers = with(&["call.example"]);
            believe_only_proxies(&mut headers, peer.parse().unwrap(), &trusted);
            assert_eq!(forwarded(&headers), host, "{peer}");
        }
    }
}
