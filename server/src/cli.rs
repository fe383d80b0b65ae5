//! The command line.

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Parser;
use http::Uri;
use http::uri::Scheme;
use ipnet::IpNet;
use rustls::pki_types::ServerName;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

use crate::base_path::BasePath;
use crate::external_turn::ExternalTurn;
use crate::hub::{Limits, ROOM_LIMITS};
use crate::ice_servers;
use crate::names_key;
use crate::origin::is_site;
use crate::server::{Config, this_machine};
use crate::tls::{AcmeOptions, Backoff, DEFAULT_DIRECTORY, Tls};
use crate::turn_io::TurnOptions;

/// Text, voice and video straight between browsers: serves the page, and introduces them to each other.
#[derive(Debug, Parser)]
#[command(name = "tincan", version)]
pub struct Args {
    /// Where to listen; port 0 takes any free one. [default: [::]:9090, or [::]:443 with --acme]
    #[arg(long, env = "TINCAN_LISTEN", value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// The path below which everything is, where a proxy passes it on: mostly /call/ for pages below
    /// call.example/call/. A proxy that takes it away needs no flag.
    #[arg(long, env = "TINCAN_BASE_PATH", value_name = "PATH", default_value = "/", value_parser = base_path)]
    base_path: BasePath,
    /// Where people find this server, with its scheme. Then no other address of it is taken, and a proxy may
    /// rewrite the Host. Repeatable, or separated by commas.
    #[arg(long, env = "TINCAN_PUBLIC_URL", value_name = "URL", value_delimiter = ',', value_parser = site)]
    public_url: Vec<String>,
    /// Serve HTTPS with this certificate and its chain, in PEM. Browsers give microphone and camera to secure
    /// pages only. A file that changes is read again.
    #[arg(long, env = "TINCAN_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long, env = "TINCAN_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Serve HTTPS with a certificate of this server's own, which is made once and kept in the data folder.
    /// Each browser asks once whether to trust it.
    #[arg(long, env = "TINCAN_TLS_SELF_SIGNED", conflicts_with = "tls_cert")]
    tls_self_signed: bool,
    /// Serve HTTPS with a certificate for this domain, got from a CA by ACME and renewed. The domain has to
    /// lead here. By this you agree to the CA's terms; Let's Encrypt's are at letsencrypt.org/repository.
    /// Repeatable, or separated by commas.
    #[arg(long, env = "TINCAN_ACME", value_name = "DOMAIN", value_delimiter = ',', value_parser = domain,
        conflicts_with_all = ["tls_cert", "tls_self_signed"])]
    acme: Vec<String>,
    /// Where the CA may write to, if it wants to tell something. Repeatable, or separated by commas.
    #[arg(long, env = "TINCAN_ACME_CONTACT", value_name = "EMAIL", value_delimiter = ',',
        value_parser = contact, requires = "acme")]
    acme_contact: Vec<String>,
    /// The CA, by the URL of its directory. By default it is Let's Encrypt.
    #[arg(long, env = "TINCAN_ACME_DIRECTORY", value_name = "URL", value_parser = https_url,
        requires = "acme")]
    acme_directory: Option<String>,
    /// A file with the root certificate, in PEM, by which a CA of one's own is trusted.
    #[arg(long, env = "TINCAN_ACME_CA", value_name = "FILE", requires = "acme")]
    acme_ca: Option<PathBuf>,
    /// Where to listen for plain HTTP as well, to send people on to HTTPS, and for the CA of --acme; mostly
    /// [::]:80.
    #[arg(long, env = "TINCAN_HTTP_LISTEN", value_name = "ADDR:PORT")]
    http_listen: Option<String>,
    /// The folder for what the server keeps: certificates, and a key by which names stay their owners' over a
    /// restart. By default certificates go to the user's own folder for such things, and there is no key.
    #[arg(long, env = "TINCAN_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Another site whose pages may connect: HOST, HOST:PORT or SCHEME://HOST. Repeatable, or separated by
    /// commas.
    #[arg(long, env = "TINCAN_ALLOW_ORIGIN", value_name = "SITE", value_delimiter = ',', value_parser = site)]
    allow_origin: Vec<String>,
    /// A reverse proxy, as an address or a network, that is believed about whose connections it forwards
    /// (X-Forwarded-For) and for which host (X-Forwarded-Host). Repeatable, or separated by commas. By
    /// default proxies on this machine are.
    #[arg(long, env = "TINCAN_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',',
        value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// A JSON file with an array of RTCIceServer objects for the clients. By default there are none.
    #[arg(long, env = "TINCAN_ICE_SERVERS", value_name = "FILE")]
    ice_servers: Option<PathBuf>,
    /// What to log to stderr: error, warn, info, debug, trace, or a tracing filter.
    #[arg(long, env = "TINCAN_LOG", value_name = "FILTER", default_value = "info")]
    log: String,
    /// How many users may be signed in at once.
    #[arg(long, env = "TINCAN_MAX_USERS", value_name = "NUMBER", default_value_t = Limits::default().users)]
    max_users: usize,
    /// How many people fit into a room: 2 to 50.
    #[arg(long, env = "TINCAN_ROOM_LIMIT", value_name = "NUMBER", default_value_t = tincan_shared::ROOM_LIMIT,
        value_parser = room_limit)]
    room_limit: usize,
    /// The port for STUN and TURN, over UDP and TCP, by which people behind any network reach each other; 0
    /// takes any free one.
    #[arg(long, env = "TINCAN_TURN_PORT", value_name = "PORT", default_value_t = 3478)]
    turn_port: u16,
    /// Use another TURN server, such as coturn, instead of this one's: turn:HOST:PORT?transport=udp and the
    /// like. Repeatable, or separated by commas.
    #[arg(long, env = "TINCAN_TURN_EXTERNAL", value_name = "URL", value_delimiter = ',',
        requires = "turn_secret_file", value_parser = turn_url)]
    turn_external: Vec<String>,
    /// The file with the secret that the other TURN server knows (coturn's static-auth-secret), by which each
    /// login gets a credential of its own.
    #[arg(long, env = "TINCAN_TURN_SECRET_FILE", value_name = "FILE", requires = "turn_external")]
    turn_secret_file: Option<PathBuf>,
    /// Has no STUN and TURN.
    #[arg(long, env = "TINCAN_NO_TURN", value_parser = clap::builder::FalseyValueParser::new())]
    no_turn: bool,
    /// The UDP ports that TURN relays from. A firewall has to let them in.
    #[arg(long, env = "TINCAN_TURN_PORT_RANGE", value_name = "FIRST-LAST", default_value = "49152-65535",
        value_parser = port_range)]
    turn_port_range: RangeInclusive<u16>,
    /// The address at which others reach this host, if it is behind a NAT: at most one of IPv4 and one of
    /// IPv6. Repeatable, or separated by commas.
    #[arg(long, env = "TINCAN_EXTERNAL_IP", value_name = "ADDR", value_delimiter = ',')]
    external_ip: Vec<IpAddr>,
    /// How many bytes a second TURN relays for a user, in both directions together.
    #[arg(long, env = "TINCAN_TURN_USER_RATE", value_name = "BYTES",
        default_value_t = tincan_turn::Limits::default().user_bytes_per_second,
        value_parser = clap::value_parser!(u64).range(1..))]
    turn_user_rate: u64,
    /// A private network, as an address or a network, to whose hosts TURN may relay. Whoever has signed in
    /// reaches every UDP service there. By default there is none. Repeatable, or separated by commas.
    #[arg(long, env = "TINCAN_TURN_ALLOW_PEER", value_name = "CIDR", value_delimiter = ',',
        value_parser = network)]
    turn_allow_peer: Vec<IpNet>,
}

fn site(text: &str) -> Result<String, String> {
    if is_site(text) { Ok(text.to_owned()) } else { Err("not a host, nor a URL of one".to_owned()) }
}

/// Reads a domain that a certificate can be for.
fn domain(text: &str) -> Result<String, String> {
    match ServerName::try_from(text.trim_end_matches('.')) {
        Ok(ServerName::DnsName(name)) if !text.contains('*') => Ok(name.as_ref().to_ascii_lowercase()),
        Ok(ServerName::IpAddress(_)) => Err("an address; certificates are for domains".to_owned()),
        _ if !text.is_ascii() => Err("not in ASCII: write it as the registry does (xn--…)".to_owned()),
        _ => Err("not a domain".to_owned()),
    }
}

fn contact(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    let is_address = address.contains('@') && !address.contains([':', ' ']);
    if is_address { Ok(format!("mailto:{address}")) } else { Err("not an address of e-mail".to_owned()) }
}

fn https_url(text: &str) -> Result<String, String> {
    let is_https = text.parse::<Uri>().is_ok_and(|url| url.scheme() == Some(&Scheme::HTTPS));
    if is_https { Ok(text.to_owned()) } else { Err("not a URL of HTTPS".to_owned()) }
}

fn base_path(text: &str) -> Result<BasePath, &'static str> {
    text.parse()
}

fn turn_url(text: &str) -> Result<String, String> {
    match ice_servers::relays(text) {
        Ok(true) => Ok(text.to_owned()),
        Ok(false) => Err("it has to begin with turn: or turns:".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| "not an address, or ADDRESS/BITS".to_owned())
}

fn port_range(text: &str) -> Result<RangeInclusive<u16>, String> {
    let ports = text.split_once('-').and_then(|(first, last)| Some(first.parse().ok()?..=last.parse().ok()?));
    let ports = ports.filter(|ports: &RangeInclusive<u16>| !ports.is_empty() && *ports.start() > 0);
    ports.ok_or_else(|| "not FIRST-LAST, two ports".to_owned())
}

fn room_limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if ROOM_LIMITS.contains(&number) => Ok(number),
        _ => Err(format!("a room has {} to {} members", ROOM_LIMITS.start(), ROOM_LIMITS.end())),
    }
}

impl Args {
    /// Reads the command line. `Err` holds the text to print and the exit code.
    pub fn read() -> Result<Args, (String, u8)> {
        Args::try_parse().map_err(|error| {
            let text = error.to_string();
            if !error.use_stderr() {
                return (text, 0);
            }
            // The first paragraph says what is wrong and where. clap goes on with usage and tips.
            let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
            let line = lines.join(" ");
            (line.strip_prefix("error: ").unwrap_or(&line).to_owned(), 2)
        })
    }

    /// Returns the server's configuration. Reads the files that it names.
    pub fn config(&self) -> Result<Config> {
        let ice_servers = self.ice_servers.as_deref().map(ice_servers::read).transpose()?.unwrap_or_default();
        let external_turn = match &self.turn_secret_file {
            Some(file) => Some(ExternalTurn::read(self.turn_external.clone(), file)?),
            None => None,
        };
        let defaults = Limits::default();
        let limits = Limits {
            users: self.max_users,
            // Leaves room for connections on which somebody is about to sign in, or to be refused.
            connections: self.max_users.saturating_mul(2).max(defaults.connections),
            ..defaults.with_room_members(self.room_limit)
        };
        Ok(Config {
            listen: self.listen.clone().unwrap_or_else(|| self.default_listen().to_owned()),
            tls: self.tls()?,
            http_listen: self.http_listen.clone(),
            base_path: self.base_path.clone(),
            public_urls: self.public_url.clone(),
            allowed_origins: self.allow_origin.clone(),
            trusted_proxies: this_machine().into_iter().chain(self.trusted_proxy.iter().copied()).collect(),
            ice_servers,
            limits,
            turn: (!self.no_turn && external_turn.is_none()).then(|| self.turn_options()),
            external_turn,
            names_key: self.kept_folder().map(|folder| names_key::load(&folder)).transpose()?,
        })
    }

    /// A CA looks at the port that browsers use by themselves.
    fn default_listen(&self) -> &'static str {
        if self.acme.is_empty() { "[::]:9090" } else { "[::]:443" }
    }

    fn tls(&self) -> Result<Option<Tls>> {
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                Some(Tls::Files { certificate: certificate.clone(), key: key.clone() })
            }
            _ if self.tls_self_signed => Some(Tls::SelfSigned { folder: self.data_folder()? }),
            _ if !self.acme.is_empty() => Some(Tls::Acme(AcmeOptions {
                domains: self.acme.clone(),
                contacts: self.acme_contact.clone(),
                directory: self.acme_directory.clone().unwrap_or_else(|| DEFAULT_DIRECTORY.to_owned()),
                roots: self.acme_ca.clone(),
                data: self.data_folder()?,
                backoff: Backoff::default(),
            })),
            _ => None,
        };
        ensure!(
            tls.is_some() || self.http_listen.is_none(),
            "--http-listen sends people on to HTTPS: it needs --acme, --tls-cert or --tls-self-signed"
        );
        Ok(tls)
    }

    /// Returns the folder that somebody has named for what is kept.
    fn kept_folder(&self) -> Option<PathBuf> {
        let systemd = || env::var_os("STATE_DIRECTORY").filter(|it| !it.is_empty()).map(PathBuf::from);
        self.data.clone().or_else(systemd)
    }

    /// Returns the folder for what is kept: systemd's, or the user's by the XDG base directories.
    fn data_folder(&self) -> Result<PathBuf> {
        let of = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let of_user = || {
            let state = of("XDG_STATE_HOME").or_else(|| Some(of("HOME")?.join(".local/state")));
            Some(state?.join("tincan"))
        };
        self.kept_folder()
            .or_else(of_user)
            .context("there is no home folder to keep the certificate in: name a folder by --data")
    }

    fn turn_options(&self) -> TurnOptions {
        TurnOptions {
            listen: vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()],
            port: self.turn_port,
            relay_ports: self.turn_port_range.clone(),
            external_ips: self.external_ip.clone(),
            allowed_peers: self.turn_allow_peer.clone(),
            limits: tincan_turn::Limits {
                user_bytes_per_second: self.turn_user_rate,
                // A second of it at once.
                user_burst_bytes: self.turn_user_rate,
                ..tincan_turn::Limits::default()
            },
        }
    }

    /// Returns what to log. The libraries that handle frames never log more than warnings, because they would
    /// log the frames.
    pub fn log_filter(&self) -> Result<EnvFilter> {
        let mut filter: EnvFilter =
            self.log.parse().map_err(|error| anyhow!("--log {}: {error}", self.log))?;
        for library in ["axum", "hyper", "hyper_util", "mio", "tokio_tungstenite", "tungstenite"] {
            let directive: Directive = format!("{library}=warn").parse().context("log filter")?;
            filter = filter.add_directive(directive);
        }
        // This one warns of every datagram that it can't read.
        filter = filter.add_directive("stun_types=off".parse().context("log filter")?);
        Ok(filter)
    }
}
