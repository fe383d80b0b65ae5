//! A page is loaded anew, or crashes and is: it is back where it was, and the others do nothing.

use std::time::{Duration, Instant};

use tincan_e2e::{Browser, Options, Page, Server, call, everyone_sees_everyone, meet, open_two};

use super::in_a_video_call;

/// Loads the page anew, and returns how long it takes until both see each other again.
async fn reloads_and_is_back(page: &Page, (other, name): (&Page, &str)) -> Duration {
    let begin = Instant::now();
    page.reload().await;
    let back = page.name();
    tokio::join!(page.sees(name), other.sees(&back));
    begin.elapsed()
}

async fn both_talk(anna: &Page, bob: &Page, what: &str) {
    anna.sends(&format!("Anna {what}")).await;
    bob.reads(&format!("Anna {what}")).await;
    bob.sends(&format!("Bob {what}")).await;
    anna.reads(&format!("Bob {what}")).await;
}

#[tokio::test]
async fn whoever_loads_the_page_anew_is_back_in_the_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    reloads_and_is_back(&anna, (&bob, "Bob")).await;
    both_talk(&anna, &bob, "is back").await;
    reloads_and_is_back(&bob, (&anna, "Anna")).await;
    both_talk(&anna, &bob, "is back, too").await;
    anna.will_crash().await;
    reloads_and_is_back(&anna, (&bob, "Bob")).await;
    both_talk(&anna, &bob, "crashed").await;
    tokio::join!(anna.reload(), bob.reload());
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    both_talk(&anna, &bob, "at once").await;
    bob.button("Hang up").click().await;
    anna.status_says(&["Bob hung up"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    call(&anna, &bob, "Text chat", "Accept").await;
}

#[tokio::test]
async fn firefox_loads_the_page_anew_in_a_call() {
    let server = Server::start(&[]).await;
    let firefox = Options { browser: Browser::Firefox, ..Options::default() };
    let (anna, bob) = open_two(&server, firefox, Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    reloads_and_is_back(&anna, (&bob, "Bob")).await;
    both_talk(&anna, &bob, "is back").await;
    reloads_and_is_back(&bob, (&anna, "Anna")).await;
    both_talk(&anna, &bob, "is back, too").await;
}

#[tokio::test]
async fn what_was_off_is_off_when_the_page_is_back() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    anna.button("Turn camera off").click().await;
    bob.no_longer_sees("Anna").await;
    anna.button("Mute microphone").click().await;
    anna.button("Unmute microphone").is_there().await;
    anna.reload().await;
    anna.sees("Bob").await;
    anna.button("Turn camera on").is_there().await;
    anna.button("Unmute microphone").is_there().await;
    assert_eq!(anna.counts().await.tracks_live, 0);
    both_talk(&anna, &bob, "is back").await;
    anna.button("Turn camera on").click().await;
    bob.sees("Anna").await;
}

#[tokio::test]
async fn whoever_hung_up_meanwhile_is_not_called_back() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    bob.button("Hang up").click().await;
    bob.is_home().await;
    anna.is_home().await;
    anna.reload().await;
    anna.is_home().await;
    anna.button("Sign out").click().await;
    anna.textbox("Your name").is_there().await;
    anna.reload().await;
    anna.button("Sign in").is_there().await;
}

/// The server keeps a name for a while for a page that is gone without a word.
#[tokio::test]
async fn another_tab_of_the_same_browser_has_the_name_of_one_that_died() {
    let server = Server::start(&[]).await;
    let anna = Page::open(&server).await;
    anna.sign_in("Anna").await;
    anna.will_crash().await;
    anna.close_tab().await;
    anna.visit(&server.url()).await;
    anna.sign_in("Anna").await;
    // Of a tab that is there, nobody takes it.
    anna.duplicates_tab().await;
    anna.try_to_sign_in("Anna").await;
    anna.says(&["Somebody here already uses the name Anna."]).await;
    anna.closes_duplicate().await;
    anna.is_home().await;
}

#[tokio::test]
async fn whoever_loads_the_page_anew_is_back_in_the_room() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob, cleo] = meet(&server, "phoenix", ["Anna", "Bob", "Cleo"]).await;
    let all = [&anna, &bob, &cleo];
    everyone_sees_everyone(&all).await;
    bob.reload().await;
    bob.is_in_the_room().await;
    everyone_sees_everyone(&all).await;
    cleo.will_crash().await;
    cleo.reload().await;
    cleo.is_in_the_room().await;
    everyone_sees_everyone(&all).await;
    for page in all {
        page.people_are(&["Anna", "Bob", "Cleo"]).await;
    }
    cleo.sends("here we are").await;
    tokio::join!(anna.reads("here we are"), bob.reads("here we are"));
}

/// `cargo test --release -p tincan-e2e -- --ignored a_hundred_reloads --nocapture`
#[tokio::test]
#[ignore = "takes minutes: docs/RELIABILITY.md has its figures"]
async fn a_hundred_reloads_in_a_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    let mut took = Vec::new();
    for round in 0..100 {
        let (page, other) = if round % 2 == 0 { (&anna, &bob) } else { (&bob, &anna) };
        if round % 4 > 1 {
            page.will_crash().await;
        }
        took.push(reloads_and_is_back(page, (other, &other.name())).await);
        both_talk(&anna, &bob, &format!("{round:03}")).await;
    }
    took.sort_unstable();
    println!("back after {:?} (median), {:?} (p95), {:?} at most", took[50], took[95], took[99]);
}
