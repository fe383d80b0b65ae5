//! Sharing a screen in a room.

use tincan_e2e::{Page, Server, everyone_sees_everyone, meet};

/// Waits until these people see Anna's screen beside her camera.
async fn see_annas_screen(people: &[&Page]) {
    for page in people {
        page.shows_live_picture("Anna’s screen").await;
        page.decodes(&["Anna’s screen", "Anna"]).await;
    }
}

async fn no_longer_see_annas_screen(people: &[&Page]) {
    for page in people {
        page.video("Anna’s screen").is_gone().await;
        page.decodes(&["Anna"]).await;
    }
}

#[tokio::test]
async fn a_screen_beside_the_camera_also_for_one_who_comes_later() {
    let server = Server::start_alone(&[]).await;
    let ([anna, bob], cleo) =
        tokio::join!(meet(&server, "show", ["Anna", "Bob"]), Page::before_room(&server, "show"));
    everyone_sees_everyone(&[&anna, &bob]).await;
    let tracks = anna.counts().await.tracks_live;
    anna.button("Share screen").click().await;
    anna.video("Your screen").is_there().await;
    see_annas_screen(&[&bob]).await;

    cleo.goes_in_as("Cleo").await;
    everyone_sees_everyone(&[&anna, &bob, &cleo]).await;
    see_annas_screen(&[&cleo, &bob]).await;
    anna.button("Stop sharing").click().await;
    anna.video("Your screen").is_gone().await;
    no_longer_see_annas_screen(&[&bob, &cleo]).await;

    anna.button("Share screen").click().await;
    see_annas_screen(&[&bob, &cleo]).await;
    anna.stop_sharing_by_the_browsers_bar().await;
    anna.button("Share screen").is_there().await;
    anna.video("Your screen").is_gone().await;
    no_longer_see_annas_screen(&[&bob, &cleo]).await;
    assert_eq!(anna.counts().await.tracks_live, tracks);
    assert_eq!(anna.counts().await.peers_made, 2, "all of it over the same connections");
}

#[tokio::test]
async fn two_screens_at_once_and_one_whose_owner_leaves() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob] = meet(&server, "two", ["Anna", "Bob"]).await;
    everyone_sees_everyone(&[&anna, &bob]).await;
    let (annas, bobs) = (anna.button("Share screen"), bob.button("Share screen"));
    tokio::join!(annas.click(), bobs.click());
    tokio::join!(anna.decodes(&["Bob", "Bob’s screen"]), bob.decodes(&["Anna", "Anna’s screen"]));
    anna.leaves().await;
    anna.holds_nothing_of_a_call().await;
    bob.video("Anna’s screen").is_gone().await;
    bob.video("Your screen").is_there().await;
    // Whoever comes back shares no screen.
    anna.comes_back().await;
    tokio::join!(anna.decodes(&["Bob", "Bob’s screen"]), bob.decodes(&["Anna"]));
    assert!(!bob.video("Anna’s screen").is_there_now().await);
}
