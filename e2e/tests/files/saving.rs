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

/// The row is removed, and with it what the page had stored, right after the file was saved.
async fn a_saved_file_is_whole(browser: Browser) {
    let server = Server::start(&[]).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let downloads = Some(folder.path().to_owned());
    let receiver = Options { browser, downloads, ..Options::default() };
    let (anna, bob) = open_two(&server, Options::default(), receiver).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Text chat", "Accept").await;
    for bytes in [70_000, 40_000_000] {
        let (_, original) = anna.takes_large_file(bytes).await;
        anna.attaches().await;
        bob.button("Accept file").click().await;
        bob.button("Save file").click().await;
        bob.deletes_file().await;
        let copy = downloaded(&bob, folder.path(), bytes).await;
        let [copy, original] =
            [&copy, &original.path().to_owned()].map(|path| std::fs::read(path).expect("read"));
        assert!(copy == original, "{bytes} bytes differ");
        anna.button("Dismiss").click().await;
    }
}

#[tokio::test]
async fn in_chromium() {
    a_saved_file_is_whole(Browser::Chromium).await;
}

#[tokio::test]
async fn in_firefox() {
    a_saved_file_is_whole(Browser::Firefox).await;
}
