//! Ten calls in a row in one page leave nothing behind.

use tincan_e2e::{Counts, Page, Server, call, sign_in_two};

async fn one_call(anna: &Page, bob: &Page, by: &str) {
    call(anna, bob, by, "Accept").await;
    anna.sends("hello").await;
    bob.reads("hello").await;
    if by == "Video call" {
        tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    }
    bob.button("Hang up").click().await;
    tokio::join!(anna.is_home(), bob.is_home());
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
}

/// Waits until the page holds as much as before. It removes some listeners only when it draws the next time.
async fn comes_back_to(page: &Page, before: &Counts, made: u64) {
    page.expect(&format!("as much is held as before the ten calls: {before:?}"), async || {
        let now = page.counts().await;
        (now.listeners == before.listeners && now.sockets_open == before.sockets_open).then_some(())
    })
    .await;
    let now = page.counts().await;
    assert_eq!((now.peers_open, now.tracks_live, now.listeners_of_calls()), (0, 0, 0));
    assert_eq!(now.listeners_in_all(), before.listeners_in_all());
    assert_eq!(now.peers_made - before.peers_made, made, "one peer connection a call");
    assert_eq!(page.errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn ten_calls_in_one_page() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    // The first call may register what a page registers once and for all.
    one_call(&anna, &bob, "Video call").await;
    let (annas, bobs) = tokio::join!(anna.counts(), bob.counts());
    for number in 0..10 {
        let by = ["Video call", "Text chat", "Voice call"][number % 3];
        one_call(&anna, &bob, by).await;
    }
    tokio::join!(comes_back_to(&anna, &annas, 10), comes_back_to(&bob, &bobs, 10));
}

#[tokio::test]
async fn ten_calls_that_come_to_nothing() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    // In turn, because nobody may ring more than six times a minute in vain.
    let one = async |number: usize| {
        let (caller, callee) = if number.is_multiple_of(2) { (&anna, &bob) } else { (&bob, &anna) };
        caller.calls(&callee.name(), "Video call").await;
        callee.is_rung_by(&caller.name()).await;
        let cancels = (number / 2).is_multiple_of(2);
        let over = if cancels { caller.button("Cancel") } else { callee.button("Decline") };
        over.click().await;
        tokio::join!(anna.is_home(), bob.is_home());
        callee.dialog(&format!("Incoming call from {}", caller.name())).is_gone().await;
        tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    };
    one(0).await;
    one(1).await;
    let (annas, bobs) = tokio::join!(anna.counts(), bob.counts());
    for number in 0..10 {
        one(number).await;
    }
    for (page, before) in [(&anna, &annas), (&bob, &bobs)] {
        page.expect(&format!("as much is held as before: {before:?}"), async || {
            (page.counts().await.listeners == before.listeners).then_some(())
        })
        .await;
    }
}
