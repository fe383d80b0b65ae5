//! A certificate of the server's own, made once and kept, so that a browser has to accept it only once.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use time::OffsetDateTime;

use super::certificate::CertificateError;
use crate::private_file;

const FILE: &str = "self-signed.pem";
/// Some systems take none that is valid for longer than this.
const VALID_DAYS: i64 = 397;
/// When the server starts, an older one is made anew.
const KEPT: Duration = Duration::from_secs(300 * 24 * 60 * 60);

/// Returns the file that holds the certificate and its key. Makes it if there is none.
///
/// # Errors
/// If the folder can't be written.
pub(super) fn provide(folder: &Path, names: &[String]) -> Result<PathBuf, CertificateError> {
    let path = folder.join(FILE);
    let write_error = |source| CertificateError::Write { path: path.clone(), source };
    if !is_fresh(&path) {
        let pem = make(names).map_err(CertificateError::Make)?;
        private_file::make_folder(folder).map_err(write_error)?;
        private_file::write(&path, pem.as_bytes()).map_err(write_error)?;
    }
    Ok(path)
}

fn is_fresh(path: &Path) -> bool {
    let made = fs::metadata(path).and_then(|file| file.modified());
    // One from the future has a clock that was wrong, and is kept.
    made.is_ok_and(|made| made.elapsed().map_or(true, |age| age < KEPT))
}

/// Returns a certificate for these names and addresses, and its key.
fn make(names: &[String]) -> Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Tincan");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A phone's clock may be behind.
    params.not_before = OffsetDateTime::now_utc() - time::Duration::days(1);
    params.not_after = params.not_before + time::Duration::days(VALID_DAYS);
    Ok(params.self_signed(&key)?.pem() + &key.serialize_pem())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_is_made_once_and_nobody_else_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("deep/down");
        let names = ["localhost", "192.0.2.7", "2001:db8::7"].map(str::to_owned);
        let path = provide(&folder, &names).unwrap();
        let pem = fs::read(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(provide(&folder, &["other".to_owned()]).unwrap(), path);
        assert_eq!(fs::read(&path).unwrap(), pem, "kept");
        let old = std::time::SystemTime::now() - KEPT;
        fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        provide(&folder, &names).unwrap();
        assert_ne!(fs::read(&path).unwrap(), pem, "made anew");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_said() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = provide(file.path(), &["localhost".to_owned()]).unwrap_err();
        assert!(matches!(error, CertificateError::Write { .. }), "{error}");
    }
}
