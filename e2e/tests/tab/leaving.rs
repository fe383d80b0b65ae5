//! Leaving by mistake.

use tincan_e2e::{Browser, Key, Options, Page, Server, call, open_two, room_address, sign_in_two};

async fn the_browser_asks_before_a_call_is_left(browser: Browser) {
    let server = Server::start(&[]).await;
    let asked = Options { browser, ..Options::default() };
    let (anna, bob) = open_two(&server, asked, Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    assert!(!anna.reloads_and_is_asked().await, "nothing is lost at home");
    anna.is_home().await;
    call(&anna, &bob, "Text chat", "Accept").await;
    anna.sends("hello").await;
    bob.reads("hello").await;
    assert!(anna.reloads_and_is_asked().await);
    anna.is_in_a_call().await;
    bob.button("Hang up").click().await;
    bob.is_home().await;
    assert!(!bob.asks_before_leaving().await, "the call is over");
}

#[tokio::test]
async fn chromium_asks_before_a_call_is_left() {
    the_browser_asks_before_a_call_is_left(Browser::Chromium).await;
}

#[tokio::test]
async fn firefox_asks_before_a_call_is_left() {
    the_browser_asks_before_a_call_is_left(Browser::Firefox).await;
}

#[tokio::test]
async fn the_browser_asks_while_a_file_runs_and_until_it_is_saved() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Text chat", "Accept").await;
    anna.offers_file("some.bin", 70_000).await;
    bob.accepts_file().await;
    bob.button("Hang up").click().await;
    tokio::join!(anna.is_home(), bob.is_home());
    assert!(bob.asks_before_leaving().await, "it isn't saved");
    assert!(!anna.asks_before_leaving().await, "it has arrived");
    bob.deletes_file().await;
    bob.expect("nothing is lost any more", async || (!bob.asks_before_leaving().await).then_some(())).await;
}

/// Opens the page after another one, in one tab.
async fn second_in_the_tab(server: &Server, browser: Browser) -> Page {
    let address = Some(format!("{}/check", server.url()));
    let page = Page::open_with(server, Options { browser, address, ..Options::default() }).await;
    page.visit(&server.url()).await;
    page
}

async fn back_in_a_call_asks_first(browser: Browser) {
    let server = Server::start(&[]).await;
    let (anna, bob) = tokio::join!(second_in_the_tab(&server, browser), Page::open(&server));
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Text chat", "Accept").await;
    for stay in 0..3 {
        anna.goes_back().await;
        anna.dialog("Leave the call?").is_there().await;
        match stay {
            0 => anna.button("Stay").click().await,
            1 => anna.button("Close").click().await,
            _ => anna.press(Key::Escape).await,
        }
        anna.dialog("Leave the call?").is_gone().await;
        assert!(anna.asks_before_leaving().await);
    }
    anna.sends("still here").await;
    bob.reads("still here").await;

    anna.goes_back().await;
    anna.dialog("Leave the call?").is_there().await;
    assert!(!anna.asks_before_leaving().await, "who was asked isn't asked again");
    anna.goes_back().await;
    anna.is_home().await;
    bob.status_says(&["Anna hung up"]).await;

    // The next call ends otherwise. At home, Back is as if there had been none.
    call(&anna, &bob, "Text chat", "Accept").await;
    bob.button("Hang up").click().await;
    anna.is_home().await;
    leaves_by_back(&anna, &server).await;
}

/// A single Back leads to the page before.
async fn leaves_by_back(page: &Page, server: &Server) {
    page.expect("nothing is caught any more", async || {
        (page.run("return history.state;", vec![]).await.is_null()).then_some(())
    })
    .await;
    page.goes_back().await;
    page.expect("the page before is there", async || {
        (page.address().await == format!("{}/check", server.url())).then_some(())
    })
    .await;
}

#[tokio::test]
async fn back_in_a_call_asks_first_in_chromium() {
    back_in_a_call_asks_first(Browser::Chromium).await;
}

#[tokio::test]
async fn back_in_a_call_asks_first_in_firefox() {
    back_in_a_call_asks_first(Browser::Firefox).await;
}

#[tokio::test]
async fn back_in_a_room_asks_first() {
    let server = Server::start(&[]).await;
    let page = second_in_the_tab(&server, Browser::Chromium).await;
    page.visit(&room_address(&server, "den")).await;
    page.goes_in_as("Anna").await;
    assert!(!page.asks_before_leaving().await, "nobody else is here");
    page.goes_back().await;
    page.dialog("Leave the room?").is_there().await;
    page.button("Stay").click().await;
    page.people_are(&["Anna"]).await;
    assert_eq!(page.address().await, room_address(&server, "den"));
    page.goes_back().await;
    page.dialog("Leave the room?").is_there().await;
    page.goes_back().await;
    page.status_says(&["You have left the room"]).await;
    assert_eq!(page.address().await, room_address(&server, "den"));
    page.goes_in_as("Anna").await;
    // Loaded anew inside, it is inside, and Back asks as before.
    page.reload().await;
    page.is_in_the_room().await;
    page.goes_back().await;
    page.dialog("Leave the room?").is_there().await;
    page.goes_back().await;
    page.status_says(&["You have left the room"]).await;
    page.expect("nothing is caught any more", async || {
        (page.run("return history.state;", vec![]).await.is_null()).then_some(())
    })
    .await;
    page.button("Join").is_there().await;
    page.goes_back().await;
    page.textbox("Your name").is_there().await;
    leaves_by_back(&page, &server).await;
}

/// Who goes into a room from home comes home by leaving it.
#[tokio::test]
async fn who_leaves_a_room_by_back_is_home() {
    let server = Server::start(&[]).await;
    let page = second_in_the_tab(&server, Browser::Chromium).await;
    page.sign_in("Anna").await;
    page.textbox("Room name").fill("den").await;
    page.button("Start a room").click().await;
    page.goes_in().await;
    page.goes_back().await;
    page.dialog("Leave the room?").is_there().await;
    page.goes_back().await;
    page.is_home().await;
    assert_eq!(page.address().await, format!("{}/", server.url()));
    // The room's lobby is where one was before.
    page.goes_back().await;
    page.button("Join").is_there().await;
}
