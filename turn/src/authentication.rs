//! Who sent a request: the long-term credential mechanism (RFC 8489, section 9.2.4).
//!
//! MESSAGE-INTEGRITY-SHA256 is not offered: it would have to be negotiated by longer nonces and answers, and
//! browsers don't ask for it.

use stun_types::attribute::{AttributeStaticType as _, ErrorCode, MessageIntegrity, Nonce, Realm, Username};
use stun_types::message::{IntegrityAlgorithm, IntegrityKey, LongTermKeyCredentials};

use crate::client::Client;
use crate::credentials::Credentials;
use crate::message::Incoming;
use crate::nonce::Nonces;

pub(crate) struct Authentication {
    pub(crate) realm: Realm,
    pub(crate) credentials: Credentials,
    pub(crate) nonces: Nonces,
}

/// What a request has shown.
pub(crate) struct Login<'a> {
    pub(crate) user: &'a str,
    pub(crate) expires_at_ms: u64,
    pub(crate) key: IntegrityKey,
}

/// Why a request isn't taken for its sender's. All but the first are answered with a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAuthenticated {
    BadRequest,
    NoCredential,
    WrongCredential,
    StaleNonce,
}

impl NotAuthenticated {
    pub(crate) fn code(self) -> u16 {
        match self {
            NotAuthenticated::BadRequest => ErrorCode::BAD_REQUEST,
            NotAuthenticated::NoCredential | NotAuthenticated::WrongCredential => ErrorCode::UNAUTHORIZED,
            NotAuthenticated::StaleNonce => ErrorCode::STALE_NONCE,
        }
    }
}

impl Authentication {
    pub(crate) fn check<'a>(
        &self,
        now_ms: u64,
        client: Client,
        request: &Incoming<'a>,
    ) -> Result<Login<'a>, NotAuthenticated> {
        use NotAuthenticated::{BadRequest, NoCredential, StaleNonce, WrongCredential};
        if !request.has(MessageIntegrity::TYPE) {
            return Err(NoCredential);
        }
        let username = request.text(Username::TYPE).ok_or(BadRequest)?;
        let nonce = request.text(Nonce::TYPE).ok_or(BadRequest)?;
        if !request.has(Realm::TYPE) {
            return Err(BadRequest);
        }
        let claim = self.credentials.claim(username, now_ms).ok_or(WrongCredential)?;
        let realm = self.realm.realm().to_owned();
        let key = LongTermKeyCredentials::new(username.to_owned(), claim.password, realm)
            .make_key(IntegrityAlgorithm::Sha1);
        if request.integrity(&key) != Some(true) {
            return Err(WrongCredential);
        }
        if !self.nonces.is_good(nonce, now_ms, client.address) {
            return Err(StaleNonce);
        }
        Ok(Login { user: claim.user, expires_at_ms: claim.expires_at_ms, key })
    }
}
