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

/// `localhost`, where the host has the page open, leads a phone nowhere.
#[tokio::test]
async fn a_phone_is_led_to_the_address_in_the_network_by_a_qr_code() {
    let folder = tempdir().expect("a temporary folder");
    let folder = folder.path().to_str().expect("a plain path");
    let server = Server::start(&["--listen=[::]:0", "--tls-self-signed", "--data", folder]).await;
    let log = server.log();
    let Some(urls) = log.lines().find_map(|line| line.strip_prefix("Other devices of this network: ")) else {
        eprintln!("skipped: this machine is in no network");
        return;
    };
    let url = urls.split(' ').next().expect("an URL");
    let address = format!("https://localhost:{}/", server.port());
    let page = Page::open_with(&server, Options { address: Some(address), ..Options::default() }).await;
    page.sign_in("Anna").await;
    page.button("Open on your phone").click().await;
    let dialog = page.dialog("Open on your phone");
    dialog.contains(url).await;
    page.link(url).is_there().await;
    page.by_role("img", "QR code of this server’s address").is_there().await;
    page.button("Close").click().await;
    dialog.is_gone().await;
}

#[tokio::test]
async fn where_people_come_by_name_no_address_is_shown() {
    let server = Server::start(&[]).await;
    let page = Page::open(&server).await;
    page.sign_in("Anna").await;
    let asks = "return fetch('lan', { method: 'POST' }).then((answer) => answer.status);";
    assert_eq!(page.run(asks, vec![]).await, 204);
    assert!(!page.button("Open on your phone").is_there_now().await);
}
