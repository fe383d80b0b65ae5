//! What nobody looks at is not sent in full, or not at all.

use tincan_e2e::{Page, Server, everyone_sees_everyone, meet};

/// What is sent of a camera to who shows it large, and to who shows it small, when three are in a room: lines.
const LARGE: u64 = 480;
const SMALL: u64 = 360;

async fn sends_lines(page: &Page, to: &str, fits: impl Fn(u64) -> bool) {
    page.expect(&format!("the camera is sent to {to} at another size"), async || {
        let before = page.sent_to(to).await;
        let later = page.sent_to(to).await;
        (later.frames > before.frames && fits(later.height)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_is_small_or_out_of_sight_costs_less() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob, cleo] = meet(&server, "sight", ["Anna", "Bob", "Cleo"]).await;
    everyone_sees_everyone(&[&anna, &bob, &cleo]).await;
    for page in [&bob, &cleo] {
        sends_lines(page, "Anna", |lines| lines > SMALL && lines <= LARGE).await;
    }

    // Anna makes Bob big, and Cleo small by that. It is none of the others' business.
    anna.button("Make Bob big").click().await;
    sends_lines(&cleo, "Anna", |lines| lines <= SMALL).await;
    sends_lines(&bob, "Anna", |lines| lines > SMALL).await;
    sends_lines(&cleo, "Bob", |lines| lines > SMALL).await;
    anna.decodes(&["Bob", "Cleo"]).await;
    anna.button("Show everybody").click().await;
    sends_lines(&cleo, "Anna", |lines| lines > SMALL && lines <= LARGE).await;

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
