//! Calls and rooms outlive the server, and connections that break.

mod ice_restarts;
mod relay;
mod reload;
mod server;
mod sleep;

use tincan_e2e::{Page, Server, call, sign_in_two};

async fn in_a_video_call(server: &Server) -> (Page, Page) {
    let (anna, bob) = sign_in_two(server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    (anna, bob)
}
