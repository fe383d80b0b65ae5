//! Networks are built, changed and removed.

use std::io;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tincan_e2e::{Nat, Network, Place, Server, Side, Topology, Way, remove_abandoned};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than a connection in a namespace takes.
const COMES_THROUGH: Duration = Duration::from_secs(5);
/// What is sent a second time after 1 s would come through then.
const STAYS_AWAY: Duration = Duration::from_millis(1_500);

async fn reach(place: &Place) -> TcpStream {
    timeout(COMES_THROUGH, place.reach_server()).await.expect("in time").expect("a connection")
}

#[tokio::test]
async fn a_line_is_cut_and_healed_and_an_address_changes() {
    let way = Way::behind(Nat::EndpointIndependent);
    let network = Network::build(Topology::of(way, Way::OPEN), 1);
    let _server = Server::start_in(&network).await;
    let [a, b] = Side::BOTH.map(|side| network.place(side));
    let before = [&a, &b].map(reach);
    let [of_a, of_b] = futures_util::future::join_all(before).await.try_into().expect("two");
    network.cut(Side::A);
    assert!(timeout(STAYS_AWAY, a.reach_server()).await.is_err(), "nothing comes through");
    reach(&b).await;
    network.heal(Side::A);
    reach(&a).await;
    for (side, place, old) in [(Side::A, &a, of_a), (Side::B, &b, of_b)] {
        network.change_address(side);
        let new = reach(place).await;
        assert_ne!(ip(&new), ip(&old), "{side:?}");
        network.change_address(side);
        assert_ne!(ip(&reach(place).await), ip(&new), "{side:?}");
    }
}

fn ip(stream: &TcpStream) -> std::net::IpAddr {
    stream.local_addr().expect("it is bound").ip()
}

/// What a process leaves that is killed goes when the next one builds a network.
#[test]
fn what_the_dead_have_left_is_removed() {
    let mut dead = Command::new("true").spawn().expect("a process");
    dead.wait().expect("its end");
    let left = format!("tincan-lab-{}-0-a", dead.id());
    let kept = format!("tincan-lab-{}-kept-a", std::process::id());
    let mut running = [&left, &kept].map(|name| {
        assert!(ip_netns(&["add", name]));
        let mut sleep = Command::new("ip");
        sleep.args(["netns", "exec", name, "sleep", "1000"]).spawn().expect("a process in it")
    });
    // `ip` becomes `sleep` once it is inside.
    let is_inside = |child: &Child| {
        let name = std::fs::read_to_string(format!("/proc/{}/comm", child.id()));
        name.is_ok_and(|name| name.trim() == "sleep")
    };
    while !running.iter().all(is_inside) {
        std::thread::yield_now();
    }
    remove_abandoned();
    let [of_the_dead, of_the_living] = &mut running;
    assert!(!of_the_dead.wait().expect("its end").success());
    assert!(!exists(&left));
    assert!(exists(&kept) && of_the_living.try_wait().expect("a child").is_none());
    of_the_living.kill().and_then(|()| of_the_living.wait()).expect("its end");
    assert!(ip_netns(&["delete", &kept]));
}

#[test]
fn a_network_goes_with_its_value() {
    let network = Network::build(Topology::of(Way::OPEN, Way::OPEN), 1);
    let namespace = |entry: io::Result<std::fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
    let mine = format!("{:?}", network.place(Side::A));
    let of_this = || {
        let all = std::fs::read_dir("/run/netns").expect("there are namespaces").filter_map(namespace);
        all.filter(|name| mine.contains(name.as_str())).count()
    };
    assert_eq!(of_this(), 1);
    drop(network);
    assert_eq!(of_this(), 0);
}

fn ip_netns(arguments: &[&str]) -> bool {
    let mut ip = Command::new("ip");
    ip.arg("netns").args(arguments).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn exists(namespace: &str) -> bool {
    std::path::Path::new("/run/netns").join(namespace).exists()
}
