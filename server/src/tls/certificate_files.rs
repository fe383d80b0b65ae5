//! A certificate in files, read again when they change.

use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tracing::{info, warn};

use super::acme::Challenges;
use super::certificate::{CertificateError, PemPair};
use super::resolver::CurrentCertificate;

/// How often the files are looked at. They are small, and reading them sees every way to replace them.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The files of a certificate and its key, which may be one.
pub(crate) struct CertificateFiles {
    certificate: PathBuf,
    key: PathBuf,
    current: Arc<CurrentCertificate>,
    /// Of the files that were looked at last, good or not.
    seen: Mutex<u64>,
}

impl CertificateFiles {
    /// Reads both files.
    ///
    /// # Errors
    /// If they don't hold a certificate and its key.
    pub(super) fn read(certificate: &Path, key: &Path) -> Result<CertificateFiles, CertificateError> {
        let pair = PemPair::read(certificate, key)?;
        let parsed = pair.parse(certificate, key)?;
        Ok(CertificateFiles {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: Arc::new(CurrentCertificate::new(Some(parsed), Arc::new(Challenges::default()))),
            seen: Mutex::new(digest(&pair)),
        })
    }

    /// Returns what handshakes use.
    pub(super) fn current(&self) -> Arc<CurrentCertificate> {
        self.current.clone()
    }

    /// Reads the files again whenever they have changed. What can't be used is logged once, and the one that
    /// stands is kept.
    pub(crate) async fn keep_reading(self: Arc<Self>) -> Infallible {
        loop {
            sleep(LOOK_EVERY).await;
            let files = self.clone();
            // A file system may take its time.
            match spawn_blocking(move || files.read_again()).await {
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
        self.current.set(pair.parse(&self.certificate, &self.key)?);
        Ok(true)
    }

    /// Returns whether these files were not seen before.
    fn note(&self, digest: u64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *seen, digest) != digest
    }
}

fn digest(pair: &PemPair) -> u64 {
    let mut hasher = DefaultHasher::new();
    pair.hash(&mut hasher);
    hasher.finish()
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
        let files = CertificateFiles::read(&certificate, &key).unwrap();
        let serves = || files.current.get().unwrap().cert.clone();
        let before = serves();
        assert!(!files.read_again().unwrap());
        // Only one of the two is there yet.
        write(&second.0, &first.1);
        assert!(matches!(files.read_again(), Err(CertificateError::Refused(_))));
        assert!(!files.read_again().unwrap(), "said once");
        assert_eq!(serves(), before);
        write("", &second.1);
        assert!(matches!(files.read_again(), Err(CertificateError::NoCertificate(_))));
        write(&second.0, "no key");
        assert!(matches!(files.read_again(), Err(CertificateError::NoKey(_))));
        std::fs::remove_file(&key).unwrap();
        assert!(matches!(files.read_again(), Err(CertificateError::Read { .. })));
        assert!(!files.read_again().unwrap());
        assert_eq!(serves(), before);
        write(&second.0, &second.1);
        assert!(files.read_again().unwrap());
        assert_ne!(serves(), before);
    }
}
