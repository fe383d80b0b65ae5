//! Asks a CA over HTTPS: one request a connection, because an order is about a dozen requests in two months.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::uri::Scheme;
use http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, HttpClient};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::super::certificate::CertificateError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("{0} is not a URL of HTTPS")]
    Url(String),
    #[error("no address is known of {host}: {source}")]
    Name { host: String, source: io::Error },
    #[error("cannot connect to {host}: {source}")]
    Connect { host: String, source: io::Error },
    #[error("{host} has no certificate that is trusted here: {source}")]
    Certificate { host: String, source: io::Error },
    #[error("{host} doesn't answer in time")]
    TimedOut { host: String },
    #[error("{host} doesn't answer by HTTP: {source}")]
    Http { host: String, source: Box<dyn StdError + Send + Sync> },
}

/// How long connecting to one of the addresses may take: where IPv6 leads nowhere, IPv4 is tried in time.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a request may take in all.
const ANSWER: Duration = Duration::from_secs(30);
const LONGEST_ANSWER: usize = 1024 * 1024;

#[derive(Clone)]
pub(super) struct HttpsClient {
    tls: TlsConnector,
}

impl HttpsClient {
    /// Trusts whom browsers trust, or only the roots in this file.
    ///
    /// # Errors
    /// If the file can't be read, or holds no certificate.
    pub(super) fn new(roots: Option<&Path>) -> Result<HttpsClient, CertificateError> {
        let mut store = RootCertStore::empty();
        match roots {
            Some(path) => {
                let pem = std::fs::read(path)
                    .map_err(|source| CertificateError::Read { path: path.to_owned(), source })?;
                for certificate in CertificateDer::pem_slice_iter(&pem) {
                    let certificate =
                        certificate.map_err(|_| CertificateError::NoCertificate(path.to_owned()))?;
                    store.add(certificate).map_err(CertificateError::Refused)?;
                }
                if store.is_empty() {
                    return Err(CertificateError::NoCertificate(path.to_owned()));
                }
            }
            None => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(CertificateError::Refused)?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(HttpsClient { tls: TlsConnector::from(Arc::new(config)) })
    }

    async fn ask(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, NoAnswer> {
        let (host, port) = host_and_port(request.uri())?;
        let answer = timeout(ANSWER, self.ask_at(&host, port, request)).await;
        answer.unwrap_or(Err(NoAnswer::TimedOut { host }))
    }

    async fn ask_at(
        self,
        host: &str,
        port: u16,
        mut request: Request<BodyWrapper<Bytes>>,
    ) -> Result<BytesResponse, NoAnswer> {
        let by_http =
            |source: Box<dyn StdError + Send + Sync>| NoAnswer::Http { host: host.to_owned(), source };
        let name = host.trim_matches(['[', ']']);
        let server_name =
            ServerName::try_from(name.to_owned()).map_err(|_| NoAnswer::Url(request.uri().to_string()))?;
        let stream = connect(name, port).await?;
        let stream = self.tls.connect(server_name, stream).await;
        let stream = stream.map_err(|source| NoAnswer::Certificate { host: host.to_owned(), source })?;
        // Over HTTP/1.1 the host is a header, and the rest of the URL is what is asked for.
        let header = if port == 443 { host.to_owned() } else { format!("{host}:{port}") };
        let header = HeaderValue::try_from(header).map_err(|error| by_http(error.into()))?;
        request.headers_mut().insert(HOST, header);
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = path.parse().map_err(|_| NoAnswer::Url(path.to_owned()))?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| by_http(error.into()))?;
        let exchange = async {
            let answer = sender.send_request(request).await.map_err(|error| by_http(error.into()))?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, LONGEST_ANSWER).collect().await.map_err(by_http)?;
            Ok(BytesResponse { parts, body: Box::new(body.to_bytes()) })
        };
        // The exchange goes on only as the connection is driven, and ends before or with it.
        tokio::pin!(exchange);
        tokio::select! {
            answer = &mut exchange => answer,
            _ = connection => exchange.await,
        }
    }
}

impl HttpClient for HttpsClient {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>> {
        let answer = self.clone().ask(request);
        Box::pin(async move { answer.await.map_err(|error| instant_acme::Error::Other(Box::new(error))) })
    }
}

fn host_and_port(uri: &Uri) -> Result<(String, u16), NoAnswer> {
    match uri.host() {
        Some(host) if uri.scheme() == Some(&Scheme::HTTPS) => {
            Ok((host.to_owned(), uri.port_u16().unwrap_or(443)))
        }
        _ => Err(NoAnswer::Url(uri.to_string())),
    }
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, NoAnswer> {
    let addresses = lookup_host((host, port)).await;
    let addresses = addresses.map_err(|source| NoAnswer::Name { host: host.to_owned(), source })?;
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match timeout(CONNECT, TcpStream::connect(address)).await.map_err(io::Error::from).flatten() {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(NoAnswer::Connect { host: host.to_owned(), source: last })
}
