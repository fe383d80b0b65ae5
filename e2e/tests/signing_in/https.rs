//! HTTPS of the server's own, for browsers on other machines.

use tempfile::tempdir;
use tincan_e2e::{Options, Page, Server, call, everyone_sees_everyone};

/// By plain HTTP, a page from another host gets no camera (`requirements.rs`).
#[tokio::test]
async fn a_certificate_of_its_own_opens_camera_and_microphone_to_other_hosts() {
    let folder = tempdir().expect("a temporary folder");
    let folder = folder.path().to_str().expect("a plain path");
    let server = Server::start(&["--tls-self-signed", "--data", folder]).await;
    // Asked for by plain HTTP.
    let options = || Options { address: Some(Page::insecure_address(&server)), ..Options::default() };
    let (anna, bob) = tokio::join!(Page::open_with(&server, options()), Page::open_with(&server, options()));
    for page in [&anna, &bob] {
        let address = page.address().await;
        assert!(address.starts_with("https://"), "{address}");
    }
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Video call", "Accept").await;
    everyone_sees_everyone(&[&anna, &bob]).await;
}
