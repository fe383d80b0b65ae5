//! HTTPS of the server's own: browsers give microphone and camera to secure pages only.
//!
//! The same port speaks both: what begins like a TLS handshake is one, and anything else is plain HTTP, which
//! is sent on to HTTPS (`redirect.rs`). Over TLS, TURN is told from HTTP (`listener.rs`). Only
//! `certificate.rs` and its neighbours read files. A host who asks for no TLS gets none of this.

mod certificate;
mod listener;
mod redirect;
mod resolver;
mod self_signed;

use std::path::PathBuf;
use std::sync::Arc;

use axum::{Router, middleware};
use ipnet::IpNet;
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;

pub(crate) use self::certificate::CertificateError;
pub(crate) use self::listener::{ClientListener, Peer};
use self::redirect::{HttpsOnly, promise_https, to_https};
pub(crate) use self::resolver::Certificates;

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From PEM files: the certificate with its chain, and the key. Files that change are read again.
    Files { certificate: PathBuf, key: PathBuf },
    /// Made once, and kept in this folder. A browser shows it as untrusted until its user accepts it.
    SelfSigned { folder: PathBuf },
}

/// What serves TLS.
pub(crate) struct TlsParts {
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) certificates: Arc<Certificates>,
    /// Whether browsers trust the certificate, so that they may be told to remember HTTPS. They would not let
    /// anybody past an untrusted one then.
    pub(crate) is_trusted: bool,
}

impl Tls {
    /// Reads the certificate, or makes it.
    ///
    /// # Errors
    /// If a file can't be read or written, or doesn't hold what it should.
    pub(crate) fn prepare(&self, names: &[String]) -> Result<TlsParts, CertificateError> {
        let certificates = Arc::new(match self {
            Tls::Files { certificate, key } => Certificates::of_files(certificate, key)?,
            Tls::SelfSigned { folder } => {
                let path = self_signed::provide(folder, names)?;
                Certificates::of_files(&path, &path)?
            }
        });
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(CertificateError::Refused)?
            .with_no_client_auth()
            .with_cert_resolver(certificates.clone());
        config.alpn_protocols = [HTTP].map(<[u8]>::to_vec).into();
        let is_trusted = matches!(self, Tls::Files { .. });
        Ok(TlsParts { config: Arc::new(config), certificates, is_trusted })
    }
}

impl TlsParts {
    /// Has handshakes agree to STUN and TURN, too, for clients that name them. They come first, because such
    /// clients name HTTP as well, and browsers don't name these.
    pub(crate) fn speak_turn(&mut self) {
        Arc::make_mut(&mut self.config).alpn_protocols.splice(..0, TURN.map(<[u8]>::to_vec));
    }

    /// Returns a router that answers by HTTPS only.
    pub(crate) fn protect(&self, router: Router, trusted_proxies: Arc<[IpNet]>) -> Router {
        let router = https_only(router, trusted_proxies, None);
        if self.is_trusted { router.layer(middleware::map_response(promise_https)) } else { router }
    }
}

/// The names in ALPN (RFC 7301). WebSockets are opened over HTTP/1.1.
const HTTP: &[u8] = b"http/1.1";
/// Those of TURN and STUN (RFC 7443).
const TURN: [&[u8]; 2] = [b"stun.turn", b"stun.nat-discovery"];

/// Returns a router that answers nothing in plain text, but sends people on to HTTPS: at `port`, if that is
/// not the one that they have asked.
pub(crate) fn https_only(router: Router, trusted_proxies: Arc<[IpNet]>, port: Option<u16>) -> Router {
    router.layer(middleware::from_fn_with_state(HttpsOnly { trusted_proxies, port }, to_https))
}
