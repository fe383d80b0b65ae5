//! Browsers throw where nobody expects it. Whatever throws, the page goes on; or it closes microphone and
//! camera, and says that it has stopped.

mod in_calls;

use tincan_e2e::{Page, Server};

/// What throws, and which it is expected to be.
const ACCIDENTS: [(&str, bool); 9] = [
    ("Date.prototype.toLocaleTimeString", false),
    ("Storage.prototype.setItem", false),
    ("Storage.prototype.getItem", false),
    ("MediaDevices.prototype.getUserMedia", false),
    ("MediaDevices.prototype.enumerateDevices", false),
    ("Element.prototype.setAttribute", true),
    ("Node.prototype.insertBefore", true),
    ("MediaStreamTrack.prototype.stop", true),
    ("Window.prototype.setTimeout", true),
];

#[tokio::test]
async fn whatever_throws_leaves_no_device_live_behind_a_dead_page() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "accidents").await;
    for (method, may_stop) in ACCIDENTS {
        let off = page
            .expect("the lobby is there", async || {
                if page.button("Turn camera on").is_there_now().await {
                    return Some(true);
                }
                page.button("Turn camera off").is_there_now().await.then_some(false)
            })
            .await;
        if off {
            // It is remembered.
            page.button("Turn camera on").click().await;
        }
        page.shows_live_picture("You").await;
        let (owner, name) = method.rsplit_once('.').expect("a method");
        // A function of the browser's own that throws a TypeError here: what code of the test throws, the
        // browser hides from the page.
        let breaks = format!(
            "{owner}.{name} = Symbol.prototype.valueOf;
            if ('{name}' === 'setTimeout') window.setTimeout = {owner}.{name};"
        );
        page.run(&breaks, vec![]).await;
        page.button("Turn camera off").click().await;
        let stopped = page
            .expect(&format!("{method}: the page goes on, or says that it has stopped"), async || {
                if page.dialog("The page has stopped").is_there_now().await {
                    return Some(true);
                }
                page.button("Turn camera on").is_there_now().await.then_some(false)
            })
            .await;
        assert!(!stopped || may_stop, "{method} stops the page");
        if stopped && name != "stop" {
            page.expect("nothing is live", async || (page.counts().await.tracks_live == 0).then_some(()))
                .await;
        }
        page.begins_anew().await;
    }
}

/// The page stops, as by a panic.
async fn stops(page: &Page) {
    // A browser hides from the page what code of the test throws, so this is what it would say of a panic.
    page.run(
        "const error = new WebAssembly.RuntimeError('unreachable');
        dispatchEvent(new ErrorEvent('error', { error }));",
        vec![],
    )
    .await;
    page.dialog("The page has stopped").is_there().await;
}

/// As after a panic: the program stops in the middle of something.
#[tokio::test]
async fn a_page_that_has_stopped_closes_everything_and_is_loaded_again_by_its_link() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "stopped").await;
    page.shows_live_picture("You").await;
    assert!(page.counts().await.tracks_live >= 2);
    stops(&page).await;
    page.expect("nothing is live", async || (page.counts().await.tracks_live == 0).then_some(())).await;
    page.link("Load again").click().await;
    page.dialog("The page has stopped").is_gone().await;
    page.shows_live_picture("You").await;
}

/// The browser still asks for the camera when the page stops, and is then allowed to use it.
#[tokio::test]
async fn a_device_that_comes_after_the_page_has_stopped_is_closed() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "late").await;
    page.shows_live_picture("You").await;
    page.button("Turn camera off").click().await;
    page.run(
        "const native = MediaDevices.prototype.getUserMedia;
        MediaDevices.prototype.getUserMedia = async function (constraints) {
            await new Promise((allow) => { window.allow = allow; });
            const stream = await native.call(this, constraints);
            window.late = stream.getTracks();
            return stream;
        };",
        vec![],
    )
    .await;
    page.button("Turn camera on").click().await;
    page.expect("the browser asks", async || {
        (page.run("return typeof window.allow;", vec![]).await == "function").then_some(())
    })
    .await;
    stops(&page).await;
    page.run("window.allow();", vec![]).await;
    page.expect("what comes is closed", async || {
        let states =
            page.run("return window.late && window.late.map((one) => one.readyState);", vec![]).await;
        (states == serde_json::json!(["ended"])).then_some(())
    })
    .await;
    assert_eq!(page.counts().await.tracks_live, 0);
}

/// The page stops between the coming of a device and all that is done with it.
#[tokio::test]
async fn a_device_with_which_nothing_can_be_done_is_closed() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "half").await;
    page.shows_live_picture("You").await;
    page.button("Turn camera off").click().await;
    page.button("Turn camera on").is_there().await;
    let before = page.run("return tincanProbe.tracks.length;", vec![]).await;
    page.breaks("EventTarget.prototype.addEventListener", false).await;
    page.button("Turn camera on").click().await;
    page.dialog("The page has stopped").is_there().await;
    page.expect("the camera came", async || {
        (page.run("return tincanProbe.tracks.length;", vec![]).await != before).then_some(())
    })
    .await;
    page.expect("nothing is live", async || (page.counts().await.tracks_live == 0).then_some(())).await;
}

/// Errors of others, as of extensions, stop nothing.
#[tokio::test]
async fn an_error_of_somebody_else_stops_nothing() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "others").await;
    page.shows_live_picture("You").await;
    page.run(
        "dispatchEvent(new ErrorEvent('error', { error: new Error('of an extension') }));
        dispatchEvent(new ErrorEvent('error', {}));
        Promise.reject(new TypeError('likewise'));
        Promise.reject(undefined);",
        vec![],
    )
    .await;
    page.button("Turn camera off").click().await;
    page.button("Turn camera on").click().await;
    page.shows_live_picture("You").await;
    assert!(!page.dialog("The page has stopped").is_there_now().await);
}
