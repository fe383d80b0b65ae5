//! The relay that a call goes through is restarted.

use std::time::{Duration, Instant};

use tincan_e2e::{Page, Server, call};

/// From the relay's return until pictures come both ways.
const BACK: Duration = Duration::from_secs(20);

/// The server that starts again has its relay at another port, so both have to hear of it first.
#[tokio::test]
async fn a_relayed_call_goes_on_over_a_restart_of_the_relay() {
    let mut server = Server::start_alone(&["--turn-port=0"]).await;
    let (anna, bob) = tokio::join!(Page::open(&server), Page::open(&server));
    anna.hides_its_address().await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    server.kill().await;
    anna.status_says(&["interrupted at"]).await;
    anna.sends("is there a way?").await;
    server.start_again().await;
    let begin = Instant::now();
    tokio::join!(anna.decodes_within(BACK, &["Bob"]), bob.decodes_within(BACK, &["Anna"]));
    println!("back after {:?}", begin.elapsed());
    bob.reads("is there a way?").await;
    bob.sends("there is").await;
    anna.reads("there is").await;
    for page in [&anna, &bob] {
        let log = page.log("Conversation").text().await;
        assert_eq!(
            (log.matches("is there a way?").count(), log.matches("there is").count()),
            (1, 1),
            "{log}"
        );
    }
}
