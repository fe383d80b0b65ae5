//! What the browsers really write when a file is saved.

use std::path::{Path, PathBuf};

use tincan_e2e::{Browser, Options, Page, Server, call, open_two};

/// Waits for a download of so many bytes, and returns its path. An unfinished one has another name or size.
async fn downloaded(page: &Page, folder: &Path, bytes: u64) -> PathBuf {
    page.expect("the download is complete", async || {
        let files = std::fs::read_dir(folder).expect("the folder is there");
        let mut whole = files.map(|file| file.expect("it can be read").path()).filter(|path| {
            let unfinished = path.extension().is_some_and(|it| it == "crdownload" || it == "part");
            !unfinished && path.metadata().is_ok_and(|it| it.len() == bytes)
        });
        whole.next()
    })
    .await
}

/// Brings Anna, who sends, and Bob, who saves into the folder, into a chat.
async fn chat_to_save_in(browser: Browser, folder: &Path) -> (Server, Page, Page) {
    let server = Server::start(&[]).await;
    let downloads = Some(folder.to_owned());
    let receiver = Options { browser, downloads, ..Options::default() };
    let (anna, bob) = open_two(&server, Options::default(), receiver).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Text chat", "Accept").await;
    (server, anna, bob)
}

fn assert_same(copy: &Path, original: &Path, bytes: u64) {
    let [copy, original] = [copy, original].map(|path| std::fs::read(path).expect("read"));
    assert!(copy == original, "{bytes} bytes differ");
}

/// The row is removed, and with it what the page had stored, right after the file was saved.
async fn a_saved_file_is_whole(browser: Browser) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (_server, anna, bob) = chat_to_save_in(browser, folder.path()).await;
    for bytes in [70_000, 40_000_000] {
        let (_, original) = anna.takes_large_file(bytes).await;
        anna.attaches().await;
        bob.button("Accept file").click().await;
        bob.button("Save file").click().await;
        bob.deletes_file().await;
        let copy = downloaded(&bob, folder.path(), bytes).await;
        assert_same(&copy, original.path(), bytes);
        anna.button("Dismiss").click().await;
    }
    bob.button("Hang up").click().await;
    bob.is_home().await;
    bob.expect("nobody is asked for ever", async || (!bob.asks_before_leaving().await).then_some(())).await;
}

/// From the press of the button on, the browser asks before the page is left. Once it has begun to save,
/// closing the page does no harm.
async fn a_saved_file_is_whole_after_the_page_is_closed(browser: Browser) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (_server, anna, bob) = chat_to_save_in(browser, folder.path()).await;
    let bytes = 40_000_000;
    let (_, original) = anna.takes_large_file(bytes).await;
    anna.attaches().await;
    bob.accepts_file().await;
    // Otherwise the browser would ask because of the call.
    bob.button("Hang up").click().await;
    bob.is_home().await;
    assert!(bob.asks_before_leaving().await, "it isn't saved");
    bob.close_tab_right_after(async || {
        bob.button("Save file").click().await;
        bob.says(&["Saved."]).await;
        assert!(bob.asks_before_leaving().await, "it is being saved");
        bob.expect("it is being saved", async || {
            std::fs::read_dir(folder.path()).expect("the folder is there").next().map(drop)
        })
        .await;
    })
    .await;
    let copy = downloaded(&bob, folder.path(), bytes).await;
    assert_same(&copy, original.path(), bytes);
}

#[tokio::test]
async fn in_chromium() {
    a_saved_file_is_whole(Browser::Chromium).await;
}

#[tokio::test]
async fn in_firefox() {
    a_saved_file_is_whole(Browser::Firefox).await;
}

#[tokio::test]
async fn in_chromium_whose_page_is_closed() {
    a_saved_file_is_whole_after_the_page_is_closed(Browser::Chromium).await;
}

#[tokio::test]
async fn in_firefox_whose_page_is_closed() {
    a_saved_file_is_whole_after_the_page_is_closed(Browser::Firefox).await;
}
