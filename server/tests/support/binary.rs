//! The binary, as a user starts it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use super::TIMEOUT;

/// Creates a command with these arguments, and nothing that the environment says.
pub fn tincan(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tincan"));
    command.args(arguments).env_remove("RUST_BACKTRACE");
    for name in [
        "LISTEN",
        "PUBLIC_URL",
        "BASE_PATH",
        "TRUSTED_PROXY",
        "LOG",
        "ALLOW_ORIGIN",
        "ICE_SERVERS",
        "MAX_USERS",
        "ROOM_LIMIT",
        "TLS_CERT",
        "TLS_KEY",
        "TLS_SELF_SIGNED",
        "HTTP_LISTEN",
        "DATA",
        "ACME",
        "ACME_CONTACT",
        "ACME_DIRECTORY",
        "ACME_CA",
        "TURN_EXTERNAL",
        "TURN_SECRET_FILE",
    ] {
        command.env_remove(format!("TINCAN_{name}"));
    }
    // Only one of these servers could have the usual port. A flag wins.
    command.env("TINCAN_TURN_PORT", "0");
    command
}

/// A running binary, which ends when this is dropped.
pub struct Binary(pub Child);

impl Binary {
    /// Starts it, and waits until it has printed its port.
    pub fn start(command: &mut Command) -> (Binary, u16) {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim_end().strip_prefix("Tincan listens on http://localhost:").unwrap();
        (Binary(child), port.parse().unwrap())
    }

    /// Waits until it has logged this. Returns everything up to there.
    pub fn logs(&mut self, text: &str) -> String {
        let stderr = BufReader::new(self.0.stderr.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|it| sender.send(it)));
        let mut log = String::new();
        while !log.contains(text) {
            log += &lines.recv_timeout(TIMEOUT).unwrap_or_else(|_| panic!("no {text:?} in {log}"));
            log.push('\n');
        }
        log
    }

    /// Asks it to end. Returns what it logged, and its exit code.
    pub fn end(mut self) -> (String, Option<i32>) {
        let status = Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        assert!(status.success());
        let mut log = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (log, self.0.wait().unwrap().code())
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
