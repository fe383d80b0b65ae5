//! Firefox in a room with two Chromium.

use tincan_e2e::{
    Browser, Options, Page, Server, each_with_each, everyone_meets_everyone, everyone_sees_everyone, meet,
};

#[tokio::test]
async fn firefox_in_a_room_with_two_chromium() {
    let server = Server::start_alone(&[]).await;
    let firefox = Options { browser: Browser::Firefox, ..Options::default() };
    let (guests, anna) =
        tokio::join!(meet(&server, "foxes", ["Bob", "Cleo"]), Page::open_with(&server, firefox));
    let [bob, cleo] = guests;
    // By name rather than by link: Firefox gets the probe only once a page is loaded.
    anna.sign_in("Anna").await;
    anna.textbox("Room name").paste("foxes").await;
    anna.button("Start a room").click().await;
    anna.shows_live_picture("You").await;
    anna.goes_in().await;
    let all = [&anna, &bob, &cleo];
    everyone_meets_everyone(&all).await;
    for page in all {
        page.sends(&format!("from {}", page.name())).await;
    }
    each_with_each(&all, async |page, name| page.reads(&format!("from {name}")).await).await;

    bob.button("Share screen").click().await;
    anna.shows_live_picture("Bob’s screen").await;
    anna.decodes(&["Bob’s screen", "Bob", "Cleo"]).await;
    bob.button("Stop sharing").click().await;
    anna.video("Bob’s screen").is_gone().await;
    everyone_sees_everyone(&all).await;

    anna.button("Leave").click().await;
    anna.is_home().await;
    anna.holds_nothing_of_a_call().await;
    bob.people_are(&["Bob", "Cleo"]).await;
    everyone_sees_everyone(&[&bob, &cleo]).await;
}
