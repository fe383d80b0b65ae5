//! Pebble, the CA for tests that Let's Encrypt makes, in Debian's package `pebble`. It believes that every
//! name is this machine.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;
use tempfile::TempDir;

/// Returns whether it is installed. Where not, says so.
pub fn is_here() -> bool {
    let programs = ["pebble", "pebble-challtestsrv"];
    let is_here = |program: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    };
    let are_here = programs.into_iter().all(is_here);
    if !are_here {
        eprintln!("skipped: there is no pebble (Debian's package pebble)");
    }
    are_here
}

/// Where a CA will be, and what it is known by. It isn't there yet.
pub struct Place {
    folder: TempDir,
    port: u16,
    management: u16,
}

/// The ports at which a CA looks.
pub struct Looks {
    pub https: u16,
    pub http: u16,
}

/// A CA that runs until it is dropped, and forgets everything then.
pub struct Pebble {
    programs: [Child; 2],
}

impl Place {
    pub fn new() -> Place {
        let place =
            Place { folder: tempfile::tempdir().unwrap(), port: free_port(), management: free_port() };
        let mut ca = CertificateParams::new([]).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_key = KeyPair::generate().unwrap();
        std::fs::write(place.root(), ca.self_signed(&ca_key).unwrap().pem()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
        std::fs::write(place.file("cert.pem"), certificate.pem()).unwrap();
        std::fs::write(place.file("key.pem"), key.serialize_pem()).unwrap();
        place
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The root by which its HTTPS is trusted. What it makes is of another one.
    pub fn root(&self) -> PathBuf {
        self.file("root.pem")
    }

    pub fn directory(&self) -> String {
        format!("https://localhost:{}/dir", self.port)
    }

    /// The port at which it tells its own root, at `/roots/0`.
    pub fn management_port(&self) -> u16 {
        self.management
    }

    /// Starts it. What it makes is good for so many seconds.
    pub fn start(&self, looks: &Looks, seconds: u64) -> Pebble {
        let config = json!({"pebble": {
            "listenAddress": format!("127.0.0.1:{}", self.port),
            "managementListenAddress": format!("127.0.0.1:{}", self.management),
            "certificate": self.file("cert.pem"),
            "privateKey": self.file("key.pem"),
            "httpPort": looks.http,
            "tlsPort": looks.https,
            "certificateValidityPeriod": seconds,
        }});
        let path = self.file("config.json");
        std::fs::write(&path, config.to_string()).unwrap();
        let dns = format!("127.0.0.1:{}", free_port());
        let mut names = Command::new("pebble-challtestsrv");
        names.args(["-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""]);
        names.args(["-management", "127.0.0.1:0", "-dns01", &dns]);
        let mut pebble = Command::new("pebble");
        pebble.arg("-config").arg(path).args(["-dnsserver", &dns]);
        pebble.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_AUTHZREUSE", "0");
        let log = || std::fs::File::options().create(true).append(true).open(self.log()).unwrap();
        let start = |mut command: Command| command.stdout(log()).stderr(log()).stdin(Stdio::null()).spawn();
        Pebble { programs: [names, pebble].map(|command| start(command).unwrap()) }
    }

    fn log(&self) -> PathBuf {
        self.file("log")
    }

    /// Returns how many orders it was asked to make.
    pub fn orders(&self) -> usize {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        log.matches("Added order").count()
    }

    pub fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for program in &mut self.programs {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// Returns a port that was free a moment ago: these programs don't choose one by themselves.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Returns the only file of this name below a folder.
pub fn find(folder: &Path, name: &str) -> PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with(name) {
                return path;
            }
        }
    }
    panic!("there is no {name}");
}
