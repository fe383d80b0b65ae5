//! Networks that exist: built, changed, and removed again, whatever becomes of the test.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use tempfile::TempDir;

use super::commands::{self, Names, SERVER, SERVER_NAME};
use super::connector::connect_in;
use super::topology::{Family, Side, Topology};
use crate::authority::Authority;
use crate::browser::Browser;

/// What all namespaces are called, followed by the process that made them.
const PREFIX: &str = "tincan-lab-";
/// Where `ip netns` keeps them.
const KEPT_IN: &str = "/run/netns";

static NEXT: AtomicU32 = AtomicU32::new(0);
static CLEANED: Once = Once::new();

/// A network. Dropping it removes it with everything that runs in it.
pub struct Network {
    names: Names,
    topology: Topology,
    authority: Authority,
    /// How often each side's address was changed.
    addresses: [AtomicU8; 2],
    // Removed when dropped.
    _folder: TempDir,
}

/// Where a browser runs, and whom it trusts.
#[derive(Clone, Debug)]
pub struct Place {
    pub(crate) namespace: String,
    /// The server's address, for somebody there.
    pub(crate) server: &'static str,
    /// The certificate of the network's authority, in PEM.
    pub(crate) authority: PathBuf,
}

impl Place {
    /// Connects to the server's port of HTTPS from there.
    ///
    /// # Errors
    /// If the server can't be reached.
    pub async fn reach_server(&self) -> std::io::Result<tokio::net::TcpStream> {
        let address = SocketAddr::new(self.server.parse().expect("an address"), 443);
        connect_in(self.namespace.clone(), address).await
    }
}

impl Network {
    /// Builds a network. The seed says which packets are lost.
    ///
    /// # Panics
    /// If that can't be done here: it takes root, and a system that allows network namespaces.
    pub fn build(topology: Topology, seed: u64) -> Network {
        CLEANED.call_once(remove_abandoned);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let names = Names { prefix: format!("{PREFIX}{}-{number}", std::process::id()) };
        let folder = TempDir::with_prefix("tincan-lab-").expect("a temporary folder");
        let authority = Authority::make(
            folder.path(),
            [SERVER_NAME].iter().chain(&SERVER).map(|it| (*it).to_owned()).collect(),
        );
        // From here on, what was made is removed, even if the rest can't be.
        let network = Network { names, topology, authority, addresses: Default::default(), _folder: folder };
        run(&commands::build(&network.names, &topology, seed));
        network
    }

    /// Returns where the browser of somebody runs.
    pub fn place(&self, side: Side) -> Place {
        let server = match self.topology.way(side).family {
            Family::V4 => SERVER[0],
            Family::V6 => SERVER[1],
        };
        let authority = self.authority.certificate.clone();
        Place { namespace: self.names.browser(side), server, authority }
    }

    /// Returns the address of the page. There is no DNS. Chromium can be told where a page's host is, but not
    /// TURN's, and Firefox takes no certificate of an address for TURN over TLS.
    pub fn url(&self, side: Side, browser: Browser) -> String {
        let server = self.place(side).server;
        match browser {
            Browser::Firefox => format!("https://{SERVER_NAME}"),
            Browser::Chromium if server.contains(':') => format!("https://[{server}]"),
            Browser::Chromium => format!("https://{server}"),
        }
    }

    pub(crate) fn server_namespace(&self) -> String {
        self.names.server()
    }

    /// Returns the server's arguments for HTTPS.
    pub(crate) fn server_arguments(&self) -> Vec<String> {
        let path = |path: &Path| path.display().to_string();
        vec![
            format!("--tls-cert={}", path(&self.authority.server_chain)),
            format!("--tls-key={}", path(&self.authority.server_key)),
            "--turn-port=3478".to_owned(),
        ]
    }

    /// Takes somebody's line away: nothing comes through any more, and nobody is told.
    pub fn cut(&self, side: Side) {
        run(&commands::cut(&self.names, &self.topology, side));
    }

    /// Gives the line back.
    pub fn heal(&self, side: Side) {
        run(&commands::heal(&self.names, &self.topology, side));
    }

    /// Gives somebody's machine another address in place of the one it has, as when it changes to another
    /// network.
    pub fn change_address(&self, side: Side) {
        let number = self.addresses[side as usize].fetch_add(1, Ordering::Relaxed) + 1;
        run(&commands::change_address(&self.names, &self.topology, side, number));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for namespace in self.names.all(&self.topology) {
            remove(&namespace);
        }
    }
}

/// Returns how a program is started in a namespace, or where this process is.
pub(crate) fn command_in(namespace: Option<&str>, program: &str) -> tokio::process::Command {
    let Some(namespace) = namespace else { return tokio::process::Command::new(program) };
    let mut command = tokio::process::Command::new("ip");
    command.args(["netns", "exec", namespace, program]);
    command
}

/// Removes the networks of processes that are no more, with all that runs in them. [`Network::build`] does so
/// the first time.
pub fn remove_abandoned() {
    for entry in fs::read_dir(KEPT_IN).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if maker(name).is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            remove(name);
        }
    }
}

/// Returns which process has made a namespace, if it is one of ours.
fn maker(namespace: &str) -> Option<u32> {
    namespace.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()
}

/// Ends what runs in a namespace, and removes it. What isn't there is removed.
fn remove(namespace: &str) {
    let pids = Command::new("ip").args(["netns", "pids", namespace]).stderr(Stdio::null()).output();
    let pids = pids.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut kill = Command::new("kill");
    kill.arg("-KILL").args(pids.split_whitespace()).stderr(Stdio::null());
    if !pids.trim().is_empty() {
        // Fails where they have ended meanwhile.
        let _ = kill.status();
    }
    let _ = Command::new("ip").args(["netns", "delete", namespace]).stderr(Stdio::null()).status();
}

/// # Panics
/// If one fails.
fn run(commands: &[commands::Command]) {
    for command in commands {
        let [program, arguments @ ..] = &*command.words else { unreachable!("a command has a program") };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{program} doesn't start ({error}); `cargo xtask lab` installs it")
            });
        let mut input = child.stdin.take().expect("stdin was piped");
        // What it doesn't read it says by its exit.
        let _ = input.write_all(command.input.as_bytes());
        drop(input);
        let output = child.wait_with_output().expect("a child is waited for once");
        assert!(
            output.status.success(),
            "{} failed: {}{}",
            command.words.join(" "),
            String::from_utf8_lossy(&output.stderr),
            command.input
        );
    }
}
