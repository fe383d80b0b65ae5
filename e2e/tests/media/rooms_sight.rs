//! What nobody looks at is not sent in full, or not at all.

use tincan_e2e::{Page, Server, everyone_sees_everyone, meet};

/// What is sent of a camera to who shows it large, and to who shows it small, when three are in a room: lines.
const LARGE: u64 = 480;
const SMALL: u64 = 360;

/// Waits until pictures go to somebody at this size. How much of it the browser really sends is the machine's affair, as long
/// as it is no more.
async fn sends_lines(page: &Page, to: &str, lines: u64) {
    let mut before = None;
    page.expect(&format!("the camera is sent to {to} at {lines} lines"), async || {
        let sent = page.sent_to(to).await;
        let goes_on = before.replace(sent.frames).is_some_and(|before| sent.frames > before);
        (goes_on && sent.asked == lines && sent.height <= lines).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_is_small_or_out_of_sight_costs_less() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob, cleo] = meet(&server, "sight", ["Anna", "Bob", "Cleo"]).await;
    everyone_sees_everyone(&[&anna, &bob, &cleo]).await;
    for page in [&bob, &cleo] {
        sends_lines(page, "Anna", LARGE).await;
    }

    // Anna makes Bob big, and Cleo small by that. It is none of the others' business.
    anna.button("Make Bob big").click().await;
    sends_lines(&cleo, "Anna", SMALL).await;
    sends_lines(&bob, "Anna", LARGE).await;
    sends_lines(&cleo, "Bob", LARGE).await;
    anna.decodes(&["Bob", "Cleo"]).await;
    anna.button("Show everybody").click().await;
    sends_lines(&cleo, "Anna", LARGE).await;

    // What isn't seen isn't sent; what is heard is.
    anna.goes_out_of_sight().await;
    for page in [&bob, &cleo] {
        page.sends_no_more_pictures_to("Anna").await;
    }
    tokio::join!(anna.hears_from("Bob"), anna.hears_from("Cleo"));
    tokio::join!(bob.decodes(&["Anna", "Cleo"]), cleo.decodes(&["Anna", "Bob"]));
    anna.comes_into_sight().await;
    everyone_sees_everyone(&[&anna, &bob, &cleo]).await;
}
