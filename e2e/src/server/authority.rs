//! A certificate authority that nobody knows but the browser that is told to trust it.

use std::fs;
use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// The authority, with a certificate that it has given to a server, in files.
pub struct Authority {
    folder: TempDir,
}

impl Authority {
    /// Makes one, and a certificate for a server of these names.
    ///
    /// # Panics
    /// If the disk is full.
    pub fn of_server(names: &[&str]) -> Authority {
        let folder = TempDir::new().expect("a temporary folder");
        let key = || KeyPair::generate().expect("there is randomness");
        let (own_key, servers_key) = (key(), key());
        let mut own = CertificateParams::default();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = own.self_signed(&own_key).expect("an authority");
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut servers = CertificateParams::new(names).expect("names");
        servers.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let issuer = Issuer::from_params(&own, own_key);
        let servers = servers.signed_by(&servers_key, &issuer).expect("a certificate");
        let authority = Authority { folder };
        for (path, text) in [
            (authority.path(), certificate.pem()),
            (authority.certificate(), servers.pem()),
            (authority.key(), servers_key.serialize_pem()),
        ] {
            fs::write(path, text).expect("the disk isn't full");
        }
        authority
    }

    /// Returns where its own certificate is, for [`crate::Options::trusted_authority`].
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// Returns where the server's certificate is.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// Returns where the server's key is.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }
}
