//! The account and the certificate, kept so that a restart asks nobody.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use instant_acme::AccountCredentials;
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};

use super::super::certificate::{CertificateError, PemPair};
use crate::private_file;

/// A folder for each CA, so that what a test CA gave is never used for the real one.
pub(super) struct Store {
    folder: PathBuf,
}

/// An account with the CA.
#[derive(Deserialize, Serialize)]
pub(super) struct SavedAccount {
    pub(super) contacts: Vec<String>,
    pub(super) credentials: AccountCredentials,
}

const ACCOUNT: &str = "account.json";
/// The private key, then the certificate and its chain.
const CERTIFICATE: &str = "certificate.pem";

impl Store {
    /// Makes the folder.
    ///
    /// # Errors
    /// If it can't be written.
    pub(super) fn open(data: &Path, directory: &str) -> Result<Store, CertificateError> {
        let name = directory.trim_start_matches("https://");
        let is_kept = |it: char| it.is_ascii_alphanumeric() || it == '.' || it == '-';
        let name = name.replace(|it| !is_kept(it), "_");
        // No name is `.` or `..` then.
        let folder = data.join("acme").join(format!("ca-{name}"));
        let fail = |source| CertificateError::Write { path: folder.clone(), source };
        private_file::make_folder(&folder).map_err(fail)?;
        // Better now than after a certificate was made.
        let probe = folder.join("probe");
        private_file::write(&probe, b"").and_then(|()| std::fs::remove_file(probe)).map_err(fail)?;
        Ok(Store { folder })
    }

    /// Returns the account, if there is one.
    ///
    /// # Errors
    /// If its file can't be read, or not understood.
    pub(super) fn account(&self) -> Result<Option<SavedAccount>, CertificateError> {
        let path = self.folder.join(ACCOUNT);
        let fail = |source| CertificateError::Read { path: path.clone(), source };
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| fail(error.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fail(error)),
        }
    }

    pub(super) fn save_account(&self, account: &SavedAccount) -> Result<(), CertificateError> {
        let path = self.folder.join(ACCOUNT);
        let written = serde_json::to_vec(account).map_err(Into::into);
        let written = written.and_then(|bytes| private_file::write(&path, &bytes));
        written.map_err(|source| CertificateError::Write { path, source })
    }

    /// Forgets an account that the CA doesn't know any more.
    pub(super) fn forget_account(&self) {
        // Where that fails, it is refused again, and that is said.
        let _ = std::fs::remove_file(self.folder.join(ACCOUNT));
    }

    /// Returns the certificate, if there is one.
    ///
    /// # Errors
    /// If its file can't be read, or can't be used.
    pub(super) fn certificate(&self) -> Result<Option<CertifiedKey>, CertificateError> {
        let path = self.folder.join(CERTIFICATE);
        match PemPair::read(&path, &path) {
            Ok(pair) => pair.parse(&path, &path).map(Some),
            Err(CertificateError::Read { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns a key and its certificate as they are used.
    ///
    /// # Errors
    /// If they can't be.
    pub(super) fn parse(&self, pem: &str) -> Result<CertifiedKey, CertificateError> {
        let path = self.folder.join(CERTIFICATE);
        PemPair::of_one(pem.as_bytes()).parse(&path, &path)
    }

    /// Keeps a key and its certificate.
    ///
    /// # Errors
    /// If they can't be written.
    pub(super) fn save_certificate(&self, pem: &str) -> Result<(), CertificateError> {
        let path = self.folder.join(CERTIFICATE);
        private_file::write(&path, pem.as_bytes()).map_err(|source| CertificateError::Write { path, source })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn each_ca_has_a_folder_of_its_own() {
        let data = tempfile::tempdir().unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["call.example".to_owned()]).unwrap();
        let pem = key.serialize_pem() + &params.self_signed(&key).unwrap().pem();
        let store = Store::open(data.path(), "https://ca.example/../dir?a").unwrap();
        assert!(store.certificate().unwrap().is_none() && store.account().unwrap().is_none());
        assert!(store.parse("nonsense").is_err() && store.parse(&pem).is_ok());
        store.save_certificate(&pem).unwrap();
        assert!(store.certificate().unwrap().is_some());
        assert!(
            Store::open(data.path(), "https://other.example/dir").unwrap().certificate().unwrap().is_none()
        );
        let folder = data.path().join("acme/ca-ca.example_.._dir_a");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join(CERTIFICATE)), 0o600);
        std::fs::write(folder.join(ACCOUNT), "{}").unwrap();
        assert!(store.account().is_err());
        store.forget_account();
        assert!(store.account().unwrap().is_none());
    }
}
