//! How each program is started with its block, in a folder of its own.

use std::path::Path;
use std::process::Command;

use super::blocks::{below_a_path, block, replaced, without};
use super::proxy::Setup;

/// A program that proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    Nginx,
    Caddy,
    Haproxy,
    Apache,
}

/// Where a proxy listens and where it leads.
pub(crate) struct Place<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) port: u16,
    pub(crate) upstream: u16,
}

const ALL: [Program; 4] = [Program::Nginx, Program::Caddy, Program::Haproxy, Program::Apache];

/// Beside what the block needs, what the program needs to start. Debian's files for the configuration name
/// each module in a file of its own.
const APACHE_MODULES: [&str; 8] =
    ["mpm_event", "alias", "authz_core", "socache_shmcb", "ssl", "headers", "proxy", "proxy_http"];
/// From the sections that Debian's `haproxy.cfg` has.
const HAPROXY_DEFAULTS: &str = "defaults\n    mode http\n    timeout connect 5000\n    \
    timeout client 50000\n    timeout server 50000\n";

/// Returns those that are installed, and names the others.
pub(crate) fn installed() -> impl Iterator<Item = Program> {
    ALL.into_iter().filter(|program| {
        let is_here = program.find().is_some();
        if !is_here {
            eprintln!("passed over: {} is not installed", program.name());
        }
        is_here
    })
}

/// What docs/HOSTING.md adds to HAProxy's `server` line for HTTP/2.
pub(crate) const HAPROXY_HTTP_2: &str = "proto h2 ws h2";

impl Program {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Program::Nginx => "nginx",
            Program::Caddy => "caddy",
            Program::Haproxy => "haproxy",
            Program::Apache => "apache",
        }
    }

    fn executable(self) -> &'static str {
        match self {
            Program::Apache => "apache2",
            _ => self.name(),
        }
    }

    /// Returns where it is. Users other than root seldom have `/usr/sbin` on their path.
    pub(crate) fn find(self) -> Option<std::path::PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
        folders.map(|folder| folder.join(self.executable())).find(|file| file.is_file())
    }

    /// Returns its block, for this place and in this setup.
    fn block(self, place: &Place<'_>, setup: Setup) -> String {
        let Place { folder, port, upstream } = place;
        let block = block(self.name());
        let block = if setup == Setup::BelowPath { below_a_path(self.name(), &block) } else { block };
        let text = replaced(&block, "127.0.0.1:9090", &format!("127.0.0.1:{upstream}"));
        let certificates = format!("{}/", folder.display());
        let here = |text: &str, from: &str| {
            let text = replaced(text, "/etc/ssl/call.example/", &certificates);
            replaced(&text, from, &from.replace("443", &format!("127.0.0.1:{port}")))
        };
        let upgrade_only = setup == Setup::UpgradeOnly;
        match self {
            Program::Nginx => {
                let text = here(&without(&text, "listen [::]:443"), "listen 443");
                if !upgrade_only {
                    return text;
                }
                let text = without(&text, "X-Forwarded-");
                without(&text, "proxy_set_header Host")
            }
            Program::Caddy => {
                let files = format!("tls {certificates}fullchain.pem {certificates}privkey.pem");
                let site = format!("https://call.example:{port} {{\n    bind 127.0.0.1\n    {files}");
                let text = replaced(&text, "call.example {", &site);
                let proxy = format!("reverse_proxy 127.0.0.1:{upstream}");
                let headers = "header_up Host {upstream_hostport}\nheader_up -X-Forwarded-*";
                let lines = format!("{proxy} {{\n{headers}\n}}");
                if upgrade_only { replaced(&text, &proxy, &lines) } else { text }
            }
            Program::Haproxy => {
                let text = here(&text, "bind :443").replace("bind :127", "bind 127");
                if setup == Setup::OverHttp2 {
                    let server = format!("server tincan 127.0.0.1:{upstream}");
                    return replaced(&text, &server, &format!("{server} {HAPROXY_HTTP_2}"));
                }
                if !upgrade_only {
                    return text;
                }
                let text = without(&without(&text, "option forwardfor"), "X-Forwarded-Proto");
                let server = format!("    server tincan 127.0.0.1:{upstream}");
                replaced(&text, &server, &format!("    http-request set-header Host tincan\n{server}"))
            }
            Program::Apache => {
                let text = here(&text, "<VirtualHost *:443>").replace("*:127", "127");
                if !upgrade_only {
                    return text;
                }
                let text = without(&text, "X-Forwarded-Proto");
                replaced(&text, "ProxyPreserveHost On", "ProxyAddHeaders Off")
            }
        }
    }

    /// Writes its configuration, and returns the command that runs it in the foreground, as a single process.
    pub(crate) fn command(self, place: &Place<'_>, setup: Setup) -> Command {
        let folder = place.folder.display();
        let file = place.folder.join(self.name());
        let block = self.block(place, setup);
        let text = match self {
            Program::Nginx => {
                let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|kind| format!("    {kind}_temp_path {folder}/{kind};\n"))
                    .concat();
                format!(
                    "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr;\n\
                     events {{}}\n\
                     http {{\n    access_log off;\n{temporary}{block}}}\n"
                )
            }
            Program::Caddy => {
                let storage = format!("    storage file_system {folder}/storage\n");
                format!("{{\n    admin off\n    auto_https disable_redirects\n{storage}}}\n{block}")
            }
            Program::Haproxy => format!("{HAPROXY_DEFAULTS}\n{block}"),
            Program::Apache => {
                let modules = APACHE_MODULES
                    .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
                    .concat();
                let port = place.port;
                // It refuses to serve as root.
                let user = if is_root() { "User www-data\nGroup www-data\n" } else { "" };
                format!(
                    "ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/apache.pid\n\
                     ErrorLog /dev/stderr\nServerName localhost\nListen 127.0.0.1:{port}\n\
                     {modules}{user}{block}"
                )
            }
        };
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(self.find().expect("is installed"));
        match self {
            Program::Nginx => command.arg("-p").arg(place.folder).args(["-e", "stderr", "-c"]).arg(&file),
            Program::Caddy => command
                .args(["run", "--adapter", "caddyfile", "--config"])
                .arg(&file)
                .env("HOME", place.folder),
            Program::Haproxy => command.args(["-db", "-f"]).arg(&file),
            Program::Apache => command.args(["-X", "-f"]).arg(&file),
        };
        command
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
