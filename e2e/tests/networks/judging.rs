//! Whatever is not as it has to be is a fault.

use std::time::Duration;

use tincan_e2e::{FAULTS, FaultOutcome, Media, Outcome, Path, Scenario};

fn good(path: [(&str, &str, &str); 2]) -> Outcome {
    let media = Media { pictures_a_second: 15.0, concealed: 0.01, is_heard: true, ..Media::default() };
    let mut outcome = Outcome { connected_ms: vec![300.0, 400.0], ..Outcome::default() };
    for (side, (local, over, remote)) in outcome.sides.iter_mut().zip(path) {
        side.path = Path { local: local.into(), remote: remote.into(), over: over.into() };
        side.text_is_whole = true;
        side.media = Some(media);
    }
    outcome
}

const DIRECT: [(&str, &str, &str); 2] = [("prflx", "udp", "srflx"), ("host", "udp", "prflx")];
const OVER_TLS: [(&str, &str, &str); 2] = [("relay", "tls", "srflx"), ("host", "udp", "relay")];

fn faults(scenario: &str, outcome: &Outcome) -> usize {
    let scenario = Scenario::named(scenario);
    outcome.faults(scenario.kind, &scenario.expected).len()
}

#[test]
fn a_path_has_to_be_the_one_that_the_networks_allow() {
    for (scenario, path, expected) in [
        ("open-open", DIRECT, 0),
        ("open-open", OVER_TLS, 2),
        ("open-open", [("host", "tcp", "host"); 2], 2),
        ("symmetric-symmetric", DIRECT, 2),
        ("symmetric-symmetric", OVER_TLS, 0),
        ("https-alone", OVER_TLS, 0),
        ("no-udp", OVER_TLS, 1),
    ] {
        assert_eq!(faults(scenario, &good(path)), expected, "{scenario} {path:?}");
    }
}

#[test]
fn whatever_users_would_miss_is_a_fault() {
    type Spoil = fn(&mut Outcome);
    let spoils: [Spoil; 7] = [
        |it| it.connected_ms.push(60_000.0),
        |it| it.connected_ms.clear(),
        |it| it.sides[1].text_is_whole = false,
        |it| it.sides[0].media = None,
        |it| it.sides[1].media.as_mut().expect("it has").pictures_a_second = 3.0,
        |it| it.sides[1].media.as_mut().expect("it has").concealed = 0.5,
        |it| it.sides[0].media.as_mut().expect("it has").is_heard = false,
    ];
    for (number, spoil) in spoils.iter().enumerate() {
        let mut outcome = good(DIRECT);
        spoil(&mut outcome);
        assert_eq!(faults("open-open", &outcome), 1, "{number}");
    }
}

#[test]
fn whatever_people_would_notice_of_a_fault_is_one() {
    let ms = Duration::from_millis;
    let gap = |gap| ("Anna".to_owned(), "Bob".to_owned(), gap);
    let judged = |scenario: &str, outcome: &FaultOutcome| {
        let scenario = FAULTS.iter().find(|it| it.name == scenario).expect("a scenario");
        outcome.faults(scenario).len()
    };
    let good = FaultOutcome { gaps: vec![gap(ms(900))], back: ms(2_000), ..FaultOutcome::default() };
    for (scenario, change, expected) in [
        ("call-server-30", good.clone(), 0),
        ("call-server-30", FaultOutcome { gaps: vec![gap(ms(1_100))], ..good.clone() }, 1),
        ("call-relay-away", FaultOutcome { gaps: vec![gap(ms(45_000))], ..good.clone() }, 0),
        ("call-cut-20", FaultOutcome { gaps: vec![gap(ms(24_000))], ..good.clone() }, 0),
        ("call-cut-20", FaultOutcome { gaps: vec![gap(ms(27_000))], ..good.clone() }, 1),
        ("call-cut-5", FaultOutcome { back: ms(3_100), ..good.clone() }, 1),
        ("call-cut-5", FaultOutcome { lines: vec!["one is missing".to_owned()], ..good.clone() }, 1),
        ("call-cut-5", FaultOutcome { file: Some(true), ..good.clone() }, 0),
        ("call-cut-5", FaultOutcome { file: Some(false), ..good }, 1),
    ] {
        assert_eq!(judged(scenario, &change), expected, "{scenario} {change:?}");
    }
}
