//! Credentials that are computed rather than kept: "A REST API For Access To TURN Services"
//! (draft-uberti-behave-turn-rest), which other servers know as a shared secret.
//!
//! The user name is `EXPIRY:USER` with the expiry in seconds since 1970, and the password is the HMAC-SHA1 of
//! the user name, in base64.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// What is longer isn't one of ours.
const LONGEST_USERNAME: usize = 128;

/// What a client authenticates with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    pub username: String,
    pub password: String,
}

/// Issues credentials, and recomputes them.
#[derive(Clone)]
pub struct Credentials {
    mac: Hmac<Sha1>,
}

/// What a user name says, and the password it has to come with.
pub(crate) struct Claim<'a> {
    pub(crate) user: &'a str,
    pub(crate) expires_at_ms: u64,
    pub(crate) password: String,
}

impl Credentials {
    /// Whoever knows `secret` can make credentials.
    pub fn new(secret: &[u8]) -> Credentials {
        Credentials { mac: keyed(secret) }
    }

    /// Returns a credential for `user`, good until `expires_at_ms`, rounded down to a second.
    pub fn issue(&self, user: &str, expires_at_ms: u64) -> Credential {
        let username = format!("{}:{user}", expires_at_ms / 1000);
        let password = self.password(&username);
        Credential { username, password }
    }

    /// Returns a name for `user` that tells nobody else who it is, and is always the same.
    pub fn pseudonym(&self, user: &str) -> String {
        // No user name begins like this, so nobody is ever told this digest as a password.
        let digest = digest(&self.mac, &[b"\0pseudonym", user.as_bytes()]);
        URL_SAFE_NO_PAD.encode(&digest[..9])
    }

    /// Returns what `username` claims, if it is of our form and has not expired.
    pub(crate) fn claim<'a>(&self, username: &'a str, now_ms: u64) -> Option<Claim<'a>> {
        let (expiry, user) = username.split_once(':')?;
        let digits = !expiry.is_empty() && expiry.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || user.is_empty() || username.len() > LONGEST_USERNAME {
            return None;
        }
        let expires_at_ms = expiry.parse::<u64>().ok()?.checked_mul(1000)?;
        (now_ms < expires_at_ms).then(|| Claim { user, expires_at_ms, password: self.password(username) })
    }

    fn password(&self, username: &str) -> String {
        STANDARD.encode(digest(&self.mac, &[username.as_bytes()]))
    }
}

/// Returns HMAC-SHA1 with this key. A key may have any length.
pub(crate) fn keyed(key: &[u8]) -> Hmac<Sha1> {
    // The error says that the length is wrong, and none is.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

pub(crate) fn digest(mac: &Hmac<Sha1>, parts: &[&[u8]]) -> [u8; 20] {
    let mut mac = mac.clone();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `printf 1700000000:anna | openssl dgst -sha1 -hmac north -binary | base64`.
    #[test]
    fn the_password_is_what_other_servers_compute() {
        let credential = Credentials::new(b"north").issue("anna", 1_700_000_000_999);
        assert_eq!(credential.username, "1700000000:anna");
        assert_eq!(credential.password, "WS1fjjHj2gNlXzhc/ZcwmC3ofIo=");
    }

    #[test]
    fn a_pseudonym_is_of_one_user_and_tells_nothing() {
        let credentials = Credentials::new(b"north");
        let anna = credentials.pseudonym("anna");
        assert_eq!(anna, credentials.pseudonym("anna"));
        assert_eq!(anna.len(), 12);
        assert_ne!(anna, credentials.pseudonym("bell"));
        assert_ne!(anna, Credentials::new(b"south").pseudonym("anna"));
        assert!(!credentials.issue("anna", 0).password.contains(&anna));
    }

    #[test]
    fn a_claim_is_good_until_its_expiry() {
        let credentials = Credentials::new(b"north");
        let claim = credentials.claim("10:anna:bell", 9_999).unwrap();
        assert_eq!((claim.user, claim.expires_at_ms), ("anna:bell", 10_000));
        assert_eq!(claim.password, credentials.issue("anna:bell", 10_000).password);
        assert!(credentials.claim("10:anna:bell", 10_000).is_none());
    }

    #[test]
    fn what_is_not_of_our_form_is_no_claim() {
        let credentials = Credentials::new(b"north");
        let long = format!("99:{}", "a".repeat(LONGEST_USERNAME));
        for username in [
            "",
            ":",
            "99",
            "99:",
            ":anna",
            "-1:anna",
            "+99:anna",
            " 99:anna",
            "anna:99",
            &long,
            &"9".repeat(50),
        ] {
            assert!(credentials.claim(username, 0).is_none(), "{username}");
        }
        let too_far = format!("{}:anna", u64::MAX);
        assert!(credentials.claim(&too_far, 0).is_none());
    }
}
