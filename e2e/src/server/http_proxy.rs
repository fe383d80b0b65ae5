//! A reverse proxy in front of the server that does what badly configured ones do.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Server;

/// A reverse proxy on a port of its own in front of a server.
pub struct HttpProxy {
    port: u16,
    fault: Arc<watch::Sender<ProxyFault>>,
}

/// What a proxy does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyFault {
    /// Puts another host in place of the one that was asked for, as nginx does by itself.
    RewritesHost,
    /// Passes no upgrades on, as most do by themselves.
    NoWebSockets,
    /// Takes `/call` away from every path, and has nothing else.
    TakesPathAway,
    /// Can't reach the server.
    NoServer,
    /// Has another version of the page: what it is made of has other names, and the names from before lead
    /// nowhere.
    Upgraded,
}

impl HttpProxy {
    /// Starts a proxy to `server`.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn to(server: &Server, fault: ProxyFault) -> HttpProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let port = listener.local_addr().expect("bound").port();
        let fault = Arc::new(watch::Sender::new(fault));
        tokio::spawn(serve(listener, server.port(), fault.subscribe()));
        HttpProxy { port, fault }
    }

    /// Returns the page's address through this proxy.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// From now on, does this instead.
    pub fn becomes(&self, fault: ProxyFault) {
        self.fault.send_replace(fault);
    }
}

async fn serve(listener: TcpListener, to: u16, fault: watch::Receiver<ProxyFault>) {
    while let Ok((near, _)) = listener.accept().await {
        // Fails when somebody is gone, whose browser has seen it.
        tokio::spawn(pass_on(near, to, fault.clone()));
    }
}

/// Passes one request on, and what follows it if it is an upgrade.
async fn pass_on(mut near: TcpStream, to: u16, fault: watch::Receiver<ProxyFault>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(near.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let fault = *fault.borrow();
    if fault == ProxyFault::NoServer {
        return answer(&mut near, "502 Bad Gateway").await;
    }
    let is_upgrade = head.to_ascii_lowercase().contains("\r\nupgrade:") && fault != ProxyFault::NoWebSockets;
    let mut passed_on = String::new();
    let head = match fault {
        ProxyFault::TakesPathAway if head.contains(" /call/") => head.replacen(" /call/", " /", 1),
        ProxyFault::TakesPathAway => return answer(&mut near, "404 Not Found").await,
        _ => head,
    };
    let head = if fault == ProxyFault::Upgraded { renamed(head.as_bytes(), -1) } else { head.into_bytes() };
    let head = String::from_utf8_lossy(&head).into_owned();
    for line in head.trim_end().lines() {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match &*name {
            "host" if fault == ProxyFault::RewritesHost => passed_on.push_str("Host: upstream:9090"),
            "connection" | "upgrade" if !is_upgrade => continue,
            "accept-encoding" | "if-none-match" if fault == ProxyFault::Upgraded => continue,
            _ => passed_on.push_str(line),
        }
        passed_on.push_str("\r\n");
    }
    if !is_upgrade {
        // So that each connection has one request.
        passed_on.push_str("Connection: close\r\n");
    }
    passed_on.push_str("\r\n");
    let mut far = TcpStream::connect(("127.0.0.1", to)).await?;
    far.write_all(passed_on.as_bytes()).await?;
    if fault == ProxyFault::Upgraded && !is_upgrade {
        let mut answer = Vec::new();
        far.read_to_end(&mut answer).await?;
        return near.write_all(&renamed(&answer, 1)).await;
    }
    copy_bidirectional(&mut near, &mut far).await.map(|_| ())
}

/// Answers in the server's place.
async fn answer(near: &mut TcpStream, status: &str) -> io::Result<()> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    near.write_all(head.as_bytes()).await
}

/// Returns the bytes with other names for the page's files, and another tag for what names them. Each digit
/// of their hash is `by` higher.
fn renamed(bytes: &[u8], by: i32) -> Vec<u8> {
    const HASHES: [&[u8]; 2] = [b"tincan-page-", b"etag: W/\""];
    // The policy has the hash of the script that names the files. Another name for its header lifts it.
    const POLICY: &[u8] = b"content-security-policy";
    let mut renamed = bytes.to_vec();
    for at in 0..bytes.len() {
        if let Some(before) = HASHES.into_iter().find(|before| bytes[at..].starts_with(before)) {
            let digits = renamed[at + before.len()..].iter_mut().take_while(|it| it.is_ascii_hexdigit());
            for digit in digits {
                let value = char::from(*digit).to_digit(16).unwrap_or_default() as i32;
                let value = (value + by).rem_euclid(16) as u32;
                *digit = char::from_digit(value, 16).unwrap_or_default() as u8;
            }
        } else if bytes[at..].starts_with(POLICY) {
            renamed[at] = b'x';
        }
    }
    renamed
}
