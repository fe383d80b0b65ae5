//! The certificate that handshakes use, read again when its files change.

use std::convert::Infallible;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tracing::{info, warn};

use super::certificate::{CertificateError, PemPair};

/// How often the files are looked at. They are small, and reading them sees every way to replace them.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The certificate of the server. Sockets that are open keep the one they began with.
pub(crate) struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Current>,
}

struct Current {
    key: Arc<CertifiedKey>,
    /// Of the files that were looked at last, good or not.
    seen: u64,
}

impl Certificates {
    /// Reads both files. They may be one.
    ///
    /// # Errors
    /// If they don't hold a certificate and its key.
    pub(super) fn of_files(certificate: &Path, key: &Path) -> Result<Certificates, CertificateError> {
        let pair = PemPair::read(certificate, key)?;
        let current = Current { key: Arc::new(pair.parse(certificate, key)?), seen: digest(&pair) };
        Ok(Certificates {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: RwLock::new(current),
        })
    }

    /// Reads the files again whenever they have changed. What can't be used is logged once, and the one that
    /// stands is kept.
    pub(crate) async fn keep_reading(self: Arc<Self>) -> Infallible {
        loop {
            sleep(LOOK_EVERY).await;
            let certificates = self.clone();
            // A file system may take its time.
            match spawn_blocking(move || certificates.read_again()).await {
                Ok(Ok(true)) => info!("the certificate was read again"),
                Ok(Err(error)) => warn!("the certificate stays as it was: {error}"),
                _ => {}
            }
        }
    }

    /// Returns whether there is another certificate now.
    fn read_again(&self) -> Result<bool, CertificateError> {
        let pair = match PemPair::read(&self.certificate, &self.key) {
            Ok(pair) => pair,
            // It is being replaced. Should it stay so, that is said once.
            Err(error) => return if self.note(0) { Err(error) } else { Ok(false) },
        };
        if !self.note(digest(&pair)) {
            return Ok(false);
        }
        let key = Arc::new(pair.parse(&self.certificate, &self.key)?);
        self.current.write().unwrap_or_else(PoisonError::into_inner).key = key;
        Ok(true)
    }

    /// Returns whether these files were not seen before.
    fn note(&self, digest: u64) -> bool {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current.seen, digest) != digest
    }
}

fn digest(pair: &PemPair) -> u64 {
    let mut hasher = DefaultHasher::new();
    pair.hash(&mut hasher);
    hasher.finish()
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.read().unwrap_or_else(PoisonError::into_inner).key.clone())
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Certificates").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn changed_files_are_used_and_broken_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        let write = |cert_pem: &str, key_pem: &str| {
            std::fs::write(&certificate, cert_pem).unwrap();
            std::fs::write(&key, key_pem).unwrap();
        };
        let (first, second) = (made(), made());
        write(&first.0, &first.1);
        let certificates = Certificates::of_files(&certificate, &key).unwrap();
        let serves = || certificates.current.read().unwrap().key.cert.clone();
        let before = serves();
        assert!(!certificates.read_again().unwrap());
        // Only one of the two is there yet.
        write(&second.0, &first.1);
        assert!(matches!(certificates.read_again(), Err(CertificateError::Refused(_))));
        assert!(!certificates.read_again().unwrap(), "said once");
        assert_eq!(serves(), before);
        write("", &second.1);
        assert!(matches!(certificates.read_again(), Err(CertificateError::NoCertificate(_))));
        write(&second.0, "no key");
        assert!(matches!(certificates.read_again(), Err(CertificateError::NoKey(_))));
        std::fs::remove_file(&key).unwrap();
        assert!(matches!(certificates.read_again(), Err(CertificateError::Read { .. })));
        assert!(!certificates.read_again().unwrap());
        assert_eq!(serves(), before);
        write(&second.0, &second.1);
        assert!(certificates.read_again().unwrap());
        assert_ne!(serves(), before);
    }
}
