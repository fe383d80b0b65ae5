//! Starts and stops the server.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tincan_shared::IceServer;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::app::App;
use crate::hub::{Hub, Limits};
use crate::listener::LingeringListener;
use crate::shared_hub::SharedHub;

#[derive(Clone, Debug)]
pub struct Config {
    /// `ADDR:PORT`. Port 0 takes any free one.
    pub listen: String,
    /// Hosts besides the server's own whose pages may connect.
    pub allowed_origins: Vec<String>,
    /// The ICE servers that clients are told to use.
    pub ice_servers: Vec<IceServer>,
    pub limits: Limits,
}

impl Default for Config {
    /// Returns a configuration for tests, with any free port of this machine alone.
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:0".to_owned(),
            allowed_origins: Vec::new(),
            ice_servers: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// Why a server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, is not an address, or is not one of this machine.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address as configured.
        address: String,
        source: std::io::Error,
    },
    /// The system provides no random numbers.
    #[error("no randomness: {0}")]
    Randomness(String),
}

/// A server that listens but doesn't answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: App,
}

/// How long a shutdown may take.
const SHUTDOWN: Duration = Duration::from_secs(5);

impl Server {
    /// Starts to listen at the configured address.
    pub async fn bind(config: Config) -> Result<Server, StartError> {
        let fail = |source| StartError::Listen { address: config.listen.clone(), source };
        let listener = TcpListener::bind(&config.listen).await.map_err(fail)?;
        let address = listener.local_addr().map_err(fail)?;
        let mut random =
            StdRng::try_from_os_rng().map_err(|error| StartError::Randomness(error.to_string()))?;
        let hub = Hub::new(config.limits, config.ice_servers, Box::new(move || random.random()));
        let app =
            App { shared_hub: Arc::new(SharedHub::new(hub)), allowed_origins: config.allowed_origins.into() };
        Ok(Server { listener, address, app })
    }

    /// Returns the address at which it listens, with the real port even if 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL to show to people.
    pub fn url(&self) -> String {
        let (ip, port) = (self.address.ip(), self.address.port());
        if ip.is_unspecified() || ip.is_loopback() {
            format!("http://localhost:{port}")
        } else {
            format!("http://{}", self.address)
        }
    }

    /// Serves until `stop` completes, then closes every WebSocket in good order.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let shared_hub = self.app.shared_hub.clone();
        let (stopping, stopped) = tokio::sync::oneshot::channel();
        let serve = axum::serve(LingeringListener(self.listener), self.app.router())
            .with_graceful_shutdown(async move {
                stop.await;
                // Fails only if the server has ended already.
                let _ = stopping.send(());
            })
            .into_future();
        let mut serve = pin!(serve);
        tokio::select! {
            // Comes first, because `serve` may end at once, and it doesn't wait for the WebSockets.
            biased;
            _ = stopped => {}
            result = &mut serve => return result,
            () = shared_hub.keep_expiring() => {}
        }
        // Limits the time, because axum would wait for ever for a client that has sent half a request.
        let _ = timeout(SHUTDOWN, async { tokio::join!(serve, close_all(&shared_hub)) }).await;
        Ok(())
    }
}

/// Closes every WebSocket, including those that are only just being opened, and waits until all are gone.
async fn close_all(shared_hub: &SharedHub) {
    loop {
        shared_hub.shut_down();
        if shared_hub.connection_count() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
