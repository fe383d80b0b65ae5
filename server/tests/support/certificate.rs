//! Certificates in files, and clients that trust them.

use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, KeyPair};
use tempfile::{TempDir, tempdir};
use tincan_server::{Config, Tls};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::Running;

/// A certificate for `localhost`, and its key, in files.
pub struct Files {
    pub folder: TempDir,
}

impl Files {
    pub fn new() -> Files {
        let files = Files { folder: tempdir().unwrap() };
        files.renew();
        files
    }

    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    pub fn renew(&self) {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
        std::fs::write(self.certificate(), certificate.pem()).unwrap();
        std::fs::write(self.key(), key.serialize_pem()).unwrap();
    }

    pub fn config(&self) -> Config {
        let tls = Tls::Files { certificate: self.certificate(), key: self.key() };
        Config { tls: Some(tls), ..Config::default() }
    }
}

/// Connects as a client that trusts only this certificate.
pub async fn connect(server: &Running, certificate: &Path) -> std::io::Result<TlsStream<TcpStream>> {
    connect_by(server.port, certificate, &[]).await
}

/// The same for a client that names these protocols (ALPN).
pub async fn connect_by(
    port: u16,
    certificate: &Path,
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    super::tls::connect(stream, "localhost", certificate, protocols).await
}
