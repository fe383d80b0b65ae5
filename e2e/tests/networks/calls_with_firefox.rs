//! Each between Chromium and Firefox.

use tincan_e2e::{Scenario, measure};

/// Makes the scenario's call, and sees that it is as it has to be.
async fn holds(scenario: &str, seed: u64) {
    let scenario = Scenario::named(scenario);
    let outcome = measure(scenario, seed).await;
    let faults = outcome.faults(scenario.kind, &scenario.expected);
    assert!(faults.is_empty(), "{}: {faults:?}: {outcome:#?}", scenario.name);
}

#[tokio::test]
async fn two_nats_are_crossed_directly() {
    holds("independent-independent", 1).await;
}

#[tokio::test]
async fn two_symmetric_nats_are_crossed_through_the_relay() {
    holds("symmetric-symmetric", 2).await;
}

#[tokio::test]
async fn whoever_has_nothing_but_the_port_of_https_is_reached_over_tls() {
    holds("https-alone-both", 2).await;
}

#[tokio::test]
async fn ipv6_reaches_ipv4() {
    holds("ipv6-one-side", 2).await;
}
