//! A text chat becomes a video call and back, without a new call.

use tincan_e2e::{Server, call, connect_by_text, sign_in_two};

#[tokio::test]
async fn a_camera_turned_on_in_a_text_chat_is_seen_and_turned_off_again() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.button("Turn camera on").click().await;
    bob.sees("Anna").await;
    bob.button("Turn camera on").click().await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    anna.sends("good to see you").await;
    bob.reads("good to see you").await;
    tokio::join!(async { anna.button("Turn camera off").click().await }, async {
        bob.button("Turn camera off").click().await
    });
    tokio::join!(anna.no_longer_sees("Bob"), bob.no_longer_sees("Anna"));
    bob.sends("back to text").await;
    anna.reads("back to text").await;
    for page in [&anna, &bob] {
        assert_eq!(page.counts().await.peers_made, 1, "it was the same call all along");
    }
}

#[tokio::test]
async fn both_cameras_turned_on_at_the_same_moment() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    for _ in 0..3 {
        let (annas, bobs) = (anna.button("Turn camera on"), bob.button("Turn camera on"));
        tokio::join!(annas.click(), bobs.click());
        tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
        let (annas, bobs) = (anna.button("Turn camera off"), bob.button("Turn camera off"));
        tokio::join!(annas.click(), bobs.click());
        tokio::join!(anna.no_longer_sees("Bob"), bob.no_longer_sees("Anna"));
    }
    anna.sends("still one call").await;
    bob.reads("still one call").await;
    for page in [&anna, &bob] {
        assert_eq!(page.counts().await.peers_made, 1);
    }
}

#[tokio::test]
async fn a_voice_call_becomes_a_video_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Voice call", "Accept").await;
    tokio::join!(anna.hears(), bob.hears());
    bob.button("Turn camera on").click().await;
    anna.sees("Bob").await;
    tokio::join!(anna.hears(), bob.hears());
}

#[tokio::test]
async fn a_camera_switched_back_and_forth_quickly_ends_as_it_was_left() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    for _ in 0..4 {
        anna.button("Turn camera on").click().await;
        anna.button("Turn camera off").click().await;
    }
    anna.button("Turn camera on").click().await;
    bob.sees("Anna").await;
    anna.sends("dizzy?").await;
    bob.reads("dizzy?").await;
}
