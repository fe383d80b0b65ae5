//! Starts and stops the server.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tincan_shared::IceServer;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::app::App;
use crate::base_path::BasePath;
use crate::external_turn::ExternalTurn;
use crate::hub::{Census, Hub, Limits, Tickets};
use crate::lan::{self, Listening};
use crate::listener::BoundedListener;
use crate::open_streams::{OpenStreams, StreamLimits};
use crate::origin::{self, Origins};
use crate::readiness::Readiness;
use crate::refusals::Refusals;
use crate::serve::serve;
use crate::shared_hub::SharedHub;
use crate::tls::{CertificateError, ClientListener, Tls, TlsParts};
use crate::turn_io::{TurnOptions, TurnServer};
use crate::wall_clock;

#[derive(Clone, Debug)]
pub struct Config {
    /// `ADDR:PORT`. Port 0 takes any free one.
    pub listen: String,
    /// Where the certificate for HTTPS comes from. Without it, the server speaks plain HTTP only.
    pub tls: Option<Tls>,
    /// `ADDR:PORT` of plain HTTP, from which everybody is sent on to HTTPS. With `tls` only.
    pub http_listen: Option<String>,
    /// Where the server is found below its host.
    pub base_path: BasePath,
    /// Where people find this server. Without any, wherever they do.
    pub public_urls: Vec<String>,
    /// Sites, beside the server's own, whose pages may connect.
    pub allowed_origins: Vec<String>,
    /// Proxies that are believed about whose connections they forward.
    pub trusted_proxies: Vec<IpNet>,
    /// The ICE servers that clients are told to use.
    pub ice_servers: Vec<IceServer>,
    pub limits: Limits,
    /// STUN and TURN, if this server does that.
    pub turn: Option<TurnOptions>,
    /// Another server that does it, of which logins are told instead.
    pub external_turn: Option<ExternalTurn>,
    /// By which names stay their owners' over a restart.
    pub names_key: Option<[u8; 32]>,
}

impl Default for Config {
    /// Returns a configuration for tests, with any free port of this machine alone.
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:0".to_owned(),
            tls: None,
            http_listen: None,
            base_path: BasePath::default(),
            public_urls: Vec::new(),
            allowed_origins: Vec::new(),
            trusted_proxies: this_machine(),
            ice_servers: Vec::new(),
            limits: Limits::default(),
            turn: None,
            external_turn: None,
            names_key: None,
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
    #[error("cannot listen on {address}: {source}{}", advice(source))]
    Listen {
        /// The address as configured.
        address: String,
        source: io::Error,
    },
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The port for STUN and TURN is taken, or the system has no sockets for it.
    #[error("cannot listen on port {port} for STUN and TURN: {source} (see --turn-port and --no-turn)")]
    Turn { port: u16, source: std::io::Error },
    /// The system provides no random numbers.
    #[error("no randomness: {0}")]
    Randomness(String),
}

fn advice(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied => {
            " (ports below 1024 need CAP_NET_BIND_SERVICE, see docs/HOSTING.md)"
        }
        _ => "",
    }
}

/// A server that listens but doesn't answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    /// For plain HTTP, beside the one for HTTPS.
    http_listener: Option<TcpListener>,
    /// The port by which people ask for HTTPS, if there is HTTPS.
    https_port: u16,
    tls: Option<TlsParts>,
    app: App,
    turn: Option<TurnServer>,
}

/// Looks into a server that runs.
#[doc(hidden)]
pub struct Observer {
    shared_hub: Arc<SharedHub>,
    streams: Arc<OpenStreams>,
}

impl Observer {
    /// Counts what the hub holds.
    pub fn census(&self) -> Census {
        self.shared_hub.census()
    }

    /// Returns how many tasks the hub would wake, and how many TCP connections are open.
    pub fn tasks_and_streams(&self) -> (usize, usize) {
        (self.shared_hub.task_count(), self.streams.count())
    }
}

/// How long the end may take. Mostly it takes milliseconds: this is for those who don't read.
const ENDING: Duration = Duration::from_secs(5);

impl Server {
    /// Starts to listen at the configured address.
    pub async fn bind(config: Config) -> Result<Server, StartError> {
        let listener = listen(&config.listen).await?;
        let fail = |source| StartError::Listen { address: config.listen.clone(), source };
        let address = listener.local_addr().map_err(fail)?;
        let http_listener = match &config.http_listen {
            Some(http) => Some(listen(http).await?),
            None => None,
        };
        let mut tls = match &config.tls {
            Some(tls) => Some(tls.prepare(&names(&config.public_urls), http_listener.is_some())?),
            None => None,
        };
        let https_port = config.public_urls.iter().find_map(|url| origin::https_port(url));
        let https_port = https_port.unwrap_or(address.port());
        let mut random =
            StdRng::try_from_os_rng().map_err(|error| StartError::Randomness(error.to_string()))?;
        let refusals = Arc::new(Refusals::default());
        let turn = match config.turn {
            Some(options) => {
                let fail = |source| StartError::Turn { port: options.port, source };
                Some(TurnServer::bind(options.clone(), &mut random, refusals.clone()).map_err(fail)?)
            }
            None => None,
        };
        if let (Some(tls), Some(_)) = (&mut tls, &turn) {
            tls.speak_turn();
        }
        let trusted_proxies: Arc<[IpNet]> = config.trusted_proxies.into();
        // As many for pages as for WebSockets.
        let stream_limits = StreamLimits {
            in_all: config.limits.connections.saturating_mul(2),
            of_address: config.limits.address_connections.saturating_mul(2),
            trusted_proxies: trusted_proxies.clone(),
        };
        let mut hub = Hub::new(config.limits, config.ice_servers, Box::new(move || random.random()));
        if let Some(key) = config.names_key {
            hub.keep_names(Tickets::new(key, wall_clock::ms_since_1970()));
        }
        if let Some(external) = config.external_turn {
            hub.offer_turn(external.access());
        } else if let Some(turn) = &turn {
            let host = config.public_urls.first().and_then(|url| origin::host_in_url(url));
            hub.offer_turn(turn.access(host, tls.is_some().then_some(https_port)));
        }
        let app = App {
            shared_hub: Arc::new(SharedHub::new(hub)),
            origins: Arc::new(Origins::new(&config.public_urls, &config.allowed_origins)),
            trusted_proxies,
            refusals,
            streams: Arc::new(OpenStreams::new(stream_limits)),
            base_path: config.base_path,
            readiness: Arc::new(Readiness::new(tls.as_ref().map(|tls| tls.certificate.clone()))),
            lan: None,
        };
        let mut server = Server { listener, address, http_listener, https_port, tls, app, turn };
        if server.is_self_signed() {
            server.app.lan = Some(server.listening());
        }
        Ok(server)
    }

    /// Returns the address at which it listens, with the real port even if 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address of plain HTTP, where HTTPS has another.
    pub fn http_address(&self) -> Option<SocketAddr> {
        self.http_listener.as_ref()?.local_addr().ok()
    }

    /// Returns the port for STUN and TURN, if it does that.
    pub fn turn_port(&self) -> Option<u16> {
        self.turn.as_ref().map(TurnServer::port)
    }

    /// Returns the URL to show to people.
    pub fn url(&self) -> String {
        let (ip, port, scheme) = (self.address.ip(), self.address.port(), self.scheme());
        let host = if let Some(domain) = self.tls.as_ref().and_then(|tls| tls.domain.as_deref()) {
            if port == 443 { domain.to_owned() } else { format!("{domain}:{port}") }
        } else if ip.is_unspecified() || ip.is_loopback() {
            format!("localhost:{port}")
        } else {
            self.address.to_string()
        };
        format!("{scheme}://{host}{}", self.path())
    }

    /// Returns the URLs by which other devices of the network reach this machine, if it listens to them.
    pub fn lan_urls(&self) -> Vec<String> {
        self.listening().urls()
    }

    fn listening(&self) -> Listening {
        Listening { address: self.address, scheme: self.scheme(), path: self.path().to_owned() }
    }

    /// Returns whether browsers will ask whether to trust its certificate.
    pub fn is_self_signed(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| !tls.is_trusted)
    }

    /// Returns whether it has to wait for its first certificate.
    pub fn awaits_certificate(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.certificate.get().is_none())
    }

    /// Returns the base path as it is shown: a host alone needs none.
    fn path(&self) -> &str {
        Some(self.app.base_path.as_str()).filter(|path| *path != "/").unwrap_or_default()
    }

    fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Returns what counts what it holds, for tests.
    #[doc(hidden)]
    pub fn observer(&self) -> Observer {
        Observer { shared_hub: self.app.shared_hub.clone(), streams: self.app.streams.clone() }
    }

    /// Serves until `stop` completes. Then it takes nobody new, and ends within `ENDING`: every page is
    /// told to come back by its WebSocket's close code. Whoever runs the server again wants it soon, so it
    /// waits for nothing else.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Server { listener, http_listener, https_port, tls, app, turn, .. } = self;
        let (shared_hub, readiness) = (app.shared_hub.clone(), app.readiness.clone());
        let listener = BoundedListener::new(listener, app.streams.clone(), app.refusals.clone());
        let trusted_proxies = app.trusted_proxies.clone();
        let sent_on = http_listener.zip(tls.as_ref()).map(|(http_listener, tls)| {
            let listener = BoundedListener::new(http_listener, app.streams.clone(), app.refusals.clone());
            let router = tls.plain(trusted_proxies.clone(), https_port);
            serve(ClientListener::new(listener, None, None), router, trusted_proxies.clone(), pending())
        });
        let config = tls.as_ref().map(|tls| tls.config.clone());
        let listener = ClientListener::new(listener, config, turn.as_ref().map(TurnServer::streams));
        let router = match &tls {
            Some(tls) => tls.protect(app.clone().router(), app.trusted_proxies),
            None => app.router(),
        };
        let (closed, all_closed) = oneshot::channel::<Infallible>();
        let serve = serve(listener, router, trusted_proxies, async move {
            // Nothing is ever sent: the sender is dropped.
            let _ = all_closed.await;
        });
        // None of these ends by itself.
        let mut serving = pin!(async {
            tokio::select! {
                () = serve => {}
                () = or_never(sent_on) => {}
                () = shared_hub.keep_expiring() => {}
                never = or_never(tls.map(TlsParts::keep_fresh)) => match never {},
                () = or_never(turn.map(TurnServer::run)) => {}
            }
        });
        tokio::select! {
            () = stop => {}
            () = &mut serving => return Ok(()),
        }
        readiness.end();
        let end = async {
            close_all(&shared_hub).await;
            // Then requests are answered that have begun, and that is all.
            drop(closed);
        };
        // Limits the time, because hyper would wait for ever for a client that has sent half a request.
        let _ = timeout(ENDING, async { tokio::join!(end, serving) }).await;
        Ok(())
    }
}

/// Returns the names that a certificate for this server is made for.
fn names(public_urls: &[String]) -> Vec<String> {
    let hosts = public_urls.iter().filter_map(|url| origin::host_in_url(url));
    // A certificate has addresses of IPv6 without their brackets.
    let hosts = hosts.map(|host| host.trim_matches(['[', ']']).to_owned());
    hosts.chain(lan::names()).collect()
}

/// Listens at an address. Where a system has no IPv6, "everywhere" is everywhere of IPv4.
async fn listen(address: &str) -> Result<TcpListener, StartError> {
    let fail = |source| StartError::Listen { address: address.to_owned(), source };
    match (TcpListener::bind(address).await, address.strip_prefix("[::]:")) {
        (Err(error), Some(port)) if lan::is_no_ipv6(&error) => {
            TcpListener::bind(format!("0.0.0.0:{port}")).await.map_err(fail)
        }
        (result, _) => result.map_err(fail),
    }
}

async fn or_never<F: Future>(future: Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => pending().await,
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
