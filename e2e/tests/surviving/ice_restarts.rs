//! Restarts of ICE, by each side and by both at once, between all pairs of browsers.
//!
//! `restartIce` is called from outside, so the browser asks for a negotiation as it does when a network
//! changes.

use std::time::Duration;

use tincan_e2e::{Browser, Options, Page, Server, call, open_two};

/// Who restarts.
const SIDES: [(bool, bool); 3] = [(true, false), (false, true), (true, true)];

async fn restart(server: &Server, browsers: [Browser; 2], rounds: usize) {
    let [annas, bobs] = browsers.map(|browser| Options { browser, ..Options::default() });
    let (anna, bob) = open_two(server, annas, bobs).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    for round in 0..rounds {
        for (of_anna, of_bob) in SIDES {
            let before = (ufrag(&anna).await, ufrag(&bob).await);
            tokio::join!(restart_if(&anna, of_anna), restart_if(&bob, of_bob));
            for (page, before) in [(&anna, &before.0), (&bob, &before.1)] {
                let what = format!("round {round}: ICE is restarted by {of_anna} {of_bob}");
                page.expect_within(Duration::from_secs(30), &what, async || {
                    (ufrag(page).await != *before).then_some(())
                })
                .await;
            }
            tokio::join!(
                anna.decodes_within(Duration::from_secs(30), &["Bob"]),
                bob.decodes_within(Duration::from_secs(30), &["Anna"])
            );
            let line = format!("round {round} {of_anna} {of_bob}");
            anna.sends(&line).await;
            bob.reads(&line).await;
        }
    }
    for page in [&anna, &bob] {
        assert_eq!(page.counts().await.peers_made, 1, "no connection was made anew");
    }
    bob.button("Hang up").click().await;
    anna.status_says(&["Bob hung up"]).await;
}

async fn restart_if(page: &Page, wanted: bool) {
    if wanted {
        page.run("tincanProbe.restartIce();", vec![]).await;
    }
}

/// Returns the present ICE user name fragment.
async fn ufrag(page: &Page) -> String {
    let answer = page.run("return tincanProbe.ufrag();", vec![]).await;
    answer.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn between_chromium_and_chromium() {
    let server = Server::start(&[]).await;
    restart(&server, [Browser::Chromium, Browser::Chromium], 1).await;
}

#[tokio::test]
async fn between_firefox_and_firefox() {
    let server = Server::start(&[]).await;
    restart(&server, [Browser::Firefox, Browser::Firefox], 1).await;
}

#[tokio::test]
async fn of_chromium_that_called_firefox() {
    let server = Server::start(&[]).await;
    restart(&server, [Browser::Chromium, Browser::Firefox], 1).await;
}

#[tokio::test]
async fn of_firefox_that_called_chromium() {
    let server = Server::start(&[]).await;
    restart(&server, [Browser::Firefox, Browser::Chromium], 1).await;
}

/// `cargo test --release -p tincan-e2e -- --ignored twenty_restarts --nocapture`
#[tokio::test]
#[ignore = "takes minutes: docs/RELIABILITY.md has its figures"]
async fn twenty_restarts_of_each_kind_with_firefox() {
    use Browser::{Chromium, Firefox};
    for browsers in [[Chromium, Chromium], [Firefox, Firefox], [Chromium, Firefox], [Firefox, Chromium]] {
        let server = Server::start(&[]).await;
        let begun = std::time::Instant::now();
        restart(&server, browsers, 20).await;
        println!("{browsers:?}: 60 restarts in {:?}", begun.elapsed());
    }
}
