//! A picture that is shown small is sent smaller, and one that nobody sees is not sent at all.

use tincan_e2e::{Page, Server, everyone_sees_everyone, meet};

/// The height, in lines, at which a camera is sent in a room of three: to who shows it large, and to who
/// shows it small.
const LARGE: u64 = 480;
const SMALL: u64 = 360;

/// Waits until the browser is asked to send pictures to somebody at this size, and sends some. It may send
/// smaller ones where the machine is short of processor time, but no larger ones.
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

    // Anna makes Bob big, and so Cleo small. What the others send to each other stays as it is.
    anna.button("Make Bob big").click().await;
    sends_lines(&cleo, "Anna", SMALL).await;
    sends_lines(&bob, "Anna", LARGE).await;
    sends_lines(&cleo, "Bob", LARGE).await;
    anna.decodes(&["Bob", "Cleo"]).await;
    anna.button("Show everybody").click().await;
    sends_lines(&cleo, "Anna", LARGE).await;

    // Pictures that nobody sees are not sent. Sound goes on.
    anna.goes_out_of_sight().await;
    for page in [&bob, &cleo] {
        page.sends_no_more_pictures_to("Anna").await;
    }
    tokio::join!(anna.hears_from("Bob"), anna.hears_from("Cleo"));
    tokio::join!(bob.decodes(&["Anna", "Cleo"]), cleo.decodes(&["Anna", "Bob"]));
    anna.comes_into_sight().await;
    everyone_sees_everyone(&[&anna, &bob, &cleo]).await;
}
