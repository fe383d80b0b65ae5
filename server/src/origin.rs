//! Decides which web pages may open a WebSocket here.

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue};

/// Returns whether the page that asks may connect: one of the server's own host (on any port, because
/// `trunk serve` has another) or of one of the `allowed` hosts. Clients other than browsers send no `Origin`,
/// and may connect.
pub(crate) fn is_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Some(origin) = host_of(origin) else { return false };
    let own = headers.get(HOST).and_then(host_of);
    own.is_some_and(|own| own == origin)
        || allowed.iter().any(|allowed| normalised(allowed) == Some(origin.clone()))
}

fn host_of(header: &HeaderValue) -> Option<String> {
    header.to_str().ok().and_then(normalised)
}

/// Returns the host in `text`, in lower case. A scheme may come before it and a port after it.
fn normalised(text: &str) -> Option<String> {
    let authority = text.split_once("://").map_or(text, |(_, authority)| authority);
    let host = authority.parse::<Authority>().ok()?.host().to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: &str, host: &str, allowed: &[&str]) -> bool {
        let headers =
            HeaderMap::from_iter([(ORIGIN, origin.parse().unwrap()), (HOST, host.parse().unwrap())]);
        is_allowed(&headers, &allowed.iter().map(|&host| host.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn own_host_and_named_ones() {
        assert!(allowed("http://localhost:8080", "localhost:9090", &[]));
        assert!(allowed("https://Call.Example", "call.example", &[]));
        assert!(allowed("http://[::1]:8080", "[::1]:9090", &[]));
        assert!(allowed("https://app.example:444", "call.example", &["other", "APP.example"]));
        assert!(allowed("https://app.example", "call.example", &["https://app.example"]));
        assert!(is_allowed(&HeaderMap::new(), &[]));
    }

    #[test]
    fn nobody_else() {
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost.evil.example",
            "http://localhost:1@evil",
            "http://",
            "",
        ] {
            assert!(!allowed(origin, "localhost:9090", &["app.example"]), "{origin:?}");
        }
    }
}
