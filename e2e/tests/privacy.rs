//! Nothing is stored, and nothing is sent to anyone else.

use tincan_e2e::{Server, call, sign_in_two};

#[tokio::test]
async fn the_page_asks_nobody_but_its_own_server() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    let strangers = anna
        .run(
            "return performance.getEntriesByType('resource').map((entry) => entry.name)
                 .filter((name) => new URL(name).host !== location.host);",
            vec![],
        )
        .await;
    assert_eq!(strangers, serde_json::json!([]));
    let ice_servers = anna
        .run("return tincanProbe.peers.flatMap((peer) => peer.getConfiguration().iceServers);", vec![])
        .await;
    assert_eq!(ice_servers, serde_json::json!([]), "no third party's STUN by default");
}

#[tokio::test]
async fn the_log_holds_no_descriptions_candidates_or_words() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    anna.sends("between you and me").await;
    bob.reads("between you and me").await;
    bob.button("Hang up").click().await;
    anna.is_home().await;
    let log = server.log();
    for secret in ["between you and me", "candidate:", "a=ice-ufrag", "a=fingerprint", "v=0"] {
        assert!(!log.contains(secret), "the log holds {secret:?}:\n{log}");
    }
}
