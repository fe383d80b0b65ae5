//! Offering, accepting, refusing, pausing and cancelling files, in calls, in rooms and from the home screen.

use serde_json::json;
use tincan_e2e::{Page, Server, connect_by_text, meet, sign_in_two};

#[tokio::test]
async fn files_of_all_sizes_arrive_whole() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    for (name, size) in [("empty", 0), ("one.bin", 1), ("three.bin", 3), ("some.bin", 3_000_000)] {
        let hash = anna.offers_file(name, size).await;
        bob.says(&["Do you want it?"]).await;
        bob.by_role("region", "Files").contains(name).await;
        bob.accepts_file().await;
        assert_eq!(bob.stored_files().await, [hash], "{name}");
        anna.says(&["Delivered"]).await;
        anna.button("Dismiss").click().await;
        anna.button("Dismiss").is_gone().await;
        bob.deletes_file().await;
        bob.stores_nothing().await;
    }
}

#[tokio::test]
async fn a_file_is_refused_or_accepted_from_now_on() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.offers_file("no.bin", 10).await;
    bob.button("Refuse file").click().await;
    anna.says(&["Bob refused it."]).await;
    anna.button("Try again").click().await;
    bob.button("Accept all from Anna").click().await;
    bob.button("Save file").is_there().await;
    anna.offers_file("another.bin", 20).await;
    anna.expect("both are delivered", async || {
        let text = anna.run("return document.querySelector('.files').innerText;", vec![]).await;
        (text.as_str()?.matches("Delivered").count() == 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_file_is_paused_goes_on_and_is_cancelled() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let hash = anna.offers_file("large.bin", 60_000_000).await;
    bob.button("Accept file").click().await;
    bob.by_role("progressbar", "large.bin").is_there().await;
    anna.button("Pause").click().await;
    anna.says(&["Paused."]).await;
    bob.says(&["Paused by Anna."]).await;
    anna.button("Resume").click().await;
    bob.button("Save file").is_there().await;
    assert_eq!(bob.stored_files().await, [hash]);
    bob.deletes_file().await;
    anna.button("Dismiss").click().await;

    anna.offers_file("unwanted.bin", 60_000_000).await;
    bob.button("Accept file").click().await;
    bob.button("Cancel").click().await;
    anna.says(&["Bob cancelled it."]).await;
    bob.says(&["You cancelled it."]).await;
    bob.stores_nothing().await;
}

#[tokio::test]
async fn to_everyone_in_a_room_or_to_one() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob, cleo] = meet(&server, "files", ["Anna", "Bob", "Cleo"]).await;
    anna.people_are(&["Anna", "Bob", "Cleo"]).await;
    bob.sends("here").await;
    cleo.sends("here, too").await;
    anna.reads("here, too").await;
    let hash = anna.offers_file("all.bin", 100_000).await;
    for page in [&bob, &cleo] {
        page.accepts_file().await;
        assert_eq!(page.stored_files().await, std::slice::from_ref(&hash));
        page.deletes_file().await;
    }
    anna.makes_file("one.bin", 100).await;
    anna.attaches_by("Send files to Bob").await;
    bob.button("Accept file").is_there().await;
    assert!(!cleo.button("Accept file").is_there_now().await);
}

#[tokio::test]
async fn a_file_for_somebody_whom_one_is_in_no_call_with() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.button("Attach files").click().await;
    anna.alert_says(&["Type the name of the person you want to reach."]).await;
    anna.textbox("Name to call").fill("Bob").await;
    let hash = anna.makes_file("home.bin", 1_000).await;
    anna.attaches_at_home().await;
    let asked = bob.dialog("Anna wants to send you a file");
    asked.contains("home.bin").await;
    asked.contains("1 kB").await;
    bob.accepts_file().await;
    assert_eq!(bob.stored_files().await, [hash]);
}

#[tokio::test]
async fn a_file_that_is_refused_before_there_is_a_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.textbox("Name to call").fill("Bob").await;
    anna.makes_file("home.bin", 1_000).await;
    anna.attaches_at_home().await;
    bob.button("Refuse file").click().await;
    anna.says(&["Bob doesn’t want to receive it."]).await;
    bob.is_home().await;
    assert_eq!(bob.counts().await.peers_made, 0);
}

#[tokio::test]
async fn a_picture_is_shown_small_from_the_choice_on_and_once_it_is_there() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.makes_picture("teal.png").await;
    anna.attaches().await;
    anna.shows_preview("teal.png").await;
    bob.button("Accept file").is_there().await;
    assert!(!bob.by_role("img", "Preview of teal.png").is_there_now().await);
    bob.accepts_file().await;
    bob.shows_preview("teal.png").await;
    anna.says(&["Delivered"]).await;
    anna.shows_preview("teal.png").await;

    // A file that claims to be a picture and is none is a file like others.
    anna.makes_file_of("none.png", "image/png", 1, 1_000).await;
    anna.attaches().await;
    bob.button("Accept file").click().await;
    bob.expect("both can be saved", async || {
        let text = bob.run("return document.querySelector('.files').innerText;", vec![]).await;
        (text.as_str()?.matches("Save file").count() == 2).then_some(())
    })
    .await;
    bob.by_role("img", "Preview of none.png").is_gone().await;
    bob.shows_preview("teal.png").await;
}

/// Some hundred kilobytes, and two hundred megabytes once drawn.
#[tokio::test]
async fn a_picture_of_too_many_pixels_is_a_file_like_others() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.makes_picture_of("huge.png", 7_200, 7_200).await;
    anna.attaches().await;
    anna.says(&["This picture is too large to be shown here."]).await;
    bob.accepts_file().await;
    bob.says(&["This picture is too large to be shown here."]).await;
    for page in [&anna, &bob] {
        assert_eq!(page.run("return document.querySelectorAll('img').length;", vec![]).await, 0);
    }
}

#[tokio::test]
async fn files_are_dropped_and_pasted_and_text_is_pasted_as_before() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let dropped = anna.makes_file("dropped.bin", 5_000).await;
    anna.drops_file_on(".call__top").await;
    bob.by_role("region", "Files").contains("dropped.bin").await;
    bob.accepts_file().await;
    assert_eq!(bob.stored_files().await, [dropped]);
    bob.deletes_file().await;

    let pasted = anna.makes_file("pasted.bin", 6_000).await;
    // The first clipboard is that of an office program, the second that of a file manager.
    assert!(anna.pastes_file(json!({ "text/plain": "some words", "text/html": "<b>some words</b>" })).await);
    assert!(!anna.pastes_file(json!({ "text/plain": "pasted.bin" })).await);
    bob.by_role("region", "Files").contains("pasted.bin").await;
    bob.accepts_file().await;
    assert_eq!(bob.stored_files().await, [pasted]);
    anna.sends("and text goes on").await;
    bob.reads("and text goes on").await;
}

#[tokio::test]
async fn a_file_that_is_dropped_goes_to_who_is_named_and_never_takes_the_pages_place() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.makes_file("dropped.bin", 1_000).await;
    anna.drops_file_on("body").await;
    anna.drops_file_on(".home h1").await;
    anna.alert_says(&["Type the name of the person you want to reach."]).await;
    anna.textbox("Name to call").fill("Bob").await;
    anna.drops_file_on(".home h1").await;
    bob.dialog("Anna wants to send you a file").contains("dropped.bin").await;
}

#[tokio::test]
async fn several_at_once_come_both_ways_and_text_with_them() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let mut sent = [Vec::new(), Vec::new()];
    for (page, hashes) in [&anna, &bob].into_iter().zip(&mut sent) {
        for number in 1..=4 {
            let name = format!("{} {number}.bin", page.name());
            hashes.push(page.offers_file(&name, 8_000_000 + number).await);
        }
        hashes.sort();
    }
    anna.button("Accept all from Bob").click().await;
    bob.button("Accept all from Anna").click().await;
    anna.sends("meanwhile").await;
    bob.reads("meanwhile").await;
    for (page, hashes) in [(&anna, &sent[1]), (&bob, &sent[0])] {
        page.expect("all four can be saved", async || {
            let text = page.run("return document.querySelector('.files').innerText;", vec![]).await;
            (text.as_str()?.matches("Save file").count() == 4).then_some(())
        })
        .await;
        let mut stored = page.stored_files().await;
        stored.sort();
        assert_eq!(stored, *hashes);
    }
}

#[tokio::test]
async fn nobody_is_sent_a_file_that_was_meant_for_somebody_else_of_their_name() {
    let server = Server::start(&[]).await;
    let anna = Page::before_room(&server, "names").await;
    anna.goes_in_as("Anna").await;
    anna.offers_file("alone.bin", 100).await;
    anna.alert_says(&["Nobody is here yet to send alone.bin to."]).await;

    let bob = Page::before_room(&server, "names").await;
    bob.goes_in_as("Bob").await;
    bob.sends("here").await;
    anna.reads("here").await;
    let hash = anna.offers_file("secret.bin", 100).await;
    bob.button("Accept file").is_there().await;
    bob.leaves().await;
    anna.says(&["Bob left before accepting it."]).await;
    bob.goes_in_as("Bob").await;
    bob.sends("somebody of this name").await;
    anna.reads("somebody of this name").await;
    assert!(!bob.button("Accept file").is_there_now().await);
    anna.button("Try again").click().await;
    bob.accepts_file().await;
    assert_eq!(bob.stored_files().await, [hash]);
}

#[tokio::test]
async fn what_was_not_saved_is_deleted_only_after_a_question() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let hash = anna.offers_file("kept.bin", 1_000).await;
    bob.accepts_file().await;
    bob.button("Delete").click().await;
    bob.alert_says(&["isn’t saved"]).await;
    bob.button("Keep").click().await;
    bob.button("Keep").is_gone().await;
    assert_eq!(bob.stored_files().await, [hash]);
    bob.button("Save file").click().await;
    bob.says(&["Saved."]).await;
    bob.button("Delete").click().await;
    bob.stores_nothing().await;
}
