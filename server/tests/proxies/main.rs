//! Behind the reverse proxies that people have, as docs/HOSTING.md has them set up: the real programs, with
//! the blocks from there. One that isn't installed is passed over, and named on stderr. `cargo xtask test`
//! installs them from Debian's packages.
#![allow(clippy::unwrap_used)] // A test may.

mod blocks;
mod idle;
mod program;
mod proxy;
#[path = "../support/mod.rs"]
mod support;

use std::net::IpAddr;

use program::{HAPROXY_HTTP_2, Program, installed};
use proxy::{Proxy, Setup};
use serde_json::json;
use support::binary::{Binary, tincan};
use support::start;
use tincan_server::Config;
use tincan_server::hub::Limits;

/// Where people find the server, and how the test's pages are addressed.
const PUBLIC_URL: &str = "https://call.example";
const ELSEWHERE: &str = "https://evil.example";
/// As browsers ask for a page.
const PACKED: &str = "Accept-Encoding: gzip, deflate, br\r\n";
const NAMES_THE_FLAG: &str = "Behind a proxy, --public-url says where people find it";

fn server(arguments: &[&str]) -> (Binary, u16) {
    Binary::start(tincan(&["--listen", "127.0.0.1:0"]).args(arguments))
}

#[tokio::test]
async fn the_page_loads_and_its_websocket_opens() {
    for arguments in [&[][..], &["--public-url", PUBLIC_URL]] {
        let (_binary, port) = server(arguments);
        let direct = proxy::plain(port, "GET /", PACKED).await;
        for proxy in Proxy::all(Setup::Documented, port) {
            let page = proxy.ask("GET /", PACKED).await;
            assert_eq!((page.status(), &page.body), (200, &direct.body), "{proxy}");
            let policy = "content-security-policy";
            assert_eq!(page.header(policy), direct.header(policy), "{proxy}");
            for path in ["/healthz", "/r/a", "/r/Some%20room", "/r/%E5%91%A8%E4%BC%9A", "/r/a?b"] {
                assert_eq!(proxy.ask(&format!("GET {path}"), "").await.status(), 200, "{proxy} {path}");
            }
            assert_eq!(proxy.ask("GET /nothing", "").await.status(), 404, "{proxy}");
            let mut client = proxy.page("").await.unwrap_or_else(|answer| panic!("{proxy}: {answer:?}"));
            client.say(json!({"type": "login", "name": proxy.name()})).await;
            let answer = client.hear().await;
            assert_eq!(answer["success"], true, "{proxy}");
            let stun = &answer["iceServers"][0]["urls"][0];
            assert!(stun.as_str().unwrap().starts_with("stun:call.example:"), "{proxy}: {stun}");
        }
    }
}

/// What many have: the lines for WebSockets, and nothing that says who asks, and for which host.
#[tokio::test]
async fn the_lines_for_an_upgrade_are_enough() {
    let (_binary, port) = server(&[]);
    for proxy in Proxy::all(Setup::UpgradeOnly, port) {
        let (status, text) = proxy.page("").await.unwrap_err();
        assert!(status == 403 && text.contains(NAMES_THE_FLAG), "{proxy}: {status} {text}");
        // So the page asks why.
        let admission = proxy.ask("POST /admission", &format!("Origin: {PUBLIC_URL}\r\n")).await;
        assert_eq!(admission.status(), 204, "{proxy}");
        let cookie = admission.header("set-cookie").unwrap();
        assert!(cookie.contains("SameSite=Strict"), "{proxy}: {cookie}");
        let cookie = cookie.split(';').next().unwrap();
        let mut client = proxy.page(cookie).await.unwrap_or_else(|answer| panic!("{proxy}: {answer:?}"));
        client.say(json!({"type": "login", "name": proxy.name()})).await;
        let answer = client.hear().await;
        assert_eq!(answer["success"], true, "{proxy}");
        let stun = &answer["iceServers"][0]["urls"][0];
        assert!(stun.as_str().unwrap().starts_with("stun:call.example:"), "{proxy}: {stun}");
    }
    let (_binary, port) = server(&["--public-url", PUBLIC_URL]);
    for proxy in Proxy::all(Setup::UpgradeOnly, port) {
        let mut client = proxy.page("").await.unwrap_or_else(|answer| panic!("{proxy}: {answer:?}"));
        client.say(json!({"type": "login", "name": proxy.name()})).await;
        assert_eq!(client.hear().await["success"], true, "{proxy}");
    }
}

/// Browsers open a WebSocket over HTTP/2 where that is offered. HAProxy does, and asks over HTTP/1.1.
#[tokio::test]
async fn a_websocket_comes_over_http_2_where_a_proxy_offers_it() {
    let (_binary, port) = server(&["--public-url", PUBLIC_URL]);
    for proxy in Proxy::all(Setup::Documented, port) {
        if proxy.name() == "apache" {
            // As documented, it speaks HTTP/1.1 only.
            continue;
        }
        let Some(mut page) = proxy.page_over_h2().await else {
            assert_ne!(proxy.name(), "haproxy");
            continue;
        };
        assert_eq!(proxy.name(), "haproxy", "then it is to be tested as well");
        page.say(json!({"type": "login", "name": "x".repeat(20)})).await;
        assert_eq!(page.hear().await["success"], true, "{proxy}");
    }
}

#[tokio::test]
async fn a_proxy_may_ask_over_http_2() {
    let hosting =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/HOSTING.md")).unwrap();
    assert!(hosting.contains(&format!("`{HAPROXY_HTTP_2}`")));
    if !installed().any(|program| program == Program::Haproxy) {
        return;
    }
    let config = Config {
        public_urls: vec![PUBLIC_URL.to_owned()],
        limits: Limits { address_connections: 2, ..Limits::default() },
        ..Config::default()
    };
    let server = start(config).await;
    let proxy = Proxy::start(Program::Haproxy, Setup::OverHttp2, server.port);
    let direct = proxy::plain(server.port, "GET /", PACKED).await;
    let page = proxy.ask("GET /", PACKED).await;
    assert_eq!((page.status(), &page.body), (200, &direct.body));
    let mut over_h2 = proxy.page_over_h2().await.unwrap();
    over_h2.say(json!({"type": "login", "name": "other"})).await;
    assert_eq!(over_h2.hear().await["success"], true);
    // Many are on one connection, and still each has its address.
    for address in [5, 6].map(|last| IpAddr::from([127, 0, 0, last])) {
        let open = || proxy.open(address, PUBLIC_URL, &[]);
        let [mut one, _two] = [open().await.unwrap(), open().await.unwrap()];
        one.say(json!({"type": "login", "name": address.to_string().replace('.', "-")})).await;
        assert_eq!(one.hear().await["success"], true);
        assert_eq!(open().await.unwrap_err().0, 503);
    }
    assert_eq!(proxy.page_of(ELSEWHERE, "").await.unwrap_err().0, 403);
}

#[tokio::test]
async fn it_is_found_below_a_path() {
    let (_binary, port) = server(&[]);
    let direct = proxy::plain(port, "GET /", PACKED).await;
    for proxy in Proxy::all(Setup::BelowPath, port) {
        let page = proxy.ask("GET /call/", PACKED).await;
        assert_eq!((page.status(), &page.body), (200, &direct.body), "{proxy}");
        let almost = proxy.ask("GET /call", "").await;
        // nginx says host and port as well, and the port is the test's.
        let to = almost.header("location").unwrap_or_default();
        let is_there = to == "/call/" || to.starts_with(PUBLIC_URL) && to.ends_with("/call/");
        assert!((301..=308).contains(&almost.status()) && is_there, "{proxy}: {}", almost.head);
        for path in ["/call/healthz", "/call/r/a", "/call/r/%E5%91%A8%E4%BC%9A"] {
            assert_eq!(proxy.ask(&format!("GET {path}"), "").await.status(), 200, "{proxy} {path}");
        }
        let mut client = proxy.page("").await.unwrap_or_else(|answer| panic!("{proxy}: {answer:?}"));
        client.say(json!({"type": "login", "name": proxy.name()})).await;
        assert_eq!(client.hear().await["success"], true, "{proxy}");
        let admission = proxy.ask("POST /call/admission", &format!("Origin: {PUBLIC_URL}\r\n")).await;
        assert_eq!(admission.status(), 204, "{proxy}");
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_is_refused_by_its_cause() {
    for setup in [Setup::Documented, Setup::UpgradeOnly] {
        for (arguments, expected) in [(&[][..], 204), (&["--public-url", PUBLIC_URL], 403)] {
            let (binary, port) = server(arguments);
            let mut count = 0;
            for proxy in Proxy::all(setup, port) {
                let (status, text) = proxy.page_of(ELSEWHERE, "").await.unwrap_err();
                assert!(status == 403 && text.contains(NAMES_THE_FLAG), "{proxy}: {status} {text}");
                let admission = proxy.ask("POST /admission", &format!("Origin: {ELSEWHERE}\r\n")).await;
                assert_eq!(admission.status(), expected, "{proxy}");
                let found_at = if expected == 403 { PUBLIC_URL } else { "" };
                assert_eq!(String::from_utf8_lossy(&admission.body), found_at, "{proxy}");
                // Whoever may not come gets no cookie that a browser would send for a page of another site.
                let cookie = admission.header("set-cookie");
                assert!(cookie.is_none_or(|cookie| cookie.contains("SameSite=Strict")), "{proxy}");
                count += 1;
            }
            let (log, _) = binary.end();
            let said =
                "refused a WebSocket from a page of another origin: behind a proxy, --public-url says where";
            assert!(count == 0 || log.contains(said), "{log}");
        }
    }
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_addresses() {
    let [one, other]: [IpAddr; 2] = [[127, 0, 0, 5].into(), [127, 0, 0, 6].into()];
    let config = |trusted: &[&str]| Config {
        trusted_proxies: trusted.iter().map(|network| network.parse().unwrap()).collect(),
        public_urls: vec![PUBLIC_URL.to_owned()],
        limits: Limits { address_connections: 2, ..Limits::default() },
        ..Config::default()
    };
    for program in installed() {
        let server = start(config(&["127.0.0.1/32"])).await;
        let proxy = Proxy::start(program, Setup::Documented, server.port);
        // Nobody is believed about themselves.
        let page = |address| proxy.open(address, PUBLIC_URL, &[("x-forwarded-for", "192.0.2.7")]);
        let _first = (page(one).await.unwrap(), page(one).await.unwrap());
        let (status, text) = page(one).await.unwrap_err();
        assert!(status == 503 && text.contains("from your address"), "{proxy}: {status} {text}");
        let _second = page(other).await.unwrap();

        // One that says nothing has no limit by address.
        let silent = Proxy::start(program, Setup::UpgradeOnly, server.port);
        let page = || silent.open(one, PUBLIC_URL, &[]);
        let _three = (page().await.unwrap(), page().await.unwrap(), page().await.unwrap());

        // One that isn't named counts for all whom it forwards.
        let wary = start(config(&[])).await;
        let proxy = Proxy::start(program, Setup::Documented, wary.port);
        let page = |address| proxy.open(address, PUBLIC_URL, &[]);
        let _two = (page(one).await.unwrap(), page(other).await.unwrap());
        let (status, text) = page(other).await.unwrap_err();
        assert!(status == 503 && text.contains("from your address"), "{proxy}: {status} {text}");
    }
}
