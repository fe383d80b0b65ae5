//! People meet in a room, by its link or by its name.

use futures_util::future::join_all;
use tincan_e2e::{Page, Server, each_with_each, everyone_meets_everyone, everyone_sees_everyone, meet};

#[tokio::test]
async fn three_meet_by_a_link_and_one_leaves_and_comes_back() {
    let server = Server::start_alone(&[]).await;
    let (anna, bob, cleo) = tokio::join!(Page::open(&server), Page::open(&server), Page::open(&server));
    anna.sign_in("Anna").await;
    anna.button("Start a room").click().await;
    anna.shows_live_picture("You").await;
    anna.by_role("img", "QR code of the room link").is_there().await;
    let link = anna.textbox("Room link").value().await;
    assert!(link.starts_with(&format!("{}/r/", server.url())), "{link}");
    anna.goes_in().await;
    anna.says(&["nobody else is here"]).await;
    assert_eq!(anna.address().await, link);
    for (page, name) in [(&bob, "Bob"), (&cleo, "Cleo")] {
        page.visit(&link).await;
        page.goes_in_as(name).await;
    }

    let all = [&anna, &bob, &cleo];
    everyone_meets_everyone(&all).await;
    join_all(all.map(|page| page.people_are(&["Anna", "Bob", "Cleo"]))).await;
    everyone_reads_everyone(&all).await;

    bob.leaves().await;
    bob.holds_nothing_of_a_call().await;
    for page in [&anna, &cleo] {
        page.reads("Bob left.").await;
        page.video("Bob").is_gone().await;
        page.people_are(&["Anna", "Cleo"]).await;
    }
    everyone_sees_everyone(&[&anna, &cleo]).await;
    everyone_reads_everyone(&[&anna, &cleo]).await;

    // The field holds the name that he had before.
    bob.comes_back().await;
    anna.reads("Bob joined.").await;
    everyone_sees_everyone(&all).await;
    each_with_each(&all, async |page, name| page.hears_from(name).await).await;
    everyone_reads_everyone(&all).await;
    for page in all {
        assert_eq!(page.errors().await, Vec::<String>::new());
    }
}

/// Everyone writes something, and everyone reads all of it.
async fn everyone_reads_everyone(people: &[&Page]) {
    let line = |name: &str| format!("{name} to {} others", people.len() - 1);
    join_all(people.iter().map(async |page| page.sends(&line(&page.name())).await)).await;
    each_with_each(people, async |page, name| page.reads(&line(name)).await).await;
}

#[tokio::test]
async fn two_who_go_in_at_the_same_moment_find_each_other() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob] = meet(&server, "rush", ["Anna", "Bob"]).await;
    for _ in 0..5 {
        tokio::join!(anna.leaves(), bob.leaves());
        tokio::join!(anna.comes_back(), bob.comes_back());
        everyone_sees_everyone(&[&anna, &bob]).await;
        assert_eq!((anna.counts().await.peers_open, bob.counts().await.peers_open), (1, 1));
    }
    anna.sends("in step").await;
    bob.reads("in step").await;
}

#[tokio::test]
async fn a_full_room_says_so_and_lets_one_in_when_somebody_has_left() {
    let server = Server::start(&["--room-limit", "2"]).await;
    let (pages, cleo) =
        tokio::join!(meet(&server, "small", ["Anna", "Bob"]), Page::before_room(&server, "small"));
    let [anna, bob] = pages;
    cleo.tries_to_go_in_as("Cleo").await;
    cleo.alert_says(&["this room is full"]).await;
    bob.leaves().await;
    cleo.goes_in_as("Cleo").await;
    everyone_sees_everyone(&[&anna, &cleo]).await;
    anna.people_are(&["Anna", "Cleo"]).await;
    bob.button("Join").click().await;
    bob.alert_says(&["this room is full"]).await;
}

#[tokio::test]
async fn a_name_that_no_room_can_have_is_refused_in_words() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "a%20b").await;
    page.alert_says(&["a room can’t have this name"]).await;
    assert_eq!(page.counts().await.tracks_live, 0, "nobody is filmed before a room that can't be");
    page.button("Back").click().await;
    page.button("Start a room").is_there().await;
}

#[tokio::test]
async fn a_room_by_a_name_of_any_script() {
    let server = Server::start(&[]).await;
    let (anna, bob) = tokio::join!(Page::open(&server), Page::open(&server));
    anna.sign_in("Anna").await;
    anna.textbox("Room name").paste(" 周会 ").await;
    anna.button("Start a room").click().await;
    anna.says(&["Room 周会"]).await;
    let link = anna.textbox("Room link").value().await;
    assert_eq!(link, format!("{}/r/%E5%91%A8%E4%BC%9A", server.url()));
    anna.goes_in().await;
    bob.visit(&link).await;
    bob.says(&["Room 周会"]).await;
    bob.goes_in_as("Bob").await;
    everyone_sees_everyone(&[&anna, &bob]).await;
}
