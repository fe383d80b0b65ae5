//! Certificates from a real CA: Debian's Pebble, which refuses a twentieth of the requests for no reason.
//! Where it isn't installed, these tests say so.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use support::pebble::{self, Looks, Pebble, Place};
use support::{Running, TIMEOUT, start};
use tempfile::{TempDir, tempdir};
use tincan_server::{AcmeOptions, Backoff, Config, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

const DOMAINS: [&str; 2] = ["call.example", "talk.example"];
/// As long as Let's Encrypt's.
const LONG: u64 = 90 * 24 * 60 * 60;

/// A CA, and a host that wants a certificate of it.
struct World {
    place: Place,
    data: TempDir,
}

impl World {
    fn new() -> World {
        World { place: Place::new(), data: tempdir().unwrap() }
    }

    fn options(&self) -> AcmeOptions {
        AcmeOptions {
            domains: DOMAINS.map(str::to_owned).to_vec(),
            contacts: vec!["mailto:ann@example.org".to_owned()],
            directory: self.place.directory(),
            roots: Some(self.place.root()),
            data: self.data.path().to_owned(),
            backoff: Backoff {
                first: Duration::from_millis(100),
                first_counted: Duration::from_millis(100),
                longest: Duration::from_secs(1),
            },
        }
    }

    fn config(&self) -> Config {
        Config {
            tls: Some(Tls::Acme(self.options())),
            http_listen: Some("127.0.0.1:0".to_owned()),
            ..Config::default()
        }
    }

    /// Starts the CA. It looks where the server is, or at a port where nobody is.
    fn ca(&self, https: Option<u16>, http: Option<u16>, seconds: u64) -> Pebble {
        // Nobody listens at these: they are for root alone, and not in use.
        let looks = Looks { https: https.unwrap_or(1), http: http.unwrap_or(1) };
        self.place.start(&looks, seconds)
    }

    /// Returns the root of what the CA makes.
    async fn root(&self) -> CertificateDer<'static> {
        let root = [CertificateDer::from_pem_file(self.place.root()).unwrap()];
        let port = self.place.management_port();
        let stream = until("the CA", async || connect(port, "localhost", &root).await.ok()).await;
        let answer = get(stream, "/roots/0").await;
        CertificateDer::from_pem_slice(answer.as_bytes()).unwrap()
    }
}

/// What the server logs while this is there. A test is a thread of its own.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn begin() -> (Log, tracing::subscriber::DefaultGuard) {
        let log = Log::default();
        let writer = log.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Waits until these words are logged.
    async fn says(&self, words: &str) {
        let said = timeout(TIMEOUT, async {
            while !self.text().contains(words) {
                sleep(Duration::from_millis(20)).await;
            }
        });
        assert!(said.await.is_ok(), "{words} isn't in {}", self.text());
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::Write::write(&mut *self.0.lock().unwrap(), bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Waits until there is something.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = timeout(TIMEOUT * 2, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            sleep(Duration::from_millis(50)).await;
        }
    });
    found.await.unwrap_or_else(|_| panic!("waited for {what}"))
}

async fn connect(
    port: u16,
    name: &str,
    roots: &[CertificateDer<'static>],
) -> io::Result<TlsStream<TcpStream>> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(roots.iter().cloned());
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(store)
        .with_no_client_auth();
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    timeout(TIMEOUT, TlsConnector::from(Arc::new(config)).connect(name, stream)).await.unwrap()
}

/// Returns all of the answer to a request.
async fn get(mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: call.example\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    timeout(TIMEOUT, stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the certificate that is served now, if there is one of this CA.
async fn served(server: &Running, root: &CertificateDer<'static>) -> Option<Vec<u8>> {
    let stream = connect(server.port, DOMAINS[0], std::slice::from_ref(root)).await.ok()?;
    Some(stream.get_ref().1.peer_certificates()?.first()?.to_vec())
}

async fn sign_in(socket: &mut WebSocketStream<TlsStream<TcpStream>>, name: &str) {
    socket.send(Message::text(format!(r#"{{"type":"login","name":"{name}"}}"#))).await.unwrap();
    let answer = timeout(TIMEOUT, socket.next()).await.unwrap().unwrap().unwrap();
    assert!(answer.to_text().unwrap().contains(r#""success":true"#), "{answer}");
}

#[tokio::test]
async fn it_is_got_and_kept() {
    if !pebble::is_here() {
        return;
    }
    let world = World::new();
    let server = start(world.config()).await;
    // Nothing is served by a certificate of nobody.
    assert!(connect(server.port, DOMAINS[0], &[]).await.is_err());
    // It looks at the port of HTTPS only.
    let ca = world.ca(Some(server.port), None, LONG);
    let root =
        until("the CA", async || TcpStream::connect(("127.0.0.1", world.place.management_port())).await.ok());
    drop(root.await);
    let root = world.root().await;
    let first = until("a certificate", async || served(&server, &root).await).await;
    for domain in DOMAINS {
        let stream = connect(server.port, domain, std::slice::from_ref(&root)).await.unwrap();
        let answer = get(stream, "/").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    }
    assert!(connect(server.port, "other.example", std::slice::from_ref(&root)).await.is_err());
    server.stop().await;
    for file in ["account.json", "certificate.pem"] {
        let path = pebble::find(world.data.path(), file);
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    let orders = world.place.orders();
    // Started again, it has one from the first moment on, with nobody to ask.
    drop(ca);
    let server = start(world.config()).await;
    assert_eq!(served(&server, &root).await, Some(first));
    server.stop().await;
    assert_eq!(world.place.orders(), orders);
}

#[tokio::test]
async fn it_is_got_by_plain_http_if_there_is_a_port() {
    if !pebble::is_here() {
        return;
    }
    let world = World::new();
    let server = start(world.config()).await;
    let _ca = world.ca(None, server.http_port, LONG);
    let root = world.root().await;
    until("a certificate", async || served(&server, &root).await).await;
    let http = || TcpStream::connect(("127.0.0.1", server.http_port.unwrap()));
    // Nothing is shown to others, or later, and everybody else is sent on.
    for path in ["/.well-known/acme-challenge/", "/.well-known/acme-challenge/a", "/"] {
        let answer = get(http().await.unwrap(), path).await;
        assert!(answer.starts_with("HTTP/1.1 308") || answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_and_tried_again() {
    if !pebble::is_here() {
        return;
    }
    let world = World::new();
    let (log, _logs) = Log::begin();
    let server = start(world.config()).await;
    log.says("cannot connect to localhost").await;
    {
        // One that looks where nobody is.
        let _ca = world.ca(None, None, LONG);
        log.says("the CA can't connect to port 80").await;
        // The other way is tried, too.
        log.says("the CA doesn't find this server at port 443").await;
        assert!(log.text().contains("call.example: ") || log.text().contains("talk.example: "));
    }
    // Another one at the same place, who doesn't know the account.
    let _ca = world.ca(Some(server.port), None, LONG);
    let root = world.root().await;
    until("a certificate", async || served(&server, &root).await).await;
    server.stop().await;
}

#[tokio::test]
async fn it_is_renewed_in_time_and_no_socket_is_dropped() {
    if !pebble::is_here() {
        return;
    }
    let world = World::new();
    let (log, _logs) = Log::begin();
    let server = start(world.config()).await;
    // A CA whose certificates are good for twelve seconds, and renewed after eight.
    let ca = world.ca(Some(server.port), None, 12);
    let root = world.root().await;
    let first = until("a certificate", async || served(&server, &root).await).await;
    let stream = connect(server.port, DOMAINS[0], std::slice::from_ref(&root)).await.unwrap();
    let (mut socket, _) = client_async("wss://call.example/ws", stream).await.unwrap();
    sign_in(&mut socket, "Ann").await;
    until("another", async || served(&server, &root).await.filter(|it| *it != first)).await;
    // The CA is gone when it is due, and comes back as another one.
    drop(ca);
    log.says("the certificate that stands is kept").await;
    let _ca = world.ca(Some(server.port), None, LONG);
    let root = world.root().await;
    until("one of the new CA", async || served(&server, &root).await).await;
    socket.send(Message::text(r#"{"type":"ping"}"#)).await.unwrap();
    // The server may have asked for a sign of life meanwhile.
    let answer = async {
        loop {
            let message = socket.next().await.unwrap().unwrap();
            if message.is_text() {
                break message;
            }
        }
    };
    let answer = timeout(TIMEOUT, answer).await.unwrap();
    assert!(answer.to_text().unwrap().contains("pong"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn another_name_is_asked_for_and_another_ca_is_another() {
    if !pebble::is_here() {
        return;
    }
    let world = World::new();
    let server = start(world.config()).await;
    let ca = world.ca(Some(server.port), None, LONG);
    let root = world.root().await;
    let first = until("a certificate", async || served(&server, &root).await).await;
    server.stop().await;
    drop(ca);
    let with = |change: fn(&mut AcmeOptions)| {
        let mut options = world.options();
        change(&mut options);
        Config { tls: Some(Tls::Acme(options)), ..world.config() }
    };
    // Meanwhile the one that stands serves the names that it is for.
    let more = with(|options| {
        options.domains.push("third.example".to_owned());
        options.contacts.clear();
    });
    let server = start(more).await;
    assert_eq!(served(&server, &root).await, Some(first));
    let _ca = world.ca(Some(server.port), None, LONG);
    let root = world.root().await;
    let third = until("one for three names", async || {
        connect(server.port, "third.example", std::slice::from_ref(&root)).await.ok()
    });
    third.await;
    server.stop().await;
    // What one CA gave is not served in the name of another.
    let other = with(|options| options.directory = options.directory.replace("/dir", "/other"));
    let server = start(other).await;
    assert_eq!(served(&server, &root).await, None);
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_kept_is_used_and_not_asked_for_again() {
    if !pebble::is_here() {
        return;
    }
    let world = World::new();
    let (log, _logs) = Log::begin();
    let server = start(world.config()).await;
    // As on a full disk.
    std::fs::remove_dir_all(world.data.path().join("acme")).unwrap();
    let _ca = world.ca(Some(server.port), None, LONG);
    let root = world.root().await;
    until("a certificate", async || served(&server, &root).await).await;
    log.says("not kept for the next start").await;
    log.says("there is a new certificate").await;
    server.stop().await;
}
