//! A certificate authority that nobody knows but the browser that is told to trust it. By its certificate a
//! server's name is known, as on the Internet: where nobody is asked, as for TURN, nothing else is accepted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

/// The files of an authority, and those of a server that it vouches for.
pub(crate) struct Authority {
    /// Its own certificate, in a PEM file.
    pub(crate) certificate: PathBuf,
    /// The server's.
    pub(crate) server_chain: PathBuf,
    pub(crate) server_key: PathBuf,
}

impl Authority {
    /// Makes an authority, and a certificate for a server of these names and addresses.
    ///
    /// # Panics
    /// If the folder can't be written to.
    pub(crate) fn make(folder: &Path, names: Vec<String>) -> Authority {
        let key = KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::default();
        authority.distinguished_name.push(DnType::CommonName, "Tincan's tests");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = authority.self_signed(&key).expect("its own certificate");
        let issuer = Issuer::new(authority, key);

        let server_key = KeyPair::generate().expect("a key");
        let server = CertificateParams::new(names).expect("names");
        let server = server.signed_by(&server_key, &issuer).expect("the server's certificate");

        let write = |name: &str, text: String| {
            let path = folder.join(name);
            fs::write(&path, text).expect("a file in a folder of ours");
            path
        };
        Authority {
            certificate: write("authority.pem", certificate.pem()),
            server_chain: write("server.pem", server.pem()),
            server_key: write("server.key", server_key.serialize_pem()),
        }
    }
}

/// Has the browser whose NSS database is in `folder` trust an authority.
///
/// # Panics
/// If `certutil` isn't installed.
pub(crate) fn trust_in(folder: &Path, authority: &Path) {
    fs::create_dir_all(folder).expect("a folder in a folder of ours");
    let database = format!("sql:{}", folder.display());
    let certificate = authority.display().to_string();
    let certutil = |arguments: &[&str]| {
        let status = Command::new("certutil")
            .args(["-d", &database])
            .args(arguments)
            .stdout(Stdio::null())
            .status()
            .unwrap_or_else(|error| {
                panic!("certutil doesn't start ({error}); `cargo xtask test e2e` installs it")
            });
        assert!(status.success(), "certutil {arguments:?} failed");
    };
    certutil(&["-N", "--empty-password"]);
    certutil(&["-A", "-n", "tincan", "-t", "C,,", "-i", &certificate]);
}
