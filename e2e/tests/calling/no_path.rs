//! Calls for which there is no way: both sides are told why, soon after ICE knows.

use std::time::Duration;

use tincan_e2e::{Addresses, Devices, Options, Page, Server, call, open_two, sign_in_two};

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
async fn is_explained(server: &Server, anna: &Page, bob: &Page, relays: [Relay; 2], why: [&str; 2]) {
    tokio::join!(is_behind_a_wall(anna, relays[0]), is_behind_a_wall(bob, relays[1]));
    call(anna, bob, "Text chat", "Accept").await;
    let said = async { tokio::join!(says_why(anna, why[0]), says_why(bob, why[1])) };
    let (said_to_anna, said_to_bob) = server.waits(said).await;
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
    is_explained(&server, &anna, &bob, [Relay::Works, Relay::Works], [why, why]).await;
}

#[tokio::test]
async fn a_relay_that_only_one_does_not_reach_is_said_from_each_side() {
    let server = Server::start(&["--turn-port=0"]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let why = ["your network doesn’t reach the relay", "Anna’s network doesn’t reach the relay"];
    is_explained(&server, &anna, &bob, [Relay::Silent, Relay::Works], why).await;
}

#[tokio::test]
async fn a_relay_that_refuses_is_told_from_one_that_is_silent() {
    let server = Server::start(&["--turn-port=0"]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let refused = "the relay refused this browser";
    is_explained(&server, &anna, &bob, [Relay::Refuses, Relay::Refuses], [refused, refused]).await;
    let silent = "the relay doesn’t answer";
    is_explained(&server, &anna, &bob, [Relay::Silent, Relay::Silent], [silent, silent]).await;
}

/// Signs in as Anna, whose browser tells of its addresses what is given, and as Bob.
async fn sign_in_with(server: &Server, annas: Addresses, bobs: Addresses) -> (Page, Page) {
    // To a page that may use a microphone, a browser tells its addresses all the same.
    let options = |addresses| Options { addresses, devices: Devices::Denied, ..Options::default() };
    let (anna, bob) = open_two(server, options(annas), options(bobs)).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    (anna, bob)
}

/// As a VPN's extension does.
#[tokio::test]
async fn a_browser_that_hides_every_address_is_named_on_both_sides() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_with(&server, Addresses::Hidden, Addresses::Told).await;
    call(&anna, &bob, "Text chat", "Accept").await;
    let why = ["This browser tells no network address", "Anna’s browser tells no network address"];
    server.waits(async { tokio::join!(says_why(&anna, why[0]), says_why(&bob, why[1])) }).await;
}

/// In a network without multicast, as of many offices: nobody can look up the names that stand for addresses.
#[tokio::test]
async fn names_that_nobody_can_look_up_are_no_addresses() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_with(&server, Addresses::ByName, Addresses::ByName).await;
    tokio::join!(looks_up_no_name(&anna), looks_up_no_name(&bob));
    call(&anna, &bob, "Text chat", "Accept").await;
    let why = "Neither browser tells a network address";
    server.waits(async { tokio::join!(says_why(&anna, why), says_why(&bob, why)) }).await;
    for page in [&anna, &bob] {
        let names = page.run("return window.names;", vec![]).await;
        assert!(names.as_u64() > Some(0), "{} was told no name", page.name());
    }
}

/// Has the page's network let no multicast through. It counts the names that the page would look up.
async fn looks_up_no_name(page: &Page) {
    let script = "const another = (text) => text.replace(/\\S+\\.local /g, () => {
            window.names += 1;
            return `${crypto.randomUUID()}.local `;
        });
        const { addIceCandidate, setRemoteDescription } = RTCPeerConnection.prototype;
        window.names = 0;
        RTCPeerConnection.prototype.setRemoteDescription = function (description) {
            return setRemoteDescription.call(this, { ...description, sdp: another(description.sdp) });
        };
        RTCPeerConnection.prototype.addIceCandidate = function (candidate) {
            return addIceCandidate.call(this, candidate &&
                { ...candidate, candidate: another(candidate.candidate) });
        };";
    page.run(script, vec![]).await;
}

#[tokio::test]
async fn in_a_room_each_is_told_why_there_is_no_way_to_the_other() {
    let server = Server::start(&["--turn-port=0"]).await;
    let (anna, bob) = tokio::join!(Page::before_room(&server, "wall"), Page::before_room(&server, "wall"));
    let relays = [Relay::Silent, Relay::Works];
    tokio::join!(is_behind_a_wall(&anna, relays[0]), is_behind_a_wall(&bob, relays[1]));
    anna.goes_in_as("Anna").await;
    bob.goes_in_as("Bob").await;
    let why = ["your network doesn’t reach the relay", "Anna’s network doesn’t reach the relay"];
    let said = async { tokio::join!(says_why(&anna, why[0]), says_why(&bob, why[1])) };
    let (said_to_anna, said_to_bob) = server.waits(said).await;
    let late = said_to_anna.max(said_to_bob) - ice_knew(&anna, &bob).await;
    eprintln!("in a room: said {late} ms after ICE knew");
    tokio::join!(anna.status_says(&["No connection to Bob"]), bob.status_says(&["No connection to Anna"]));
    // Each finds out by itself, and tries again meanwhile.
    tokio::join!(anna.people_are(&["Anna", "Bob"]), bob.people_are(&["Anna", "Bob"]));
}
