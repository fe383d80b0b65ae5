//! A room over real sockets: guests come by its link, one loses the connection and comes back, one closes the
//! page.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use serde_json::{Value, json};
use support::{Client, Running, start};
use tincan_server::Config;

/// Logs in as a guest of the room, with a secret of the guest's own. Returns the answer.
async fn come(server: &Running, name: &str, received: u64) -> (Client, Value) {
    let mut client = server.client().await;
    let secret = format!("{:0>32}", name.bytes().map(|byte| format!("{byte:x}")).collect::<String>());
    client
        .say(
            json!({"type": "login", "name": name, "room": "Standup", "resume": secret, "received": received}),
        )
        .await;
    let answer = client.hear().await;
    assert_eq!(answer["success"], true, "{answer}");
    (client, answer)
}

/// Returns what one member is told of another, except who is to call.
fn seen(member: &Value) -> (&Value, &Value, &Value) {
    (&member["name"], &member["displayName"], &member["call"])
}

#[tokio::test]
async fn three_meet_one_comes_back_and_one_goes() {
    let server = start(Config::default()).await;
    let (mut anna, anna_login) = come(&server, "Anna", 0).await;
    let room = anna.hear().await;
    assert_eq!((&room["type"], &room["members"]), (&json!("room"), &json!([])));
    let (mut bob, bob_login) = come(&server, "Bob", 0).await;
    let room_of_bob = bob.hear().await;
    let (mut carol, carol_login) = come(&server, "Carol", 0).await;
    let room_of_carol = carol.hear().await;

    // Each newcomer sees who was there, under the call by which those see the newcomer.
    let bob_to_anna = anna.hear().await;
    let carol_to_anna = anna.hear().await;
    let carol_to_bob = bob.hear().await;
    for (joined, login, members, index, there) in [
        (&bob_to_anna, &bob_login, &room_of_bob, 0, &anna_login),
        (&carol_to_anna, &carol_login, &room_of_carol, 0, &anna_login),
        (&carol_to_bob, &carol_login, &room_of_carol, 1, &bob_login),
    ] {
        let member = &members["members"][index];
        assert_eq!(seen(joined), (&login["name"], &login["displayName"], &member["call"]));
        assert_eq!(seen(member), (&there["name"], &there["displayName"], &joined["call"]));
        assert_eq!((&member["caller"], joined.get("caller")), (&json!(true), None));
    }

    // Loses the connection without a close frame. What is said meanwhile waits.
    drop(bob);
    let offer =
        json!({"type": "offer", "name": bob_login["name"], "offer": {}, "call": carol_to_bob["call"]});
    carol.say(offer).await;
    carol.hears_nothing().await;
    let (mut bob, resumed) = come(&server, "Bob", 2).await;
    assert_eq!((&resumed["resumed"], &resumed["name"]), (&json!(true), &bob_login["name"]));
    assert_eq!(resumed["displayName"], "Bob");
    assert_eq!(bob.hear().await["type"], "offer");
    anna.hears_nothing().await;
    carol.hears_nothing().await;

    anna.socket.close(None).await.unwrap();
    for (client, call) in [(&mut bob, &bob_to_anna["call"]), (&mut carol, &carol_to_anna["call"])] {
        let left = client.hear().await;
        assert_eq!((&left["type"], &left["reason"]), (&json!("left"), &json!("hangup")));
        assert_eq!((&left["name"], &left["call"]), (&anna_login["name"], call));
        client.hears_nothing().await;
    }
    server.stop().await;
}
