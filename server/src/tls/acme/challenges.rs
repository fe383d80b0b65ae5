//! What a CA finds when it looks whether a name is this host's.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use instant_acme::{ChallengeType, KeyAuthorization};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::ClientHello;
use rustls::sign::CertifiedKey;

use super::super::certificate::CertificateError;

/// The protocol by which a CA asks for the certificate of a challenge, and nobody else (RFC 8737).
pub(in super::super) const ACME_TLS: &[u8] = b"acme-tls/1";

/// How a CA looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// By a handshake at port 443.
    TlsAlpn,
    /// By a request to port 80.
    Http,
}

impl Challenge {
    pub(super) fn of_protocol(self) -> ChallengeType {
        match self {
            Challenge::TlsAlpn => ChallengeType::TlsAlpn01,
            Challenge::Http => ChallengeType::Http01,
        }
    }

    pub(super) fn port(self) -> u16 {
        match self {
            Challenge::TlsAlpn => 443,
            Challenge::Http => 80,
        }
    }
}

/// The challenges of the order that is under way.
#[derive(Default)]
pub(crate) struct Challenges {
    pending: Mutex<Vec<Pending>>,
}

struct Pending {
    domain: String,
    token: String,
    key_authorization: String,
    certificate: Arc<CertifiedKey>,
}

/// Takes all challenges away when it is dropped.
pub(super) struct Clear<'a>(&'a Challenges);

impl Drop for Clear<'_> {
    fn drop(&mut self) {
        self.0.lock().clear();
    }
}

impl Challenges {
    /// Returns whether this is a CA that looks. It offers nothing but that.
    pub(in super::super) fn is_asked_by(hello: &ClientHello<'_>) -> bool {
        hello
            .alpn()
            .is_some_and(|mut protocols| protocols.next() == Some(ACME_TLS) && protocols.next().is_none())
    }

    /// Returns the certificate that shows the CA that the name is ours.
    pub(in super::super) fn certificate(&self, domain: &str) -> Option<Arc<CertifiedKey>> {
        let pending = self.lock();
        pending.iter().find(|it| it.domain.eq_ignore_ascii_case(domain)).map(|it| it.certificate.clone())
    }

    /// Returns the text that shows the same over HTTP.
    pub(in super::super) fn key_authorization(&self, token: &str) -> Option<String> {
        let pending = self.lock();
        pending.iter().find(|it| it.token == token).map(|it| it.key_authorization.clone())
    }

    pub(super) fn until_dropped(&self) -> Clear<'_> {
        Clear(self)
    }

    pub(super) fn add(
        &self,
        domain: &str,
        token: &str,
        key_authorization: &KeyAuthorization,
    ) -> Result<(), CertificateError> {
        let certificate = Arc::new(certificate_for(domain, key_authorization.digest().as_ref())?);
        let key_authorization = key_authorization.as_str().to_owned();
        let (domain, token) = (domain.to_owned(), token.to_owned());
        self.lock().push(Pending { domain, token, key_authorization, certificate });
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Pending>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns a certificate that holds the digest of a key authorization.
fn certificate_for(domain: &str, digest: &[u8]) -> Result<CertifiedKey, CertificateError> {
    let key = KeyPair::generate().map_err(CertificateError::Make)?;
    let mut params = CertificateParams::new([domain.to_owned()]).map_err(CertificateError::Make)?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = params.self_signed(&key).map_err(CertificateError::Make)?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let key = any_supported_type(&key).map_err(CertificateError::Refused)?;
    // Not checked against the key: no reader of certificates knows the extension, as it has to.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}
