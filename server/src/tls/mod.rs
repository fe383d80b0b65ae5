//! HTTPS of the server's own: browsers give microphone and camera to secure pages only.
//!
//! The same port speaks both: what begins like a TLS handshake is one, and anything else is plain HTTP, which
//! is sent on to HTTPS (`redirect.rs`). Over TLS, TURN is told from HTTP (`listener.rs`). Only
//! `certificate.rs` and its neighbours read files. A host who asks for no TLS gets none of this.

mod acme;
mod certificate;
mod certificate_files;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod listener;
mod redirect;
mod resolver;
mod self_signed;

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Router, middleware};
use http::StatusCode;
use ipnet::IpNet;
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;

pub(crate) use self::acme::DEFAULT_DIRECTORY;
use self::acme::{Acme, Challenges};
pub use self::acme::{AcmeOptions, Backoff};
pub(crate) use self::certificate::CertificateError;
use self::certificate_files::CertificateFiles;
pub(crate) use self::listener::{ClientListener, ClientStream, Peer};
use self::redirect::{HttpsOnly, promise_https, to_https};
pub(crate) use self::resolver::CurrentCertificate;

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From PEM files: the certificate with its chain, and the key. Files that change are read again.
    Files { certificate: PathBuf, key: PathBuf },
    /// Made once, and kept in this folder. A browser shows it as untrusted until its user accepts it.
    SelfSigned { folder: PathBuf },
    /// Got from a CA, and renewed.
    Acme(AcmeOptions),
}

/// What serves TLS.
pub(crate) struct TlsParts {
    pub(crate) config: Arc<ServerConfig>,
    /// Whether browsers trust the certificate, so that they may be told to remember HTTPS. They would not let
    /// anybody past an untrusted one then.
    pub(crate) is_trusted: bool,
    /// The name that people type, where it is known.
    pub(crate) domain: Option<String>,
    /// The certificate, once there is one.
    pub(crate) certificate: Arc<CurrentCertificate>,
    challenges: Option<Arc<Challenges>>,
    upkeep: Upkeep,
}

/// What keeps the certificate fresh.
enum Upkeep {
    Files(Arc<CertificateFiles>),
    Acme(Box<Acme>),
}

impl Tls {
    /// Reads the certificate, or makes it. One that a CA gives comes later. `has_http` is whether plain HTTP
    /// has a port of its own.
    ///
    /// # Errors
    /// If a file can't be read or written, or doesn't hold what it should.
    pub(crate) fn prepare(&self, names: &[String], has_http: bool) -> Result<TlsParts, CertificateError> {
        let upkeep = match self {
            Tls::Files { certificate, key } => {
                Upkeep::Files(Arc::new(CertificateFiles::read(certificate, key)?))
            }
            Tls::SelfSigned { folder } => {
                let path = self_signed::provide(folder, names)?;
                Upkeep::Files(Arc::new(CertificateFiles::read(&path, &path)?))
            }
            Tls::Acme(options) => Upkeep::Acme(Box::new(Acme::prepare(options.clone(), has_http)?)),
        };
        let (current, challenges) = match &upkeep {
            Upkeep::Files(files) => (files.current(), None),
            Upkeep::Acme(acme) => (acme.current(), Some(acme.challenges())),
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(CertificateError::Refused)?
            .with_no_client_auth()
            .with_cert_resolver(current.clone());
        config.alpn_protocols = [HTTP].map(<[u8]>::to_vec).into();
        if challenges.is_some() {
            config.alpn_protocols.push(acme::PROTOCOL.to_vec());
        }
        let domain = match self {
            Tls::Acme(options) => options.domains.first().cloned(),
            Tls::Files { .. } | Tls::SelfSigned { .. } => None,
        };
        Ok(TlsParts {
            config: Arc::new(config),
            is_trusted: !matches!(self, Tls::SelfSigned { .. }),
            domain,
            certificate: current,
            challenges,
            upkeep,
        })
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

    /// Returns the router of a port that is for plain HTTP: it sends everybody on to HTTPS at `port`, and
    /// shows a CA that the host is ours.
    pub(crate) fn plain(&self, trusted_proxies: Arc<[IpNet]>, port: u16) -> Router {
        let router = https_only(Router::new(), trusted_proxies, Some(port));
        match &self.challenges {
            Some(challenges) => {
                let challenge = get(key_authorization).with_state(challenges.clone());
                router.route("/.well-known/acme-challenge/{token}", challenge)
            }
            None => router,
        }
    }

    /// Keeps the certificate fresh.
    pub(crate) async fn keep_fresh(self) -> Infallible {
        match self.upkeep {
            Upkeep::Files(files) => files.keep_reading().await,
            Upkeep::Acme(acme) => acme.run().await,
        }
    }
}

async fn key_authorization(
    State(challenges): State<Arc<Challenges>>,
    Path(token): Path<String>,
) -> Result<String, StatusCode> {
    challenges.key_authorization(&token).ok_or(StatusCode::NOT_FOUND)
}

/// The names in ALPN (RFC 7301). HTTP/2 would have all of a page's requests on one connection, and bounds are
/// by connection (`listener.rs` beside this folder).
const HTTP: &[u8] = b"http/1.1";
/// Those of TURN and STUN (RFC 7443).
const TURN: [&[u8]; 2] = [b"stun.turn", b"stun.nat-discovery"];

/// Returns a router that answers nothing in plain text, but sends people on to HTTPS: at `port`, if that is
/// not the one that they have asked.
fn https_only(router: Router, trusted_proxies: Arc<[IpNet]>, port: Option<u16>) -> Router {
    router.layer(middleware::from_fn_with_state(HttpsOnly { trusted_proxies, port }, to_https))
}
