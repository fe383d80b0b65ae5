//! Starts and stops the server.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tincan_shared::IceServer;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::app::App;
use crate::hub::{Hub, Limits};
use crate::listener::{BoundedListener, Peer};
use crate::open_streams::StreamLimits;
use crate::origin::Origins;
use crate::refusals::Refusals;
use crate::shared_hub::SharedHub;

#[derive(Clone, Debug)]
pub struct Config {
    /// `ADDR:PORT`. Port 0 takes any free one.
    pub listen: String,
    /// Where people find this server. Without any, wherever they do.
    pub public_urls: Vec<String>,
    /// Sites, beside the server's own, whose pages may connect.
    pub allowed_origins: Vec<String>,
    /// Proxies that are believed about whose connections they forward.
    pub trusted_proxies: Vec<IpNet>,
    /// The ICE servers that clients are told to use.
    pub ice_servers: Vec<IceServer>,
    pub limits: Limits,
}

impl Default for Config {
    /// Returns a configuration for tests, with any free port of this machine alone.
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:0".to_owned(),
            public_urls: Vec::new(),
            allowed_origins: Vec::new(),
            trusted_proxies: this_machine(),
            ice_servers: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// Returns the addresses by which a proxy on the same machine connects, and nobody else.
pub(crate) fn this_machine() -> Vec<IpNet> {
    vec![IpNet::from(IpAddr::from(Ipv4Addr::LOCALHOST)), IpNet::from(IpAddr::from(Ipv6Addr::LOCALHOST))]
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
    stream_limits: StreamLimits,
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
        let trusted_proxies: Arc<[IpNet]> = config.trusted_proxies.into();
        // As many for pages as for WebSockets.
        let stream_limits = StreamLimits {
            in_all: config.limits.connections.saturating_mul(2),
            of_address: config.limits.address_connections.saturating_mul(2),
            trusted_proxies: trusted_proxies.clone(),
        };
        let hub = Hub::new(config.limits, config.ice_servers, Box::new(move || random.random()));
        let app = App {
            shared_hub: Arc::new(SharedHub::new(hub)),
            origins: Arc::new(Origins::new(&config.public_urls, &config.allowed_origins)),
            trusted_proxies,
            refusals: Arc::new(Refusals::default()),
        };
        Ok(Server { listener, address, stream_limits, app })
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
        let listener = BoundedListener::new(self.listener, self.stream_limits, self.app.refusals.clone());
        let service = self.app.router().into_make_service_with_connect_info::<Peer>();
        let serve = axum::serve(listener, service)
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
