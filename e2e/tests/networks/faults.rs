//! The line of one of two people breaks in a call, or their address changes.

use std::time::{Duration, Instant};

use tincan_e2e::{Browser, Nat, Network, Options, Page, Server, Side, Topology, Way, call};

struct Call {
    network: Network,
    _server: Server,
    anna: Page,
    bob: Page,
}

/// Anna's Chromium and Bob's are behind a NAT each, and in a video call.
async fn across_two_nats() -> Call {
    let way = Way::behind(Nat::EndpointIndependent);
    let network = Network::build(Topology::of(way, way), 1);
    let server = Server::start_in(&network).await;
    let open = async |side: Side| {
        let address = Some(network.url(side, Browser::Chromium));
        let place = Some(network.place(side));
        Page::open_with(&server, Options { address, place, ..Options::default() }).await
    };
    let (anna, bob) = tokio::join!(open(Side::A), open(Side::B));
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    Call { network, _server: server, anna, bob }
}

impl Call {
    /// Cuts Anna's line for so long. Returns how long after that pictures come both ways.
    async fn cut_for(&self, time: Duration) -> Duration {
        self.network.cut(Side::A);
        tokio::time::sleep(time).await;
        self.network.heal(Side::A);
        self.pictures_come().await
    }

    async fn pictures_come(&self) -> Duration {
        let begin = Instant::now();
        tokio::join!(self.anna.decodes(&["Bob"]), self.bob.decodes(&["Anna"]));
        begin.elapsed()
    }

    /// What is written by each arrives, once.
    async fn both_write(&self, what: &str) {
        let (annas, bobs) = (format!("Anna {what}"), format!("Bob {what}"));
        tokio::join!(self.anna.sends(&annas), self.bob.sends(&bobs));
        tokio::join!(self.anna.reads(&bobs), self.bob.reads(&annas));
        for page in [&self.anna, &self.bob] {
            let log = page.log("Conversation").text().await;
            assert_eq!((log.matches(&annas).count(), log.matches(&bobs).count()), (1, 1), "{log}");
        }
    }
}

#[tokio::test]
async fn a_call_is_back_when_the_line_is() {
    let call = across_two_nats().await;
    call.network.cut(Side::A);
    call.bob.status_says(&["interrupted at"]).await;
    tokio::join!(call.anna.sends("do you hear me?"), call.bob.sends("where are you?"));
    call.network.heal(Side::A);
    println!("back after {:?}", call.pictures_come().await);
    tokio::join!(call.anna.reads("where are you?"), call.bob.reads("do you hear me?"));
    call.both_write("is back").await;
    call.bob.status_says(&["Connected"]).await;
}

#[tokio::test]
async fn a_call_goes_on_from_another_address() {
    let call = across_two_nats().await;
    call.network.change_address(Side::A);
    println!("back after {:?}", call.pictures_come().await);
    call.both_write("is somewhere else").await;
}

/// `cargo test --release -p tincan-e2e -- --ignored a_hundred_cuts --nocapture`
#[tokio::test]
#[ignore = "takes a quarter of an hour: docs/RELIABILITY.md has its figures"]
async fn a_hundred_cuts_of_five_seconds() {
    let call = across_two_nats().await;
    let mut took = Vec::new();
    for round in 0..100 {
        took.push(call.cut_for(Duration::from_secs(5)).await);
        call.both_write(&format!("{round:03}")).await;
        println!("{round}: back after {:?}", took[round]);
    }
    took.sort_unstable();
    println!("back after {:?} (median), {:?} (p95), {:?} at most", took[50], took[95], took[99]);
}
