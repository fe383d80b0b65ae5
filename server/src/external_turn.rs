//! A TURN server beside this one, which knows the same secret: coturn with `use-auth-secret`.
//!
//! It checks the credentials that logins get here, and nothing passes between the two.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use tincan_turn::Credentials;

use crate::hub::{TurnAccess, TurnPlace};
use crate::wall_clock::ms_since_1970;

/// Where that server is, and what it takes.
#[derive(Clone)]
pub struct ExternalTurn {
    urls: Vec<String>,
    credentials: Credentials,
}

impl ExternalTurn {
    /// The server at these URLs (`turn:` and `turns:`, RFC 7065) takes what whoever knows the `secret` makes.
    pub fn new(urls: Vec<String>, secret: &[u8]) -> ExternalTurn {
        ExternalTurn { urls, credentials: Credentials::new(secret) }
    }

    /// Reads the secret from a file.
    pub(crate) fn read(urls: Vec<String>, secret_file: &Path) -> Result<ExternalTurn> {
        let file = secret_file.display();
        let bytes = std::fs::read(secret_file).with_context(|| format!("cannot read {file}"))?;
        let secret = bytes.trim_ascii();
        ensure!(!secret.is_empty(), "{file} is empty: it has to hold the TURN server's static-auth-secret");
        ensure!(!secret.contains(&b'\n'), "{file} has several lines: it has to hold the secret alone");
        Ok(ExternalTurn::new(urls, secret))
    }

    /// Returns how logins are told of it. The hub's clock begins about now.
    pub(crate) fn access(self) -> TurnAccess {
        TurnAccess {
            credentials: self.credentials,
            place: TurnPlace::There { stun_urls: stun_urls(&self.urls), turn_urls: self.urls },
            started_ms: ms_since_1970(),
        }
    }
}

/// Without the secret.
impl fmt::Debug for ExternalTurn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalTurn").field("urls", &self.urls).finish_non_exhaustive()
    }
}

/// A TURN server answers STUN at the same port. Over UDP alone, since that is what an address is asked for.
fn stun_urls(turn_urls: &[String]) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for url in turn_urls {
        let Some(rest) = url.strip_prefix("turn:") else { continue };
        let stun = match rest.split_once('?') {
            None | Some((_, "transport=udp")) => format!("stun:{}", rest.split('?').next().unwrap_or(rest)),
            Some(_) => continue,
        };
        if !urls.contains(&stun) {
            urls.push(stun);
        }
    }
    urls
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(secret: &str) -> Result<ExternalTurn> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(secret.as_bytes()).unwrap();
        ExternalTurn::read(Vec::new(), file.path())
    }

    #[test]
    fn a_file_holds_the_secret_and_nothing_else() {
        let expected = Credentials::new(b"north").issue("anna", 0);
        for secret in ["north", "north\n", "north\r\n"] {
            assert_eq!(read(secret).unwrap().credentials.issue("anna", 0), expected, "{secret:?}");
        }
        assert!(!format!("{:?}", read("north").unwrap()).contains("north"));
        for (secret, said) in [("", "empty"), (" \n", "empty"), ("lt-cred-mech\nrealm=a\n", "several lines")]
        {
            let error = read(secret).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn stun_is_where_turn_is_over_udp() {
        let urls = [
            "turn:a.example",
            "turn:a.example?transport=udp",
            "turn:[::1]:99?transport=udp",
            "turn:b.example?transport=tcp",
            "turns:c.example",
        ];
        let expected = ["stun:a.example", "stun:[::1]:99"];
        assert_eq!(stun_urls(&urls.map(str::to_owned)), expected);
    }
}
