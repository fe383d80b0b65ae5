//! The WebDriver server of a browser, on a free port.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::network::{Place, command_in};

/// How often a driver is started before the test fails.
const ATTEMPTS: usize = 4;
/// How long a driver may take to print its port.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// A running chromedriver or geckodriver; killed when dropped.
pub(super) struct Driver {
    // Held because dropping it kills the process (`kill_on_drop`).
    _child: Child,
    port: u16,
}

impl Driver {
    /// Starts chromedriver. It knows nothing of `folder`, but whoever looks for its process does. Its
    /// Chromium looks for what its user trusts in the folder `home`.
    pub(super) async fn chromium(place: Option<&Place>, folder: &Path, home: Option<&Path>) -> Driver {
        let mut command = command_in(place.map(|place| &*place.namespace), "chromedriver");
        command.arg("--port=0").arg(format!("--profile-root={}", folder.display()));
        if let Some(home) = home {
            command.env("HOME", home);
        }
        Driver::start(command, "started successfully on port ").await
    }

    /// Starts geckodriver, which makes Firefox's profile inside `folder`.
    pub(super) async fn firefox(place: Option<&Place>, folder: &Path) -> Driver {
        let mut command = command_in(place.map(|place| &*place.namespace), "geckodriver");
        command.args(["--port", "0", "--websocket-port", "0", "--profile-root"]).arg(folder);
        Driver::start(command, "Listening on 127.0.0.1:").await
    }

    /// Starts a driver and reads its port, which follows `mark` in its first lines.
    async fn start(mut command: Command, mark: &str) -> Driver {
        // About once in a hundred starts, chromedriver prints no port: it wants the same port on IPv4 and
        // IPv6, and several drivers start at once.
        for _ in 0..ATTEMPTS {
            if let Some(driver) = Driver::try_start(&mut command, mark).await {
                return driver;
            }
        }
        panic!("{:?} doesn't print the port it listens on", command.as_std().get_program());
    }

    async fn try_start(command: &mut Command, mark: &str) -> Option<Driver> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "{:?} doesn't start ({error}); `cargo xtask test e2e` installs it",
                    command.as_std().get_program()
                )
            });
        let mut lines = BufReader::new(child.stdout.take().expect("stdout was piped")).lines();
        let port = tokio::time::timeout(START_TIMEOUT, async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(port) = port_after(&line, mark) {
                    return Some(port);
                }
            }
            None
        });
        let port = port.await.ok().flatten()?;
        // A driver whose output nobody reads stops once the pipe is full.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Some(Driver { _child: child, port })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn port_after(line: &str, mark: &str) -> Option<u16> {
    let (_, rest) = line.split_once(mark)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
