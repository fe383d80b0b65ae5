//! The programs of Debian's package `coturn`. Where they aren't there, tests say so.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::time::{sleep, timeout};

use super::TIMEOUT;
use super::certificate::Files;

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What makes the client use UDP, TCP and TLS.
pub const TRANSPORTS: [&[&str]; 3] = [&[], &["-t"], &["-t", "-S"]];

/// Says so where a program can't be started.
fn is_missing(program: &str, argument: &str) -> bool {
    let found = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        eprintln!("skipped: there is no {program} (package coturn)");
    }
    found.is_err()
}

/// coturn's own client.
#[derive(Clone, Copy)]
pub struct Uclient<'a> {
    pub server: &'static str,
    pub port: u16,
    pub transport: &'static [&'static str],
    pub username: &'a str,
    pub password: &'a str,
}

impl Uclient<'_> {
    pub fn is_missing() -> bool {
        is_missing("turnutils_uclient", "-h")
    }

    /// Returns what it prints, and whether it has got an allocation. Sends from client to client.
    async fn run(self) -> (String, bool) {
        let mut client = Command::new("turnutils_uclient");
        client.args(["-y", "-c", "-n", "50", "-m", "4", "-l", "171", "-p", &self.port.to_string()]);
        client.args(self.transport).args(["-u", self.username, "-w", self.password, self.server]);
        let output = tokio::task::spawn_blocking(move || client.output().unwrap());
        let output = timeout(Duration::from_secs(60), output).await.unwrap().unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
    }

    pub async fn is_served(self) {
        let (text, success) = self.run().await;
        let what = self.transport;
        assert!(success, "{what:?}: {text}");
        // Over TLS it reads one message for each time that its socket has news, and leaves the others unread,
        // of coturn's own server as well: a few on a quiet machine, half on a busy one.
        let least = if what.contains(&"-S") { 20 } else { 200 };
        let received = |text: &str| text.rsplit_once("tot_recv_msgs=")?.1.split('\n').next()?.parse().ok();
        assert!(received(&text).is_some_and(|number: u32| number >= least), "{what:?}: {text}");
    }

    pub async fn is_refused(self) {
        let (text, success) = self.run().await;
        assert!(!success && !text.contains("tot_recv_msgs=200"), "{:?}: {text}", self.transport);
    }
}

/// coturn's server on loopback, which ends when this is dropped.
pub struct Turnserver {
    process: Child,
    pub port: u16,
    pub tls_port: u16,
    files: Files,
}

impl Turnserver {
    pub fn is_missing() -> bool {
        is_missing("turnserver", "--version")
    }

    /// Starts one that takes credentials made with this secret.
    pub async fn start(secret: &str) -> Turnserver {
        let files = Files::new();
        let (port, tls_port) = (free_port().await, free_port().await);
        let path = |path: &Path| path.display().to_string();
        let file = |name: &str| path(&files.folder.path().join(name));
        let process = Command::new("turnserver")
            .args(["-n", "--no-cli", "--use-auth-secret", "--realm=coturn", "--allow-loopback-peers"])
            .args(["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--log-file=stdout"])
            .arg(format!("--static-auth-secret={secret}"))
            .arg(format!("--listening-port={port}"))
            .arg(format!("--tls-listening-port={tls_port}"))
            .arg(format!("--cert={}", path(&files.certificate())))
            .arg(format!("--pkey={}", path(&files.key())))
            .arg(format!("--pidfile={}", file("pid")))
            .arg(format!("--userdb={}", file("users")))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Turnserver { process, port, tls_port, files };
        timeout(TIMEOUT, async {
            for port in [port, tls_port] {
                while TcpStream::connect((LOCALHOST, port)).await.is_err() {
                    sleep(Duration::from_millis(10)).await;
                }
            }
        })
        .await
        .unwrap();
        server
    }
}

impl Drop for Turnserver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns a port that is free over both protocols for now.
async fn free_port() -> u16 {
    loop {
        let tcp = TcpListener::bind((LOCALHOST, 0)).await.unwrap();
        let port = tcp.local_addr().unwrap().port();
        if UdpSocket::bind((LOCALHOST, port)).await.is_ok() {
            return port;
        }
    }
}
