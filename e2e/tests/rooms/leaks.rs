//! Joining and leaving a room ten times leaves nothing behind, neither at the guest's page nor at the host's.

use tincan_e2e::{Counts, Page, Server, everyone_sees_everyone, meet};

async fn one_visit(host: &Page, guest: &Page) {
    guest.comes_back().await;
    everyone_sees_everyone(&[host, guest]).await;
    guest.sends("hello").await;
    host.reads("hello").await;
    guest.leaves().await;
    guest.holds_nothing_of_a_call().await;
    host.video("Bob").is_gone().await;
    host.people_are(&["Anna"]).await;
}

/// Waits until the page holds as much as before. It removes some listeners only when it draws the next time.
async fn comes_back_to(page: &Page, before: &Counts) {
    page.expect(&format!("as much is held as before the ten visits: {before:?}"), async || {
        let now = page.counts().await;
        (now == Counts { peers_made: before.peers_made + 10, ..before.clone() }).then_some(())
    })
    .await;
    assert_eq!(page.errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn ten_visits_to_one_room() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob] = meet(&server, "visits", ["Anna", "Bob"]).await;
    bob.leaves().await;
    // The first visit may register what a page registers once and for all.
    one_visit(&anna, &bob).await;
    let (annas, bobs) = tokio::join!(anna.counts(), bob.counts());
    assert_eq!(annas.peers_open, 0);
    for _ in 0..10 {
        one_visit(&anna, &bob).await;
    }
    tokio::join!(comes_back_to(&anna, &annas), comes_back_to(&bob, &bobs));
}
