//! The check page: what works is ticked, and what doesn't is explained.

use std::time::Duration;

use tincan_e2e::{HttpProxy, Options, Page, ProxyFault, Server};

/// How long a relay that doesn't answer is waited for, three ways one after the other.
const CHECKED_WITHIN: Duration = Duration::from_secs(60);

/// Waits until the list has a row of these words.
async fn has(page: &Page, name: &str, words: &str) {
    let script =
        "return [...document.querySelectorAll('li')].map((row) => row.innerText.replace(/\\s+/g, ' '));";
    page.expect_within(CHECKED_WITHIN, &format!("{name}: {words}"), async || {
        let rows = page.run(script, vec![]).await;
        let rows = rows.as_array()?.iter().filter_map(|row| row.as_str());
        rows.into_iter().find(|row| row.starts_with(name) && row.contains(words)).map(drop)
    })
    .await
}

async fn opens_check(server: &Server, options: Options) -> Page {
    let page = Page::open_with(server, options).await;
    page.by_role("link", "Check camera, microphone and network").click().await;
    page
}

#[tokio::test]
async fn what_works_is_ticked_and_can_be_copied_without_addresses() {
    let server = Server::start(&["--turn-port=0"]).await;
    let page = opens_check(&server, Options::default()).await;
    for (name, words) in [
        ("Secure page", "Works"),
        ("WebRTC", "Works"),
        ("Server", "Works, "),
        ("Network addresses", "Works"),
        ("STUN answer", "Works"),
        ("Relay over UDP", "Works, "),
        ("Relay over TCP", "Works, "),
        ("Relay over TLS", "Not offered by this server"),
        ("Camera", "Not checked yet"),
    ] {
        has(&page, name, words).await;
    }
    page.button("Test camera and microphone").click().await;
    has(&page, "Camera", "Works").await;
    has(&page, "Microphone", "Works").await;
    assert_eq!(page.counts().await.tracks_live, 0, "what was tried is closed again");
    let keep = "navigator.clipboard.writeText = async (text) => { window.copied = text; };";
    page.run(keep, vec![]).await;
    page.button("Copy as text").click().await;
    page.status_says(&["Copied."]).await;
    let copied = page.run("return window.copied;", vec![]).await;
    let copied = copied.as_str().expect("a text");
    assert!(copied.contains("Relay over UDP: Works, "), "{copied}");
    assert!(!copied.contains("127.0.0.1") && !copied.contains("localhost"), "{copied}");
}

#[tokio::test]
async fn what_does_not_work_is_explained() {
    let server = Server::start(&["--turn-port=0"]).await;
    let page = opens_check(&server, Options::default()).await;
    // The last that is found out. Nothing runs any more.
    has(&page, "STUN answer", "Works").await;
    let script = "const Before = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends Before {
            constructor(configuration) {
                super({ ...configuration, iceServers: configuration.iceServers.map((server) => ({
                    ...server,
                    urls: server.urls[0].endsWith('tcp') ? ['turn:127.0.0.1:1?transport=tcp'] : server.urls,
                    credential: server.credential && 'another',
                })) });
            }
        };
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));";
    page.run(script, vec![]).await;
    page.button("Check again").click().await;
    has(&page, "Relay over UDP", "refuses what this server gave as a password").await;
    has(&page, "Relay over TCP", "The relay doesn’t answer this way").await;
    page.button("Test camera and microphone").click().await;
    has(&page, "Camera", "isn’t allowed").await;
    has(&page, "Microphone", "isn’t allowed").await;
}

#[tokio::test]
async fn a_proxy_that_passes_no_websockets_on_is_named() {
    let server = Server::start(&[]).await;
    let proxy = HttpProxy::to(&server, ProxyFault::NoWebSockets).await;
    let page = opens_check(&server, Options { address: Some(proxy.url()), ..Options::default() }).await;
    has(&page, "Server", "passes no WebSockets on").await;
    has(&page, "Network addresses", "Not checked yet").await;
}
