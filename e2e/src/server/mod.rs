//! The release binary, as it is delivered, and the network between it and a browser.
//!
//! Every test begins with a [`Server`]. Which `start` it calls decides which tests run beside it.

mod http_proxy;
mod machine_lock;
mod tcp_proxy;

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Child;
use tokio::sync::watch;

use crate::network::{Network, command_in};
use crate::wait::TIMEOUT;
pub use http_proxy::{HttpProxy, ProxyFault};
use machine_lock::MachineLock;
pub use tcp_proxy::TcpProxy;

/// A running `tincan` on a port of its own. Dropping it kills the process.
pub struct Server {
    // Killed when dropped.
    child: Child,
    place: ServerPlace,
    arguments: Vec<String>,
    port: u16,
    log: Log,
    // Dropped last: the next test begins when this server is gone.
    machine: MachineLock,
}

/// Where a server listens.
#[derive(Clone)]
enum ServerPlace {
    /// 0 takes any free port.
    Loopback { port: u16 },
    /// At all of its addresses.
    Network { namespace: String },
}

/// What the server printed to stdout and stderr.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn push(&self, line: &str) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(line);
        text.push('\n');
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Server {
    /// Starts the binary with `arguments` beside `--listen`, and waits until it has printed its address.
    ///
    /// # Panics
    /// If there is no binary, or it doesn't start.
    pub async fn start(arguments: &[&str]) -> Server {
        let machine = MachineLock::shared().await;
        Server::start_with(machine, arguments).await
    }

    /// [`Server::start`] for a test with three browsers and more, which two cores can't run beside another
    /// test. It waits until no other test runs, and keeps others waiting.
    ///
    /// # Panics
    /// If there is no binary, or it doesn't start.
    pub async fn start_alone(arguments: &[&str]) -> Server {
        let machine = MachineLock::exclusive().await;
        Server::start_with(machine, arguments).await
    }

    async fn start_with(machine: MachineLock, arguments: &[&str]) -> Server {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Server::start_at(ServerPlace::Loopback { port: 0 }, machine, arguments).await
    }

    /// Starts the binary in a network, at the port of HTTPS and with its TURN. Nothing else runs meanwhile,
    /// since what users feel is measured there.
    ///
    /// # Panics
    /// If there is no binary, or it doesn't start.
    pub async fn start_in(network: &Network) -> Server {
        let machine = MachineLock::exclusive().await;
        let place = ServerPlace::Network { namespace: network.server_namespace() };
        Server::start_at(place, machine, network.server_arguments()).await
    }

    async fn start_at(place: ServerPlace, machine: MachineLock, arguments: Vec<String>) -> Server {
        let (child, port, log) = launch(&place, &arguments).await;
        Server { child, place, arguments, port, log, machine }
    }

    /// Waits for what takes long by itself, such as a call that rings until it is given up, and lets another
    /// test run meanwhile.
    pub async fn waits<T>(&self, wait: impl Future<Output = T>) -> T {
        self.machine.let_others_run(wait).await
    }

    /// Kills the server (SIGKILL).
    ///
    /// # Panics
    /// If it isn't running.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("a running process can be killed");
    }

    /// Stops the server without a word: its sockets stay, and nobody answers.
    ///
    /// # Panics
    /// If it isn't running.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it run again.
    ///
    /// # Panics
    /// If it isn't running.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().expect("a running process").to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the server gets no SIG{signal}");
    }

    /// Starts another server like the one that was killed, on the same port. It knows nobody.
    ///
    /// # Panics
    /// If it doesn't start.
    pub async fn start_again(&mut self) {
        let place = match &self.place {
            ServerPlace::Loopback { .. } => ServerPlace::Loopback { port: self.port },
            network => network.clone(),
        };
        (self.child, _, self.log) = launch(&place, &self.arguments).await;
    }

    /// Returns the TCP port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the page's address.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Returns everything that the server has printed so far.
    pub fn log(&self) -> String {
        self.log.text()
    }
}

/// Starts a server with these arguments, and waits until it has printed the port that it listens on.
async fn launch(place: &ServerPlace, arguments: &[String]) -> (Child, u16, Log) {
    let program = program();
    // Only one server could have the usual port, and only tests of relaying need one.
    let relays = arguments.iter().any(|argument| argument.starts_with("--turn-port"));
    let listens = arguments.iter().any(|argument| argument.starts_with("--listen"));
    let (namespace, listen) = match place {
        ServerPlace::Loopback { port } => (None, format!("127.0.0.1:{port}")),
        ServerPlace::Network { namespace } => (Some(&**namespace), "[::]:443".to_owned()),
    };
    let mut child = command_in(namespace, &program.display().to_string())
        .args((!listens).then(|| format!("--listen={listen}")))
        .args((!relays).then_some("--no-turn"))
        .args(arguments)
        .env("RUST_LOG", "debug")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{} doesn't start: {error}", program.display()));
    let log = Log::default();
    let (found, mut port) = watch::channel(None);
    let stdout = child.stdout.take().expect("stdout was piped");
    let stderr = child.stderr.take().expect("stderr was piped");
    tokio::spawn(collect(stdout, log.clone(), Some(found)));
    tokio::spawn(collect(stderr, log.clone(), None));
    let printed = tokio::time::timeout(TIMEOUT, port.wait_for(Option::is_some)).await;
    let Ok(Ok(port)) = printed.map(|port| port.map(|port| *port)) else {
        panic!("{} printed no address, but this:\n{}", program.display(), log.text());
    };
    (child, port.expect("waited for"), log)
}

fn program() -> PathBuf {
    let program = env::var_os("TINCAN_BIN").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/tincan")),
        PathBuf::from,
    );
    assert!(
        program.is_file(),
        "there is no server at {}: these tests are run by `cargo xtask test e2e`, which builds it",
        program.display()
    );
    program
}

/// Collects the lines of a stream, and sends the port once a line names it.
async fn collect(stream: impl AsyncRead + Unpin, log: Log, found: Option<watch::Sender<Option<u16>>>) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        log.push(&line);
        if let (Some(found), Some(port)) = (&found, port_in(&line)) {
            found.send_replace(Some(port));
        }
    }
}

/// Returns the port in `Tincan listens on http://localhost:PORT`, or `https://`, and whatever path.
fn port_in(line: &str) -> Option<u16> {
    let (_, url) = line.split_once("Tincan listens on http")?;
    let (_, port) = url.trim().rsplit_once(':')?;
    port.split('/').next()?.parse().ok()
}
