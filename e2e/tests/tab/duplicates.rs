//! A tab and its duplicate, which begins with a copy of all that the tab kept for itself.

use serde_json::Value;
use tincan_e2e::{Browser, Options, Page, Server, call, open_two};

const FILES: &str = "return sessionStorage.getItem('tincan.files');";
const ID: &str = "return sessionStorage.getItem('tincan.tab');";

/// Waits until the tab has another id than this one, and returns it.
async fn other_id(page: &Page, than: &Value) -> Value {
    page.expect("the tab has an id of its own", async || {
        let id = page.run(ID, vec![]).await;
        (id.is_string() && id != *than).then_some(id)
    })
    .await
}

async fn a_duplicate_knows_nothing_of_the_files_of_its_original(browser: Browser) {
    let server = Server::start(&[]).await;
    let duplicated = Options { browser, ..Options::default() };
    let (anna, bob) = open_two(&server, Options::default(), duplicated).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Text chat", "Accept").await;
    let hash = anna.offers_file("some.bin", 70_000).await;
    bob.accepts_file().await;
    bob.button("Hang up").click().await;
    bob.is_home().await;
    let id = other_id(&bob, &Value::Null).await;

    bob.duplicates_tab().await;
    assert_eq!(bob.run(ID, vec![]).await, id, "the browser has copied what the tab kept");
    bob.sign_in("Bob's other tab").await;
    other_id(&bob, &id).await;
    assert!(bob.run(FILES, vec![]).await.is_null());
    assert!(!bob.button("Save file").is_there_now().await);

    // Each is itself when it is loaded anew.
    let others = other_id(&bob, &id).await;
    bob.reload().await;
    bob.is_home().await;
    assert_eq!(bob.run(ID, vec![]).await, others);
    bob.closes_duplicate().await;
    bob.reload().await;
    bob.is_home().await;
    bob.button("Save file").is_there().await;
    assert_eq!(bob.run(ID, vec![]).await, id);
    assert_eq!(bob.stored_files().await, [hash]);
}

#[tokio::test]
async fn a_duplicate_in_chromium() {
    a_duplicate_knows_nothing_of_the_files_of_its_original(Browser::Chromium).await;
}

#[tokio::test]
async fn a_duplicate_in_firefox() {
    a_duplicate_knows_nothing_of_the_files_of_its_original(Browser::Firefox).await;
}

/// Without HTTPS there are no locks.
#[tokio::test]
async fn a_duplicate_where_nothing_can_be_locked_is_somebody_else() {
    let server = Server::start(&[]).await;
    let insecure = Options { address: Some(Page::insecure_address(&server)), ..Options::default() };
    let page = Page::open_with(&server, insecure).await;
    page.sign_in("Anna").await;
    page.duplicates_tab().await;
    page.sign_in("Anna's other tab").await;
    page.reload().await;
    page.is_home().await;
    page.closes_duplicate().await;
    page.reload().await;
    page.is_home().await;
    page.says(&["Anna"]).await;
}

/// Another tab that is loaded anew lets go of its lock, and takes it again.
#[tokio::test]
async fn a_tab_that_is_loaded_anew_again_and_again_stays_itself() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "self").await;
    page.button("Join").is_there().await;
    let id = other_id(&page, &Value::Null).await;
    for _ in 0..5 {
        page.reload().await;
        page.button("Join").is_there().await;
        let held = async || {
            let script = "return navigator.locks.query().then((all) => all.held.map((one) => one.name));";
            let held = page.run(script, vec![]).await;
            (held == serde_json::json!([format!("tincan-tab-{}", id.as_str()?)])).then_some(())
        };
        page.expect("it holds its lock", held).await;
        assert_eq!(page.run(ID, vec![]).await, id);
    }
}
