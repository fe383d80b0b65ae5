//! The page, its headers, and who may connect.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::io::Read;

use support::{Client, start};
use tincan_server::Config;
use tincan_server::hub::Limits;
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn the_page_and_its_headers() {
    let server = start(Config::default()).await;
    for path in
        ["/", "/index.html", "/r/abc", "/r/%E5%91%A8%E4%BC%9A", "/r/Some%20room", "/r/a%2Fb", "/r/", "/check"]
    {
        let page = server.http(&format!("GET {path}")).await;
        assert_eq!(page.status(), 200, "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        assert_eq!(page.header("vary"), Some("Accept-Encoding"));
        assert_eq!(page.header("content-encoding"), None);
        let text = String::from_utf8(page.body).unwrap();
        assert!(text.to_lowercase().starts_with("<!doctype html>"));
        // All is found from the base, whatever a proxy has put before it.
        for attribute in [" href=", " src=", " from '", " module_or_path: '"] {
            for target in text.split(attribute).skip(1).map(|rest| rest.trim_start_matches('"')) {
                assert!(!target.starts_with('/'), "{attribute}{target:.40}");
            }
        }
        // The client may not have been built.
        let base = if path.starts_with("/r/") { "<base href=../>" } else { "<base href=./>" };
        assert!(text.contains(base) || text.contains("was not built"), "{path}: {text:.300}");
    }
    let page = server.http("GET /").await;
    let policy = page.header("content-security-policy").unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self'",
        "worker-src 'self'",
        "media-src 'self' blob: mediastream:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(self), microphone=(self), display-capture=(self)"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    server.stop().await;
}

#[tokio::test]
async fn everything_is_below_the_base_path() {
    let base_path = "/call".parse().unwrap();
    let server = start(Config { base_path, ..Config::default() }).await;
    for path in ["/call/", "/call/r/abc", "/call/healthz", "/call/index.html", "/call/?a"] {
        let answer = server.http(&format!("GET {path}")).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
    }
    for (path, location) in [("/call", "/call/"), ("/call?a=b", "/call/?a=b")] {
        let answer = server.http(&format!("GET {path}")).await;
        assert_eq!((answer.status(), answer.header("location")), (308, Some(location)));
    }
    for path in ["/", "/r/abc", "/ws", "/healthz", "/calls/", "/call/call/", "/call/missing.js"] {
        assert_eq!(server.http(&format!("GET {path}")).await.status(), 404, "{path}");
    }
    assert_eq!(server.http("POST /call/admission").await.status(), 204);
    assert_eq!(server.http("POST /admission").await.status(), 404);
    for path in ["/call/ws", "/call/"] {
        let mut client = Client::connect(server.port, path).await;
        client.say(serde_json::json!({"type": "login", "name": path})).await;
        assert_eq!(client.hear().await["success"], true, "{path}");
    }
    assert_eq!(Client::connect_as(server.port, "/ws", &[]).await.unwrap_err(), 404);
    server.stop().await;
}

#[tokio::test]
async fn brotli_head_and_not_modified() {
    let server = start(Config::default()).await;
    let plain = server.http("GET /").await;
    let packed = server.http("GET /\nAccept-Encoding: gzip, br").await;
    assert_eq!(packed.header("content-encoding"), Some("br"));
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut &packed.body[..], &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let zipped = server.http("GET /\nAccept-Encoding: gzip, deflate").await;
    assert_eq!(zipped.header("content-encoding"), Some("gzip"));
    let mut unzipped = Vec::new();
    flate2::read::GzDecoder::new(&zipped.body[..]).read_to_end(&mut unzipped).unwrap();
    assert_eq!(unzipped, plain.body);
    for (accepted, answer) in [("br", &packed), ("gzip", &zipped), ("identity", &plain)] {
        let head = server.http(&format!("HEAD /\nAccept-Encoding: {accepted}")).await;
        assert_eq!((head.status(), head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), answer.header("content-length"));
        assert_eq!(head.header("content-length"), Some(&*answer.body.len().to_string()));
    }
    let etag = plain.header("etag").unwrap();
    for tag in [etag, "*", &format!("\"other\", {etag}")] {
        let same = server.http(&format!("GET /\nIf-None-Match: {tag}")).await;
        assert_eq!((same.status(), same.body.len()), (304, 0));
        assert_eq!(same.header("etag"), Some(etag));
    }
    assert_eq!(server.http("GET /\nIf-None-Match: \"other\"").await.status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_there() {
    let server = start(Config::default()).await;
    for path in [
        "/missing.js",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/a/b.wasm",
        "//etc/passwd.txt",
        "/metrics",
        "/.git/config",
        "/admin",
        "/r",
        "/r/deeper/down",
        "/r/abc/",
    ] {
        assert_eq!(server.http(&format!("GET {path}")).await.status(), 404, "{path}");
    }
    assert_eq!(server.http("POST /r/x").await.status(), 405);
    assert_eq!(server.http("POST /").await.status(), 405);
    assert_eq!(server.http("GET /healthz").await.body, b"ok");
    server.stop().await;
}

#[tokio::test]
async fn what_asks_for_no_websocket_of_version_13_gets_none() {
    let server = start(Config::default()).await;
    let upgrade = "connection: upgrade\nupgrade: websocket";
    let key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";
    for (request, status) in [
        ("GET /ws".to_owned(), 400),
        (format!("GET /ws\n{upgrade}\nsec-websocket-version: 13"), 400),
        (format!("GET /ws\n{upgrade}\nsec-websocket-version: 8\n{key}"), 426),
        (format!("POST /ws\n{upgrade}\nsec-websocket-version: 13\n{key}"), 405),
    ] {
        let answer = server.http(&request).await;
        assert_eq!(answer.status(), status, "{request}");
        assert_eq!(answer.header("sec-websocket-version"), (status == 426).then_some("13"));
    }
    server.stop().await;
}

#[tokio::test]
async fn pages_of_other_hosts_may_not_connect() {
    let config = Config { allowed_origins: vec!["friend.example".to_owned()], ..Config::default() };
    let server = start(config).await;
    for (origin, expected) in [
        (&*format!("http://localhost:{}", server.port), None),
        ("https://friend.example:444", None),
        ("https://evil.example", Some(403)),
        ("null", Some(403)),
    ] {
        for path in ["/", "/ws"] {
            let result = Client::connect_as(server.port, path, &[("origin", origin)]).await;
            assert_eq!(result.err(), expected, "{origin} {path}");
        }
    }
    server.stop().await;
}

/// A page can't see why its WebSocket doesn't open, so it asks. A proxy that rewrites `Host` is no obstacle.
#[tokio::test]
async fn a_page_is_told_why_it_may_not_connect_or_let_in() {
    let server = start(Config::default()).await;
    let origin = ("origin", "https://call.example");
    assert_eq!(Client::connect_as(server.port, "/ws", &[origin]).await.err(), Some(403));
    let answer = server.http("POST /admission\nOrigin: https://call.example").await;
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let (cookie, attributes) = answer.header("set-cookie").unwrap().split_once(';').unwrap();
    assert_eq!(attributes, " Max-Age=60; HttpOnly; SameSite=Strict");
    let cookies = format!("other=1; {cookie}");
    assert!(Client::connect_as(server.port, "/ws", &[origin, ("cookie", &cookies)]).await.is_ok());
    for wrong in ["", "tincan-page", "tincan-page=2", "xtincan-page=1"] {
        let result = Client::connect_as(server.port, "/ws", &[origin, ("cookie", wrong)]).await;
        assert_eq!(result.err(), Some(403), "{wrong}");
    }
    // Nothing is to be proved by one who is let in anyway, or by no page at all.
    assert_eq!(server.http("POST /admission").await.header("set-cookie"), None);
    server.stop().await;
}

/// A proxy that rewrites `Host` says by another header what it was asked for.
#[tokio::test]
async fn a_trusted_proxy_says_which_host_it_was_asked_for() {
    let headers = [("origin", "https://call.example"), ("x-forwarded-host", "call.example")];
    for (trusted_proxies, expected) in [(Config::default().trusted_proxies, None), (vec![], Some(403))] {
        let server = start(Config { trusted_proxies, ..Config::default() }).await;
        assert_eq!(Client::connect_as(server.port, "/ws", &headers).await.err(), expected);
        let ask = "POST /admission\nOrigin: https://call.example\nX-Forwarded-Host: call.example";
        let has_to_prove = server.http(ask).await.header("set-cookie").is_some();
        assert_eq!(has_to_prove, expected.is_some());
        server.stop().await;
    }
}

#[tokio::test]
async fn a_page_is_told_where_people_find_the_server() {
    let public_urls = vec!["https://call.example".to_owned(), "https://other.example".to_owned()];
    let server = start(Config { public_urls, ..Config::default() }).await;
    let answer = server.http("POST /admission\nOrigin: http://192.0.2.7").await;
    assert_eq!((answer.status(), &*answer.body), (403, b"https://call.example".as_slice()));
    assert_eq!(answer.header("set-cookie"), None);
    let headers = [("origin", "http://192.0.2.7"), ("cookie", "tincan-page=1")];
    assert_eq!(Client::connect_as(server.port, "/ws", &headers).await.err(), Some(403));
    server.stop().await;
}

#[tokio::test]
async fn a_page_is_told_that_there_are_too_many() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let server = start(Config { limits, ..Config::default() }).await;
    let client = server.client().await;
    assert_eq!(server.http("POST /admission").await.status(), 429);
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn a_request_names_one_host() {
    let server = start(Config::default()).await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\n", "200"),
        ("GET / HTTP/1.0\r\n", "200"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer).await.unwrap();
        assert_eq!(answer.split(' ').nth(1), Some(status), "{head}");
    }
    server.stop().await;
}

/// A stop doesn't wait for ever for a client that has begun a request.
#[tokio::test]
async fn half_a_request_does_not_hold_up_the_end() {
    let server = start(Config::default()).await;
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: local").await.unwrap();
    // A client that came later is answered, so the half request has arrived.
    assert_eq!(server.http("GET /healthz").await.body, b"ok");
    server.stop().await;
}
