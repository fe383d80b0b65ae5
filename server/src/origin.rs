//! Decides which web pages may open a WebSocket here.

use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue};

use crate::host::forwarded;

/// Decides by the `Origin` of a page (RFC 6454).
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    /// Where people find this server, if the host has said so. Then `Host` doesn't matter: a proxy may
    /// rewrite it, and a name that somebody has made to point here (DNS rebinding) is none of ours.
    public: Vec<Site>,
    /// The first of these, as it was given.
    public_url: Option<String>,
    /// Other sites whose pages may connect.
    allowed: Vec<Site>,
}

/// What an `Origin` says of the page that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is a page of this server's, or of a site that was named, or no page at all.
    Own,
    /// It is not of the host that is asked. That may be a proxy's doing, which has rewritten `Host`.
    Unclear,
    /// It isn't one of the addresses that were named.
    Foreign,
}

/// A host, with a port where that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Site {
    host: String,
    port: Option<u16>,
}

impl Origins {
    /// `public` are URLs of this server. `allowed` are hosts of others, with a scheme or port or not: what is
    /// given has to match.
    pub(crate) fn new(public: &[String], allowed: &[String]) -> Origins {
        let sites = |texts: &[String]| texts.iter().filter_map(|text| Site::parse(text)).collect();
        Origins { public: sites(public), public_url: public.first().cloned(), allowed: sites(allowed) }
    }

    /// Returns where people find this server, if its host has said so.
    pub(crate) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// Judges the page that asks. Clients other than browsers send no `Origin`, and may come.
    pub(crate) fn judge(&self, headers: &HeaderMap) -> Verdict {
        let mut origins = headers.get_all(ORIGIN).into_iter();
        let origin = match (origins.next(), origins.next()) {
            (None, _) => return Verdict::Own,
            (Some(origin), None) => origin,
            (Some(_), Some(_)) => return Verdict::Foreign,
        };
        let Some(origin) = site_of(origin).filter(|origin| origin.port.is_some()) else {
            return Verdict::Foreign;
        };
        if self.public.iter().chain(&self.allowed).any(|site| site.covers(&origin)) {
            return Verdict::Own;
        }
        if !self.public.is_empty() && !is_loopback(&origin.host) {
            return Verdict::Foreign;
        }
        // A proxy may pass on either as it came, and write the other by itself.
        let own = forwarded(headers).and_then(Site::parse).into_iter().chain(host_of_request(headers));
        if own.into_iter().any(|own| is_own(&own, &origin)) { Verdict::Own } else { Verdict::Unclear }
    }
}

fn host_of_request(headers: &HeaderMap) -> Option<Site> {
    headers.get(HOST).and_then(site_of)
}

/// Returns whether a page of `origin` was loaded from where it asks. On one's own machine the port doesn't
/// matter: `trunk serve` has another.
fn is_own(own: &Site, origin: &Site) -> bool {
    let same_port = match own.port {
        Some(_) => own.port == origin.port,
        // A browser leaves out the port of its scheme, and only it knows which that is: a proxy may have the
        // certificate.
        None => matches!(origin.port, Some(80 | 443)),
    };
    own.host == origin.host && (same_port || is_loopback(&own.host))
}

/// Returns whether a host, as URLs have it, is the machine itself, which browsers take for secure. A name
/// that only begins like its address is not.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn site_of(header: &HeaderValue) -> Option<Site> {
    header.to_str().ok().and_then(Site::parse)
}

impl Site {
    /// Reads `[SCHEME://]HOST[:PORT][/…]`. A scheme gives the port that isn't named.
    fn parse(text: &str) -> Option<Site> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        let authority: Authority = rest.split('/').next()?.parse().ok()?;
        let host = authority.host().to_ascii_lowercase();
        let default = match scheme.as_deref() {
            Some("http") => Some(80),
            Some("https") => Some(443),
            Some(_) => return None,
            None => None,
        };
        let is_plain = !host.is_empty() && !authority.as_str().contains('@');
        is_plain.then(|| Site { host, port: authority.port_u16().or(default) })
    }

    fn covers(&self, other: &Site) -> bool {
        self.host == other.host && (self.port.is_none() || self.port == other.port)
    }
}

/// Returns the host that a request is for, without a port: of a proxy's, that which the proxy was asked for.
pub(crate) fn host_asked(headers: &HeaderMap) -> Option<String> {
    let site = forwarded(headers).and_then(Site::parse).or_else(|| host_of_request(headers));
    site.map(|site| site.host).filter(|host| is_host(host))
}

/// Returns the host that the page which asks was loaded from, without a port.
pub(crate) fn host_of_page(headers: &HeaderMap) -> Option<String> {
    let host = site_of(headers.get(ORIGIN)?)?.host;
    is_host(&host).then_some(host)
}

/// Returns the host of a URL, as URLs have it.
pub(crate) fn host_in_url(url: &str) -> Option<String> {
    Site::parse(url).map(|site| site.host).filter(|host| is_host(host))
}

/// Returns whether this is a name or an address, as URLs of any scheme have it. The library takes more.
fn is_host(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

/// Returns whether `text` names a site, for the command line.
pub(crate) fn is_site(text: &str) -> bool {
    Site::parse(text).is_some()
}

/// Returns the port of a URL of HTTPS.
pub(crate) fn https_port(url: &str) -> Option<u16> {
    let is_https = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    is_https.then(|| Site::parse(url)?.port).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    fn admits(origins: &Origins, origin: &str, host: &str) -> bool {
        let headers =
            HeaderMap::from_iter([(ORIGIN, origin.parse().unwrap()), (HOST, host.parse().unwrap())]);
        origins.judge(&headers) == Verdict::Own
    }

    #[test]
    fn hosts_without_their_port() {
        for (header, host) in [
            ("Call.Example:9090", Some("call.example")),
            ("localhost", Some("localhost")),
            ("[::1]:9090", Some("[::1]")),
            ("10.0.0.1", Some("10.0.0.1")),
            ("user@call.example", None),
            ("call$example", None),
        ] {
            let headers = HeaderMap::from_iter([(HOST, header.parse().unwrap())]);
            assert_eq!(host_asked(&headers).as_deref(), host, "{header}");
        }
        assert_eq!(host_in_url("https://Call.example:8443/").as_deref(), Some("call.example"));
    }

    #[test]
    fn the_page_of_the_same_host_and_port() {
        let origins = Origins::default();
        for (origin, host) in [
            ("http://localhost:8080", "localhost:9090"),
            ("http://127.0.0.1:8080", "127.0.0.1:9090"),
            ("http://[::1]:8080", "[::1]:9090"),
            ("http://192.168.0.7:9090", "192.168.0.7:9090"),
            ("https://Call.Example", "call.example"),
            ("http://call.example", "call.example"),
            ("https://call.example:8443", "call.example:8443"),
            ("https://call.example", "call.example:443"),
        ] {
            assert!(admits(&origins, origin, host), "{origin} at {host}");
        }
        for (origin, host) in [
            ("http://192.168.0.7:8080", "192.168.0.7:9090"),
            ("https://call.example:8443", "call.example"),
            ("https://call.example", "call.example:8443"),
            ("http://localhost:8080", "127.0.0.1:9090"),
            ("http://evil.example", "call.example"),
            ("null", "call.example"),
            ("http://localhost.evil.example", "localhost:9090"),
            ("http://127.evil.example:8080", "127.evil.example:9090"),
            ("http://localhost:1@evil", "evil"),
            ("http://a@call.example", "call.example"),
            ("chrome-extension://call.example", "call.example"),
            ("call.example", "call.example"),
            ("http://", "call.example"),
            ("", "call.example"),
        ] {
            assert!(!admits(&origins, origin, host), "{origin} at {host}");
        }
        assert_eq!(origins.judge(&HeaderMap::new()), Verdict::Own, "no browser");
    }

    #[test]
    fn others_that_were_named() {
        let origins = Origins::new(&[], &owned(&["other", "APP.example", "https://exact.example", "p:81"]));
        for origin in ["https://app.example:444", "http://other", "https://exact.example", "http://p:81"] {
            assert!(admits(&origins, origin, "call.example"), "{origin}");
        }
        for origin in ["http://exact.example", "https://exact.example:444", "http://p", "http://evil"] {
            assert!(!admits(&origins, origin, "call.example"), "{origin}");
        }
    }

    #[test]
    fn a_public_url_is_the_only_address() {
        let origins = Origins::new(&owned(&["https://call.example/path"]), &[]);
        // A proxy has rewritten the host.
        assert!(admits(&origins, "https://call.example", "tincan:9090"));
        assert!(admits(&origins, "http://localhost:8080", "localhost:9090"));
        // Somebody has made another name point here.
        assert!(!admits(&origins, "http://evil.example:9090", "evil.example:9090"));
        assert!(!admits(&origins, "http://call.example", "call.example"));
    }

    #[test]
    fn a_proxy_says_for_which_host_it_asks() {
        for (forwarded, host, admitted) in [
            ("call.example", "tincan:9090", true),
            ("call.example:443", "tincan:9090", true),
            ("other.example", "call.example", true),
            ("other.example", "tincan:9090", false),
            ("call.example, other.example", "tincan:9090", false),
            ("user@call.example", "tincan:9090", false),
        ] {
            let headers = HeaderMap::from_iter([
                (ORIGIN, "https://call.example".parse().unwrap()),
                (HOST, host.parse().unwrap()),
                ("x-forwarded-host".parse().unwrap(), forwarded.parse().unwrap()),
            ]);
            let verdict = Origins::default().judge(&headers);
            assert_eq!(verdict == Verdict::Own, admitted, "{forwarded} at {host}");
        }
        let headers = HeaderMap::from_iter([
            (HOST, "tincan:9090".parse().unwrap()),
            ("x-forwarded-host".parse().unwrap(), "Call.example:8443".parse().unwrap()),
        ]);
        assert_eq!(host_asked(&headers).as_deref(), Some("call.example"));
    }

    #[test]
    fn two_origins_are_none() {
        let mut headers = HeaderMap::from_iter([(HOST, "call.example".parse().unwrap())]);
        headers.append(ORIGIN, "http://call.example".parse().unwrap());
        assert_eq!(Origins::default().judge(&headers), Verdict::Own);
        headers.append(ORIGIN, "http://call.example".parse().unwrap());
        assert_eq!(Origins::default().judge(&headers), Verdict::Foreign);
    }
}
