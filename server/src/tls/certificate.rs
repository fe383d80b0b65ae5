//! Reads a certificate and its key from PEM files.

use std::io;
use std::path::{Path, PathBuf};

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use rustls::sign::CertifiedKey;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", .0.display())]
    NoCertificate(PathBuf),
    #[error("{} holds no private key in PEM, or one with a passphrase", .0.display())]
    NoKey(PathBuf),
    #[error("the certificate and the key can't be used: {0}")]
    Refused(rustls::Error),
    #[error("cannot make a certificate: {0}")]
    Make(rcgen::Error),
}

/// The contents of the two files, which are one where both are in one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct PemPair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl PemPair {
    pub(super) fn read(certificate: &Path, key: &Path) -> Result<PemPair, CertificateError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|source| CertificateError::Read { path: path.to_owned(), source })
        };
        Ok(PemPair { certificate: read(certificate)?, key: read(key)? })
    }

    /// Returns a pair of which both are in one.
    pub(super) fn of_one(pem: &[u8]) -> PemPair {
        PemPair { certificate: pem.to_owned(), key: pem.to_owned() }
    }

    /// Returns what TLS needs of them. The paths are for the errors.
    ///
    /// # Errors
    /// If one doesn't hold what it should, or the key isn't the certificate's.
    pub(super) fn parse(&self, certificate: &Path, key: &Path) -> Result<CertifiedKey, CertificateError> {
        let chain: Result<Vec<CertificateDer<'static>>, pem::Error> =
            CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = match chain {
            Ok(chain) if !chain.is_empty() => chain,
            _ => return Err(CertificateError::NoCertificate(certificate.to_owned())),
        };
        let key =
            PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| CertificateError::NoKey(key.to_owned()))?;
        // Compares their public keys, too.
        CertifiedKey::from_der(chain, key, &default_provider()).map_err(CertificateError::Refused)
    }
}
