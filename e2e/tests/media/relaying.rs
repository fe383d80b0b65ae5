//! Calls that have no way but this server's relay.

use serde_json::{Value, json};
use tempfile::tempdir;
use tincan_e2e::{Browser, Options, Page, Server, call, everyone_sees_everyone, open_two, sign_in_two};

/// Has the page's peer connections use relayed addresses alone, by the servers whose URL matches `chosen`.
async fn relays_only(page: &Page, chosen: &str) {
    let script = "window.before ??= window.RTCPeerConnection;
        const chosen = new RegExp(arguments[0]);
        window.RTCPeerConnection = class extends window.before {
            constructor(configuration) {
                const iceServers = configuration.iceServers
                    .map((server) => ({ ...server, urls: server.urls.filter((url) => chosen.test(url)) }))
                    .filter(({ urls }) => urls.length > 0);
                super({ ...configuration, iceServers, iceTransportPolicy: 'relay' });
            }
        };";
    page.run(script, vec![json!(chosen)]).await;
}

/// Returns how the panel with figures says that the other side is reached.
async fn path(page: &Page) -> Value {
    page.button("Connections").click().await;
    let script = "return [...arguments[0].querySelectorAll('dt')]
        .find((title) => title.textContent === 'Path')?.nextElementSibling.textContent;";
    page.expect("the path is known", async || {
        let path: Value = page.by_role("region", "Connections").ask_now(script).await?;
        path.as_str().is_some_and(|path| !path.contains('–')).then_some(path)
    })
    .await
}

#[tokio::test]
async fn a_call_through_the_relay_by_either_transport() {
    let server = Server::start(&["--turn-port=0"]).await;
    let (anna, bob) = sign_in_two(&server).await;
    for transports in [["udp", "udp"], ["tcp", "udp"]] {
        for (page, transport) in [&anna, &bob].into_iter().zip(transports) {
            relays_only(page, &format!("^turn:.*transport={transport}$")).await;
        }
        call(&anna, &bob, "Video call", "Accept").await;
        everyone_sees_everyone(&[&anna, &bob]).await;
        assert_eq!(path(&anna).await, "Relayed", "{transports:?}");
        anna.button("Hang up").click().await;
        tokio::join!(anna.is_home(), bob.is_home());
    }
    // Nothing of it is in the log.
    assert!(!server.log().contains("Anna"));
}

/// Where a network lets nothing out but HTTPS.
#[tokio::test]
async fn a_call_through_the_relay_over_tls_at_the_port_of_the_page() {
    let folder = tempdir().expect("a temporary folder");
    let folder = folder.path().to_str().expect("a plain path");
    let server = Server::start(&["--turn-port=0", "--tls-self-signed", "--data", folder]).await;
    let port = server.port();
    let options = || Options {
        address: Some(format!("https://localhost:{port}")),
        trusts_certificates: true,
        ..Options::default()
    };
    let (anna, bob) = open_two(&server, options(), options()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    for page in [&anna, &bob] {
        relays_only(page, &format!("^turns:localhost:{port}.transport=tcp$")).await;
    }
    call(&anna, &bob, "Video call", "Accept").await;
    everyone_sees_everyone(&[&anna, &bob]).await;
    assert_eq!(path(&anna).await, "Relayed");
}

#[tokio::test]
async fn firefox_calls_chromium_through_the_relay() {
    let server = Server::start(&["--turn-port=0"]).await;
    let firefox = Options { browser: Browser::Firefox, ..Options::default() };
    let (anna, bob) = open_two(&server, firefox, Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    for transports in [["udp", "udp"], ["tcp", "udp"]] {
        for (page, transport) in [&anna, &bob].into_iter().zip(transports) {
            relays_only(page, &format!("^turn:.*transport={transport}$")).await;
        }
        call(&anna, &bob, "Video call", "Accept").await;
        tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
        assert_eq!(path(&bob).await, "Relayed", "{transports:?}");
        anna.button("Hang up").click().await;
        tokio::join!(anna.is_home(), bob.is_home());
    }
}

/// It is set before the first call, and kept.
#[tokio::test]
async fn who_hides_their_address_is_reached_through_the_relay_alone() {
    let server = Server::start_alone(&["--turn-port=0"]).await;
    let (anna, bob) = tokio::join!(Page::open(&server), Page::open(&server));
    anna.hides_its_address().await;
    anna.reload().await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Text chat", "Accept").await;
    assert_eq!(path(&anna).await, "Relayed");
}
