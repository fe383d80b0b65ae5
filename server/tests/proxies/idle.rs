//! Silence. Run by hand, because it takes as long as it says:
//!
//! ```sh
//! cargo test -p tincan-server --test proxies -- --ignored --nocapture
//! ```

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::join_all;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::{Instant as Deadline, timeout_at};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::proxy::{Proxy, Setup};
use super::{PUBLIC_URL, server};

/// How long somebody is idle, if `IDLE_MINUTES` doesn't say.
const IDLE_MINUTES: u64 = 60;
/// How long a proxy may do nothing before it counts as one that never ends anything.
const NEVER: Duration = Duration::from_secs(400);

/// Measures what docs/HOSTING.md says of time-outs.
#[tokio::test]
#[ignore = "takes 7 minutes"]
async fn how_long_a_proxy_bears_silence() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // Opens WebSockets, and says nothing.
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                if let Ok(mut socket) = accept_async(stream).await {
                    while socket.next().await.is_some_and(|message| message.is_ok()) {}
                }
            });
        }
    });
    let proxies = Proxy::all(Setup::Documented, port);
    let measured = proxies.iter().map(|proxy| async {
        let mut page = proxy.page("").await.unwrap();
        let began = Instant::now();
        let ended = tokio::time::timeout(NEVER, page.socket.next()).await.is_ok();
        (proxy.name(), ended.then(|| began.elapsed()))
    });
    for (name, ended) in join_all(measured).await {
        match ended {
            Some(after) => println!("{name}: {:.0} s", after.as_secs_f64()),
            None => println!("{name}: not within {} s", NEVER.as_secs()),
        }
    }
}

#[tokio::test]
#[ignore = "takes an hour"]
async fn an_idle_page_stays_connected() {
    let minutes = std::env::var("IDLE_MINUTES").ok().map_or(IDLE_MINUTES, |text| text.parse().unwrap());
    let (_binary, port) = server(&["--public-url", PUBLIC_URL]);
    let proxies = Proxy::all(Setup::Documented, port);
    let idle = proxies.iter().map(|proxy| async move {
        let mut page = proxy.page("").await.unwrap();
        page.say(json!({"type": "login", "name": proxy.name()})).await;
        assert_eq!(page.hear().await["success"], true, "{proxy}");
        let until = Deadline::now() + Duration::from_secs(60 * minutes);
        let mut pings = 0;
        // The library answers pings, as a browser does.
        while let Ok(message) = timeout_at(until, page.socket.next()).await {
            match message {
                Some(Ok(Message::Ping(_))) => pings += 1,
                other => panic!("{proxy}: {other:?} after {pings} pings"),
            }
        }
        page.say(json!({"type": "ping"})).await;
        assert_eq!(page.hear().await["type"], "pong", "{proxy}");
        (proxy.name(), pings)
    });
    for (name, pings) in join_all(idle).await {
        println!("{name}: connected for {minutes} minutes, {pings} pings");
    }
}
