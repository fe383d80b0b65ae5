//! Calls for which there is no way: both sides are told why, soon after ICE knows.

use std::time::Duration;

use tincan_e2e::{Page, Server, call, sign_in_two};

/// How long a browser may try (RFC 8445 leaves that to it).
const ICE_GIVES_UP: Duration = Duration::from_secs(40);
/// How long after that the reason may take to be on the screen, of the caller and of the callee.
const SAID_WITHIN_MS: f64 = 2_000.0;

/// What is wrong with the relay, as one page sees it.
#[derive(Clone, Copy, Debug)]
enum Relay {
    Works,
    /// Nobody is at its port.
    Silent,
    /// The server made a credential that the relay doesn't take.
    Refuses,
}

/// Has the page's network let nothing in directly, as a NAT does: whoever sends to the addresses that the
/// page is told sends to nobody (198.51.100.0/24 is RFC 5737's). It keeps when ICE knew that there is no way.
async fn is_behind_a_wall(page: &Page, relay: Relay) {
    let script = "const nobody = (text) => text.replace(/(udp|tcp) (\\d+) \\S+ (\\d+) typ (host|srflx)/g,
            '$1 $2 198.51.100.1 $3 typ $4');
        window.before ??= window.RTCPeerConnection;
        window.failed = undefined;
        window.RTCPeerConnection = class extends window.before {
            constructor(configuration) {
                super({ ...configuration, iceServers: configuration.iceServers.map((server) => ({
                    ...server,
                    urls: RELAY === 'Silent' && server.credential ? ['turn:127.0.0.1:1'] : server.urls,
                    credential: RELAY === 'Refuses' && server.credential ? 'another' : server.credential,
                })) });
                this.addEventListener('connectionstatechange', () => {
                    if (this.connectionState === 'failed') window.failed ??= Date.now();
                });
            }
            setRemoteDescription(description) {
                return super.setRemoteDescription({ ...description, sdp: nobody(description.sdp) });
            }
            addIceCandidate(candidate) {
                return super.addIceCandidate(candidate &&
                    { ...candidate, candidate: nobody(candidate.candidate) });
            }
        };";
    let script = script.replace("RELAY", &format!("'{relay:?}'"));
    page.run(&script, vec![]).await;
}

/// Waits until the page says `why`. Returns by its clock when it did.
async fn says_why(page: &Page, why: &str) -> f64 {
    page.status_says_within(ICE_GIVES_UP, &[why]).await;
    page.run("return Date.now();", vec![]).await.as_f64().expect("a time")
}

/// Returns when ICE knew first, on either side.
async fn ice_knew(anna: &Page, bob: &Page) -> f64 {
    let failed = async |page: &Page| page.run("return window.failed;", vec![]).await.as_f64();
    let times = [failed(anna).await, failed(bob).await];
    times.into_iter().flatten().reduce(f64::min).expect("ICE has failed on one side at least")
}

/// Anna calls Bob. Each is told why that can't be.
async fn is_explained(anna: &Page, bob: &Page, relays: [Relay; 2], why: [&str; 2]) {
    tokio::join!(is_behind_a_wall(anna, relays[0]), is_behind_a_wall(bob, relays[1]));
    call(anna, bob, "Text chat", "Accept").await;
    let (said_to_anna, said_to_bob) = tokio::join!(says_why(anna, why[0]), says_why(bob, why[1]));
    let knew = ice_knew(anna, bob).await;
    let late = said_to_anna.max(said_to_bob) - knew;
    eprintln!("{relays:?}: said {late} ms after ICE knew");
    assert!(late < SAID_WITHIN_MS, "{relays:?}: said {late} ms after ICE knew");
}

#[tokio::test]
async fn without_a_relay_both_are_told_that_the_server_has_none() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let why = "this server has no relay";
    is_explained(&anna, &bob, [Relay::Works, Relay::Works], [why, why]).await;
}

#[tokio::test]
async fn a_relay_that_only_one_does_not_reach_is_said_from_each_side() {
    let server = Server::start(&["--turn-port=0"]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let why = ["your network doesn’t reach the relay", "Anna’s network doesn’t reach the relay"];
    is_explained(&anna, &bob, [Relay::Silent, Relay::Works], why).await;
}

#[tokio::test]
async fn a_relay_that_refuses_is_told_from_one_that_is_silent() {
    let server = Server::start(&["--turn-port=0"]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let refused = "the relay refused this browser";
    is_explained(&anna, &bob, [Relay::Refuses, Relay::Refuses], [refused, refused]).await;
    let silent = "the relay doesn’t answer";
    is_explained(&anna, &bob, [Relay::Silent, Relay::Silent], [silent, silent]).await;
}
