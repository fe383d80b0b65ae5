//! A running proxy, and those who come to it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::PUBLIC_URL;
use super::program::{Place, Program, installed};
use super::support::{Answer, Client, TIMEOUT, h2_websocket, tls};

/// How a proxy is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    /// As docs/HOSTING.md has it.
    Documented,
    /// It passes WebSockets on, but for another host than the one that was asked, and says nothing of the
    /// client.
    UpgradeOnly,
    /// It takes `/call` away.
    BelowPath,
    /// It asks over HTTP/2, which only HAProxy does for a WebSocket.
    OverHttp2,
}

/// A proxy in front of a server. It ends when this is dropped.
pub(crate) struct Proxy {
    program: Program,
    setup: Setup,
    port: u16,
    child: Child,
    folder: TempDir,
}

/// A WebSocket through a proxy.
pub(crate) type Page = Client<TlsStream<TcpStream>>;

impl fmt::Display for Proxy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({:?})", self.name(), self.setup)
    }
}

impl Proxy {
    /// Starts each proxy that is installed, in front of the server on this port.
    pub(crate) fn all(setup: Setup, upstream: u16) -> Vec<Proxy> {
        installed().map(|program| Proxy::start(program, setup, upstream)).collect()
    }

    pub(crate) fn start(program: Program, setup: Setup, upstream: u16) -> Proxy {
        let folder = tempfile::tempdir().unwrap();
        // Those that give up root's rights still need it.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["call.example".to_owned()]).unwrap();
        let certificate = certificate.self_signed(&key).unwrap().pem();
        let key = key.serialize_pem();
        for (name, text) in [
            ("fullchain.pem", &certificate),
            ("privkey.pem", &key),
            ("all.pem", &format!("{certificate}{key}")),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        for _ in 0..5 {
            let port = free_port();
            let mut command = program.command(&Place { folder: folder.path(), port, upstream }, setup);
            let log = std::fs::File::create(folder.path().join("log")).unwrap();
            command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
            let mut child = command.spawn().unwrap();
            if is_up(&mut child, port) {
                return Proxy { program, setup, port, child, folder };
            }
            // Somebody else has taken the port meanwhile, or it is set up wrongly.
            let _ = (child.kill(), child.wait());
        }
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        panic!("{} does not start: {log}", program.name());
    }

    pub(crate) fn name(&self) -> &'static str {
        self.program.name()
    }

    /// Connects from this address of the machine.
    pub(crate) async fn connect(&self, from: IpAddr, protocols: &[&str]) -> TlsStream<TcpStream> {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(from, 0)).unwrap();
        let stream = socket.connect((Ipv4Addr::LOCALHOST, self.port).into()).await.unwrap();
        let certificate: PathBuf = self.folder.path().join("fullchain.pem");
        tls::connect(stream, "call.example", &certificate, protocols).await.unwrap()
    }

    /// Makes one HTTP exchange. `headers` are whole lines.
    pub(crate) async fn ask(&self, request: &str, headers: &str) -> Answer {
        let mut stream = self.connect(Ipv4Addr::LOCALHOST.into(), &[]).await;
        let length = if request.starts_with("POST") { "Content-Length: 0\r\n" } else { "" };
        let head = format!("{request} HTTP/1.1\r\nHost: call.example\r\nConnection: close\r\n");
        stream.write_all(format!("{head}{length}{headers}\r\n").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // Some end the connection without ending TLS.
        let _ = tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut bytes)).await.unwrap();
        Answer::parse(bytes)
    }

    /// Opens a WebSocket as the server's own page does, with this cookie, at the path of the setup. Returns
    /// the status and the text of an answer that opens none.
    pub(crate) async fn page(&self, cookie: &str) -> Result<Page, (u16, String)> {
        self.page_of(PUBLIC_URL, cookie).await
    }

    /// The same, as a page of this origin.
    pub(crate) async fn page_of(&self, origin: &str, cookie: &str) -> Result<Page, (u16, String)> {
        let cookies = [("cookie", cookie)];
        let cookies = if cookie.is_empty() { &[][..] } else { &cookies };
        self.open(Ipv4Addr::LOCALHOST.into(), origin, cookies).await
    }

    /// Opens a WebSocket over HTTP/2 as the server's own page does, where the proxy offers that.
    pub(crate) async fn page_over_h2(&self) -> Option<Client<DuplexStream>> {
        let stream = self.connect(Ipv4Addr::LOCALHOST.into(), &["h2"]).await;
        let mut requests = tokio::time::timeout(TIMEOUT, h2_websocket::connection(stream)).await.unwrap()?;
        let url = "https://call.example/ws";
        let opened = h2_websocket::connect(&mut requests, url, &[("origin", PUBLIC_URL)]).await;
        Some(Client { socket: opened.unwrap_or_else(|status| panic!("{self}: {status}")) })
    }

    /// Opens a WebSocket from this address of the machine, with these headers.
    pub(crate) async fn open(
        &self,
        from: IpAddr,
        origin: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Page, (u16, String)> {
        let stream = self.connect(from, &[]).await;
        let path = if self.setup == Setup::BelowPath { "/call/ws" } else { "/ws" };
        let mut request = format!("wss://call.example{path}").into_client_request().unwrap();
        for (name, value) in [("origin", origin)].iter().chain(headers) {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match tokio::time::timeout(TIMEOUT, client_async(request, stream)).await.unwrap() {
            Ok((socket, _)) => Ok(Client { socket }),
            Err(Error::Http(response)) => {
                let text = response.body().as_deref().unwrap_or_default();
                Err((response.status().as_u16(), String::from_utf8_lossy(text).into_owned()))
            }
            Err(error) => panic!("{self}: {error}"),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Each is a single process, as `program.rs` starts it.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!(
                "{self}: {}",
                std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
            );
        }
    }
}

/// Waits until somebody listens there. Returns whether it is the child: if it has ended, it is somebody else.
fn is_up(child: &mut Child, port: u16) -> bool {
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return child.try_wait().unwrap().is_none();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// Returns a port that nobody has now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Makes one HTTP exchange with a server, without a proxy. `headers` are whole lines.
pub(crate) async fn plain(port: u16, request: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let head = format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    Answer::parse(bytes)
}
