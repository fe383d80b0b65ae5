//! The server is killed, is away, and is started anew: those who are connected notice nothing.

use std::time::Duration;

use futures_util::future::join_all;
use tincan_e2e::{Options, Page, Server, call, everyone_sees_everyone, meet, room_address};

use super::in_a_video_call;

/// In band, what somebody does is seen at once. The server would take as long as it is away.
const AT_ONCE: Duration = Duration::from_secs(10);

/// [`in_a_video_call`], with an eye on the pictures.
async fn watched_in_a_video_call(server: &Server) -> (Page, Page) {
    let (anna, bob) = in_a_video_call(server).await;
    tokio::join!(anna.watch_pictures("Bob"), bob.watch_pictures("Anna"));
    (anna, bob)
}

/// No picture has stood still, and the first connections are those that there are.
async fn noticed_nothing(people: &[(&Page, &str)], peers: u64) {
    for (page, other) in people {
        page.never_froze(other).await;
        let counts = page.counts().await;
        assert_eq!((counts.peers_made, counts.peers_open), (peers, peers));
    }
}

async fn the_server_is_back(page: &Page) {
    page.expect("the server is back", async || {
        let text = page.run("return document.body.innerText;", vec![]).await;
        (!text.as_str()?.contains("onnection to the server lost")).then_some(())
    })
    .await;
}

async fn lines_stand_once(page: &Page, lines: &[&str]) {
    let log = page.log("Conversation").text().await;
    for line in lines {
        assert_eq!(log.matches(line).count(), 1, "{line}: {log}");
    }
}

#[tokio::test]
async fn a_call_goes_on_while_the_server_is_away_and_after_it_is_back() {
    let mut server = Server::start(&[]).await;
    let (anna, bob) = watched_in_a_video_call(&server).await;
    server.kill().await;
    tokio::join!(
        anna.status_says(&["connection to the server lost"]),
        bob.status_says(&["connection to the server lost"])
    );
    // What is negotiated is negotiated between the two.
    anna.button("Turn camera off").click().await;
    bob.no_longer_sees("Anna").await;
    anna.button("Turn camera on").click().await;
    bob.sees("Anna").await;
    bob.watch_pictures("Anna").await;
    anna.sends("no server between us").await;
    bob.reads("no server between us").await;
    server.start_again().await;
    tokio::join!(the_server_is_back(&anna), the_server_is_back(&bob));
    bob.sends("there it is").await;
    anna.reads("there it is").await;
    noticed_nothing(&[(&anna, "Bob"), (&bob, "Anna")], 1).await;
    for page in [&anna, &bob] {
        lines_stand_once(page, &["no server between us", "there it is"]).await;
    }
    bob.button("Hang up").click().await;
    anna.status_says(&["Bob hung up"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    // Both have their names, and can call each other.
    call(&anna, &bob, "Text chat", "Accept").await;
}

#[tokio::test]
async fn hanging_up_is_heard_while_the_server_is_away() {
    let mut server = Server::start(&[]).await;
    let (anna, bob) = watched_in_a_video_call(&server).await;
    server.kill().await;
    bob.status_says(&["connection to the server lost"]).await;
    anna.button("Hang up").click().await;
    bob.status_says_within(AT_ONCE, &["Anna hung up"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
}

#[tokio::test]
async fn a_room_goes_on_over_a_restart() {
    let mut server = Server::start_alone(&[]).await;
    let (guests, anna) = tokio::join!(meet(&server, "phoenix", ["Bob", "Cleo"]), Page::open(&server));
    let [bob, cleo] = guests;
    anna.sign_in("Anna").await;
    anna.textbox("Room name").fill("phoenix").await;
    anna.button("Start a room").click().await;
    anna.goes_in().await;
    let all = [&anna, &bob, &cleo];
    everyone_sees_everyone(&all).await;
    tokio::join!(anna.watch_pictures("Bob"), bob.watch_pictures("Cleo"), cleo.watch_pictures("Anna"));
    server.kill().await;
    join_all(all.map(|page| page.status_says(&["connection to the server lost"]))).await;
    anna.sends("are you all there?").await;
    tokio::join!(bob.reads("are you all there?"), cleo.reads("are you all there?"));
    join_all(all.map(|page| page.people_are(&["Anna", "Bob", "Cleo"]))).await;
    server.start_again().await;
    join_all(all.map(the_server_is_back)).await;
    everyone_sees_everyone(&all).await;
    noticed_nothing(&[(&anna, "Bob"), (&bob, "Cleo"), (&cleo, "Anna")], 2).await;
    // Whoever comes now meets all of them.
    let at_room = Options { address: Some(room_address(&server, "phoenix")), ..Options::default() };
    let dan = Page::open_with(&server, at_room).await;
    dan.goes_in_as("Dan").await;
    let all = [&anna, &bob, &cleo, &dan];
    everyone_sees_everyone(&all).await;
    cleo.sends("what was that?").await;
    join_all([&anna, &bob, &dan].map(|page| page.reads("what was that?"))).await;
    for page in all {
        let heard = page.log("Conversation").text().await;
        assert!(!heard.contains("left."), "{heard}");
    }
    lines_stand_once(&bob, &["are you all there?", "what was that?"]).await;
}

/// `cargo test --release -p tincan-e2e -- --ignored a_hundred_kills --nocapture`
#[tokio::test]
#[ignore = "takes minutes: docs/RELIABILITY.md has its figures"]
async fn a_hundred_kills_of_the_server_in_a_call() {
    let mut server = Server::start(&[]).await;
    let (anna, bob) = watched_in_a_video_call(&server).await;
    for round in 0..100_u64 {
        server.kill().await;
        // From hardly noticed to long enough for a few attempts in vain.
        tokio::time::sleep(Duration::from_millis(round * 37 % 2_500)).await;
        server.start_again().await;
        tokio::join!(the_server_is_back(&anna), the_server_is_back(&bob));
        let (annas, bobs) = (format!("Anna {round:03}"), format!("Bob {round:03}"));
        tokio::join!(anna.sends(&annas), bob.sends(&bobs));
        tokio::join!(anna.reads(&bobs), bob.reads(&annas));
        // Of a long conversation, only the last lines are on the page.
        let latest = (round.saturating_sub(9)..=round)
            .flat_map(|it| [format!("Anna {it:03}"), format!("Bob {it:03}")]);
        let latest: Vec<String> = latest.collect();
        let latest: Vec<&str> = latest.iter().map(String::as_str).collect();
        tokio::join!(lines_stand_once(&anna, &latest), lines_stand_once(&bob, &latest));
    }
    for (page, other) in [(&anna, "Bob"), (&bob, "Anna")] {
        println!("{other} stood still for {:?} at most", page.longest_pause(other).await);
    }
    noticed_nothing(&[(&anna, "Bob"), (&bob, "Anna")], 1).await;
}
