//! Reads the file of `--ice-servers`. A browser refuses a whole list for one bad entry, and then nobody can
//! call, so the server does not start with a bad entry.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use http::uri::Authority;
use tincan_shared::IceServer;

pub(crate) fn read(path: &Path) -> Result<Vec<IceServer>> {
    let file = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {file}"))?;
    let servers: Vec<IceServer> =
        serde_json::from_str(&text).with_context(|| format!("{file} is not an array of RTCIceServer"))?;
    for server in &servers {
        check(server).with_context(|| format!("{file}"))?;
    }
    Ok(servers)
}

/// Checks what the constructor of `RTCPeerConnection` checks (W3C WebRTC, section 4.4.1.1, "validate an ICE
/// server").
fn check(server: &IceServer) -> Result<()> {
    ensure!(!server.urls.is_empty(), "a server without urls");
    for url in &server.urls {
        let relays = relays(url)?;
        let may_enter = server.username.is_some() && server.credential.is_some();
        ensure!(may_enter || !relays, "{url:?} needs a username and a credential");
    }
    Ok(())
}

/// Checks a URL, and returns whether it is one of TURN.
pub(crate) fn relays(url: &str) -> Result<bool> {
    let Some((scheme, rest)) = url.split_once(':') else { bail!("{url:?} is not a URL") };
    let (relays, query) = match scheme {
        "stun" | "stuns" => (false, None),
        "turn" | "turns" => (true, rest.split_once('?').map(|(_, query)| query)),
        _ => bail!("{url:?} doesn't begin with stun:, stuns:, turn: or turns:"),
    };
    let authority = if query.is_some() { rest.split('?').next().unwrap_or(rest) } else { rest };
    ensure!(is_host_and_port(authority), "{url:?} is not {scheme}:HOST or {scheme}:HOST:PORT");
    ensure!(
        matches!(query, None | Some("transport=udp" | "transport=tcp")),
        "{url:?} may only go on with ?transport=udp or ?transport=tcp"
    );
    Ok(relays)
}

/// Returns whether `text` is a host with an optional port, by RFC 7064 and RFC 7065: no `//`, no user, no
/// path.
fn is_host_and_port(text: &str) -> bool {
    let Ok(authority) = text.parse::<Authority>() else { return false };
    let port = text.strip_prefix(authority.host());
    let is_port = |port: &str| port.strip_prefix(':').is_some_and(|digits| digits.parse::<u16>().is_ok());
    !authority.host().is_empty() && port.is_some_and(|port| port.is_empty() || is_port(port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str, username: Option<&str>, credential: Option<&str>) -> IceServer {
        let owned = |text: &str| text.to_owned();
        IceServer { urls: vec![owned(url)], username: username.map(owned), credential: credential.map(owned) }
    }

    #[test]
    fn what_browsers_take() {
        for url in
            ["stun:stun.example", "stun:stun.example:3478", "stuns:10.0.0.1", "stun:[2001:db8::1]:3478"]
        {
            assert!(check(&server(url, None, None)).is_ok(), "{url}");
        }
        for url in ["turn:turn.example", "turns:turn.example:443?transport=tcp", "turn:[::1]?transport=udp"] {
            assert!(check(&server(url, Some("u"), Some("c"))).is_ok(), "{url}");
            for (username, credential) in [(None, None), (Some("u"), None), (None, Some("c"))] {
                let error = check(&server(url, username, credential)).unwrap_err().to_string();
                assert!(error.contains(url) && error.contains("credential"), "{error}");
            }
        }
    }

    #[test]
    fn what_browsers_refuse() {
        for url in [
            "",
            "stun",
            "stun.example",
            "http://stun.example",
            "STUN:stun.example",
            "stun:",
            "stun::3478",
            "stun://stun.example",
            "stun:user@stun.example",
            "stun:stun.example:70000",
            "stun:stun.example:",
            "stun:stun.example/path",
            "stun:stun.example?transport=udp",
            "stun: stun.example",
            "turn:",
            "turn:?transport=udp",
            "turn:turn.example?transport=sctp",
            "turn:turn.example?",
        ] {
            let error = check(&server(url, Some("u"), Some("c"))).unwrap_err().to_string();
            assert!(error.contains(&format!("{url:?}")), "{error}");
        }
        assert!(check(&IceServer { urls: Vec::new(), username: None, credential: None }).is_err());
    }
}
