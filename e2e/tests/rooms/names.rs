//! What people are called in a room.

use tincan_e2e::{Page, Server, everyone_sees_everyone, meet, room_address};

#[tokio::test]
async fn the_second_of_a_name_gets_a_number_and_is_told() {
    let server = Server::start(&[]).await;
    // As when somebody opens the link in a second browser of theirs.
    let ([first, second], third) =
        tokio::join!(meet(&server, "names", ["Anna", "Anna"]), Page::before_room(&server, "elsewhere"));
    second.status_says(&["you are Anna 2 in this room"]).await;
    second.is_called("Anna 2");
    everyone_sees_everyone(&[&first, &second]).await;
    first.people_are(&["Anna", "Anna 2"]).await;
    second.people_are(&["Anna", "Anna 2"]).await;
    first.reads("Anna 2 joined.").await;

    // In another room the name is free, and the two rooms have nothing to do with each other.
    third.goes_in_as("Anna").await;
    third.says(&["nobody else is here"]).await;
    third.people_are(&["Anna"]).await;
    second.sends("between the two of us").await;
    first.reads("between the two of us").await;
    assert!(!third.log("Conversation").text().await.contains("between"));
    assert_eq!(third.counts().await.peers_made, 0);
}

#[tokio::test]
async fn who_signed_in_by_a_name_keeps_it() {
    let server = Server::start(&[]).await;
    let ([guest, bob], anna) = tokio::join!(meet(&server, "named", ["Anna", "Bob"]), Page::open(&server));
    anna.sign_in("Anna").await;
    anna.textbox("Room name").fill("named").await;
    anna.button("Start a room").click().await;
    anna.says(&["You go in as Anna"]).await;
    anna.goes_in().await;
    guest.status_says(&["you are Anna 2 in this room"]).await;
    guest.is_called("Anna 2");
    bob.reads("Anna is now called Anna 2.").await;
    everyone_sees_everyone(&[&guest, &bob, &anna]).await;
    for page in [&guest, &bob, &anna] {
        page.people_are(&["Anna", "Anna 2", "Bob"]).await;
    }
}

#[tokio::test]
async fn a_guest_is_remembered_and_can_be_called_otherwise() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "first").await;
    page.goes_in_as("Zoë").await;
    page.visit(&room_address(&server, "second")).await;
    page.expect("the name stands in the field", async || {
        (page.textbox("Your name").value().await == "Zoë").then_some(())
    })
    .await;
    page.goes_in().await;
    page.people_are(&["Zoë"]).await;
    page.leaves().await;
    page.goes_in_as("Zoë Maria").await;
    page.people_are(&["Zoë Maria"]).await;
    for (name, advice) in [("", "type the name"), (&*"x".repeat(33), "at most 32")] {
        page.leaves().await;
        page.tries_to_go_in_as(name).await;
        page.alert_says(&[advice]).await;
        page.goes_in_as("Zoë").await;
    }
}
