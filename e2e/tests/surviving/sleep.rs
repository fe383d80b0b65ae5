//! A page is frozen, a machine sleeps, or the server does.

use std::time::Duration;

use tincan_e2e::{Page, Server};

use super::in_a_video_call;

/// After this at the latest, those who wake and those who waited for them see each other again.
const BACK: Duration = Duration::from_secs(20);

/// Each reads the other, and what was written meanwhile is there once.
async fn nothing_is_lost(anna: &Page, bob: &Page, meanwhile: &str) {
    tokio::join!(anna.decodes_within(BACK, &["Bob"]), bob.decodes_within(BACK, &["Anna"]));
    anna.reads(meanwhile).await;
    anna.sends("good morning").await;
    bob.reads("good morning").await;
    for page in [anna, bob] {
        let log = page.log("Conversation").text().await;
        assert_eq!((log.matches(meanwhile).count(), log.matches("good morning").count()), (1, 1), "{log}");
    }
}

#[tokio::test]
async fn a_call_goes_on_after_a_machine_has_slept() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    let waits = async {
        bob.status_says(&["interrupted at"]).await;
        bob.sends("are you asleep?").await;
    };
    server.waits(async { tokio::join!(anna.sleeps_for(Duration::from_secs(40)), waits) }).await;
    nothing_is_lost(&anna, &bob, "are you asleep?").await;
}

#[tokio::test]
async fn a_call_goes_on_after_a_page_was_frozen() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    anna.is_frozen().await;
    server.waits(bob.status_says(&["interrupted at"])).await;
    bob.sends("are you frozen?").await;
    anna.is_thawed().await;
    nothing_is_lost(&anna, &bob, "are you frozen?").await;
}

#[tokio::test]
async fn a_call_notices_nothing_of_a_server_that_is_frozen() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    tokio::join!(anna.watch_pictures("Bob"), bob.watch_pictures("Anna"));
    server.freeze();
    server.waits(anna.status_says_within(Duration::from_secs(60), &["connection to the server lost"])).await;
    bob.sends("is it cold?").await;
    anna.reads("is it cold?").await;
    server.thaw();
    anna.status_says_within(Duration::from_secs(30), &["Connected"]).await;
    tokio::join!(anna.never_froze("Bob"), bob.never_froze("Anna"));
    nothing_is_lost(&anna, &bob, "is it cold?").await;
    bob.button("Hang up").click().await;
    anna.status_says(&["Bob hung up"]).await;
}
