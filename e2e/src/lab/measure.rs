//! Makes a call across a network, and measures what two people see and hear of each other.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::outcome::{Media, Outcome, Path, SideSeen};
use super::scenarios::{Kind, Scenario};
use crate::browser::{Browser, Devices, Options};
use crate::network::{Network, Side};
use crate::page::Page;
use crate::server::Server;
use crate::wait::until;

/// How long a call may take until it is connected, before the scenario is given up.
const GIVES_UP: Duration = Duration::from_secs(35);
/// How long text may take. A fifth of all packets may be lost.
const TEXT_COMES_WITHIN: Duration = Duration::from_secs(30);
const TEXT_LENGTH: usize = 8_000;
/// How often a call is made, for the time until it is connected.
const CALLS: usize = 3;
/// How long a call runs before it is measured, and for how long it is: on a good line, and on a bad one,
/// where a browser feels its way to what the line takes.
const GOOD_LINE: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(5)];
const BAD_LINE: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(12)];

/// Builds the scenario's network, calls across it, and removes it. Of two seeds that follow each other, one
/// has Chromium on side A and Firefox on side B, and the other the other way round.
///
/// # Panics
/// If the network can't be built, or there is no call.
pub async fn measure(scenario: &Scenario, seed: u64) -> Outcome {
    let network = Network::build(scenario.topology, seed);
    let server = Server::start_in(&network).await;
    let mut browsers = [Browser::Chromium, Browser::Firefox];
    if seed.is_multiple_of(2) {
        browsers.reverse();
    }
    // Whoever may use devices tells addresses.
    let devices = match scenario.kind {
        Kind::Text => Devices::Denied,
        Kind::Video => Devices::Smooth,
    };
    let open = async |side: Side| {
        let options = Options {
            browser: browsers[side as usize],
            address: Some(network.url(side, browsers[side as usize])),
            place: Some(network.place(side)),
            devices,
            ..Options::default()
        };
        let page = Page::open_with(&server, options).await;
        page.run(include_str!("lab.js"), vec![]).await;
        page
    };
    let (anna, bob) = tokio::join!(open(Side::A), open(Side::B));
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    let calls = if scenario.has_a_bad_line() { 1 } else { CALLS };
    let mut outcome = Outcome::default();
    for number in 1..=calls {
        outcome.connected_ms.push(connect(&anna, &bob, scenario.kind).await);
        if number < calls {
            anna.button("Hang up").click().await;
            tokio::join!(anna.is_home(), bob.is_home());
        }
    }
    let (to_bob, to_anna) = (text(scenario, seed, "to Bob"), text(scenario, seed, "to Anna"));
    tokio::join!(anna.sends(&to_bob), bob.sends(&to_anna));
    let (anna_reads, bob_reads) = tokio::join!(reads(&anna, &to_anna), reads(&bob, &to_bob));
    let media = match scenario.kind {
        Kind::Text => {
            // A browser that has found a way goes on looking for a better one.
            sleep(GOOD_LINE[0]).await;
            [None, None]
        }
        Kind::Video => {
            let (of_anna, of_bob) = tokio::join!(media(&anna, scenario), media(&bob, scenario));
            [Some(of_anna), Some(of_bob)]
        }
    };
    let [of_anna, of_bob] = media;
    let (path_of_anna, path_of_bob) = tokio::join!(path(&anna), path(&bob));
    let name = |side: Side| match browsers[side as usize] {
        Browser::Chromium => "Chromium",
        Browser::Firefox => "Firefox",
    };
    outcome.sides = [
        SideSeen { browser: name(Side::A), path: path_of_anna, text_is_whole: anna_reads, media: of_anna },
        SideSeen { browser: name(Side::B), path: path_of_bob, text_is_whole: bob_reads, media: of_bob },
    ];
    outcome
}

/// Has Anna call Bob. Returns how many milliseconds there are from `Accept` until both are connected.
async fn connect(anna: &Page, bob: &Page, kind: Kind) -> f64 {
    for page in [anna, bob] {
        page.run("tincanLab.forget();", vec![]).await;
    }
    anna.calls("Bob", if kind == Kind::Video { "Video call" } else { "Text chat" }).await;
    bob.answers("Anna", "Accept").await;
    let connected = until(GIVES_UP, async || {
        let moment = async |page: &Page| page.run("return tincanLab.connected;", vec![]).await.as_f64();
        let (of_anna, of_bob) = tokio::join!(moment(anna), moment(bob));
        Some(f64::max(of_anna?, of_bob?))
    })
    .await;
    let Some(connected) = connected else { panic!("no call: {}", candidates(anna, bob).await) };
    let accepted = bob.run("return tincanLab.accepted;", vec![]).await.as_f64().expect("it was pressed");
    connected - accepted
}

/// Returns a text in which nothing is said twice.
fn text(scenario: &Scenario, seed: u64, to: &str) -> String {
    let mut text = format!("{} {seed} {to}:", scenario.name);
    let mut number = 0;
    while text.len() < TEXT_LENGTH {
        number += 1;
        let _ = write!(text, " {number}");
    }
    text
}

async fn reads(page: &Page, text: &str) -> bool {
    let log = page.log("Conversation");
    until(TEXT_COMES_WITHIN, async || log.text().await.contains(text).then_some(())).await.is_some()
}

/// Measures what comes in, once it does.
async fn media(page: &Page, scenario: &Scenario) -> Media {
    page.expect_within(GIVES_UP, "pictures and sound come in", async || {
        let received = received(page).await;
        (received["frames"].as_f64()? > 0.0 && received["samples"].as_f64()? > 0.0).then_some(())
    })
    .await;
    let [settles, measured] = if scenario.has_a_bad_line() { BAD_LINE } else { GOOD_LINE };
    sleep(settles).await;
    let before = received(page).await;
    sleep(measured).await;
    let after = received(page).await;
    let more = |name: &str| after[name].as_f64().unwrap_or(0.0) - before[name].as_f64().unwrap_or(0.0);
    let seconds = more("at") / 1_000.0;
    Media {
        pictures_a_second: more("frames") / seconds,
        height: after["height"].as_u64().unwrap_or_default(),
        kbit_a_second: more("bytes") * 8.0 / 1_000.0 / seconds,
        concealed: more("concealed") / more("samples").max(1.0),
        is_heard: more("energy") > 1e-6,
    }
}

async fn received(page: &Page) -> Value {
    page.run("return tincanLab.received();", vec![]).await
}

async fn path(page: &Page) -> Path {
    let path = page.run("return tincanLab.path();", vec![]).await;
    let text = |name: &str| path[name].as_str().unwrap_or("?").to_owned();
    Path { local: text("local"), remote: text("remote"), over: text("over") }
}

/// Returns what each side knew of both sides' addresses.
async fn candidates(anna: &Page, bob: &Page) -> String {
    let of = async |page: &Page| page.run("return tincanLab.candidates();", vec![]).await;
    let (of_anna, of_bob) = tokio::join!(of(anna), of(bob));
    format!("Anna knew {of_anna}, Bob knew {of_bob}")
}
