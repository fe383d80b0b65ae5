//! The certificate that handshakes use.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::acme::Challenges;

/// The certificate of the server, if there is one yet. Sockets that are open keep the one they began with.
pub(crate) struct CurrentCertificate {
    key: RwLock<Option<Arc<CertifiedKey>>>,
    /// What a CA that looks whether a name is ours is shown instead.
    challenges: Arc<Challenges>,
}

impl CurrentCertificate {
    pub(super) fn new(key: Option<CertifiedKey>, challenges: Arc<Challenges>) -> CurrentCertificate {
        CurrentCertificate { key: RwLock::new(key.map(Arc::new)), challenges }
    }

    pub(crate) fn get(&self) -> Option<Arc<CertifiedKey>> {
        self.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses this one from the next handshake on.
    pub(super) fn set(&self, key: CertifiedKey) {
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(key));
    }
}

impl ResolvesServerCert for CurrentCertificate {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if Challenges::is_asked_by(&hello) {
            self.challenges.certificate(hello.server_name()?)
        } else {
            self.get()
        }
    }
}

impl fmt::Debug for CurrentCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CurrentCertificate").finish_non_exhaustive()
    }
}
