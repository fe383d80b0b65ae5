//! A page that was loaded before the server was upgraded.

use std::collections::HashSet;

use tincan_e2e::{HttpProxy, Options, Page, ProxyFault, Server};

/// Opens the page by a proxy that can have another version of it.
async fn by_a_proxy(server: &Server, path: &str) -> (HttpProxy, Page) {
    let proxy = HttpProxy::to(server, ProxyFault::RewritesHost).await;
    let address = Some(format!("{}{path}", proxy.url()));
    let page = Page::open_with(server, Options { address, ..Options::default() }).await;
    (proxy, page)
}

/// Returns the name of the script of the page that is loaded.
async fn version(page: &Page) -> String {
    let script = "return document.querySelector('link[rel=modulepreload]').href;";
    page.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
}

/// Waits until another version is loaded than these.
async fn another_version(page: &Page, known: &HashSet<String>) -> String {
    page.expect("another version is loaded", async || {
        // There is none while it is being loaded.
        let found = page.run("return document.querySelector('link[rel=modulepreload]')?.href;", vec![]).await;
        found.as_str().filter(|found| !known.contains(*found)).map(str::to_owned)
    })
    .await
}

#[tokio::test]
async fn a_page_whose_rest_is_gone_loads_itself_again_but_not_again_and_again() {
    let server = Server::start(&[]).await;
    let (proxy, page) = by_a_proxy(&server, "").await;
    page.textbox("Your name").is_there().await;
    let first = version(&page).await;
    proxy.becomes(ProxyFault::Upgraded);
    page.try_to_sign_in("Anna").await;
    let second = another_version(&page, &HashSet::from([first.clone()])).await;
    page.textbox("Your name").is_there().await;

    // Another upgrade, right after it.
    proxy.becomes(ProxyFault::RewritesHost);
    page.try_to_sign_in("Anna").await;
    page.says(&["There is a newer version of this page."]).await;
    assert_eq!(version(&page).await, second);
    page.button("Load again").click().await;
    another_version(&page, &HashSet::from([second])).await;
    page.sign_in("Anna").await;
}

#[tokio::test]
async fn a_page_in_a_room_works_on_and_says_that_there_is_a_newer_one() {
    let mut server = Server::start(&[]).await;
    let (proxy, page) = by_a_proxy(&server, "/r/old").await;
    page.goes_in_as("Anna").await;
    let first = version(&page).await;
    proxy.becomes(ProxyFault::Upgraded);
    server.kill().await;
    server.start_again().await;
    page.status_says(&["There is a newer version of this page."]).await;
    page.people_are(&["Anna"]).await;
    assert_eq!(version(&page).await, first);
    page.sends("it works on").await;
    page.reads("it works on").await;
    page.button("Load again").click().await;
    another_version(&page, &HashSet::from([first])).await;
    page.is_in_the_room().await;
    assert!(!page.button("Load again").is_there_now().await);
}

/// A network that is away is not an upgrade.
#[tokio::test]
async fn a_page_whose_rest_can_not_be_had_tries_on() {
    let server = Server::start(&[]).await;
    let page = Page::open(&server).await;
    page.textbox("Your name").is_there().await;
    let first = version(&page).await;
    page.run(
        "window.isAway = true;
        const native = fetch;
        window.fetch = (what, ...rest) => window.isAway && String(what.url ?? what).includes('_later')
            ? Promise.reject(new TypeError('as without a network'))
            : native(what, ...rest);",
        vec![],
    )
    .await;
    page.try_to_sign_in("Anna").await;
    page.says(&["The rest of the page can’t be loaded."]).await;
    page.run("window.isAway = false;", vec![]).await;
    page.textbox("Name to call").is_there().await;
    assert_eq!(version(&page).await, first);
}
