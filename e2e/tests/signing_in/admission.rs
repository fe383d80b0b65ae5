//! Where the page is there and the server's WebSocket is not, the page says why.

use tincan_e2e::{HttpProxy, Options, Page, ProxyFault, Server};

async fn open_at(server: &Server, address: String) -> Page {
    Page::open_with(server, Options { address: Some(address), ..Options::default() }).await
}

#[tokio::test]
async fn a_proxy_that_rewrites_the_host_is_no_obstacle() {
    let server = Server::start(&[]).await;
    let proxy = HttpProxy::to(&server, ProxyFault::RewritesHost).await;
    let page = open_at(&server, proxy.url()).await;
    page.sign_in("Anna").await;
    // Nothing of it is left, or the next one would be let in for another reason.
    let again = open_at(&server, proxy.url()).await;
    again.sign_in("Bob").await;
}

#[tokio::test]
async fn a_proxy_that_passes_no_websockets_on_is_named() {
    let server = Server::start(&[]).await;
    let proxy = HttpProxy::to(&server, ProxyFault::NoWebSockets).await;
    let page = open_at(&server, proxy.url()).await;
    page.try_to_sign_in("Anna").await;
    page.status_says(&["passes no WebSockets on"]).await;
    proxy.becomes(ProxyFault::NoServer);
    page.status_says(&["server is not running"]).await;
    proxy.becomes(ProxyFault::RewritesHost);
    page.textbox("Name to call").is_there().await;
}

#[tokio::test]
async fn the_address_where_people_find_the_server_is_said() {
    let server = Server::start(&["--public-url", "https://call.example"]).await;
    let page = open_at(&server, format!("http://elsewhere.localhost:{}", server.port())).await;
    page.try_to_sign_in("Anna").await;
    page.status_says(&["Open https://call.example instead"]).await;
    assert!(server.log().contains("--public-url says where"), "{}", server.log());
}
