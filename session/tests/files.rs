//! Files in calls and rooms: who is told of them, and when. What becomes of them is in `src/files/tests/`.

mod support;

use support::Anna;
use tincan_session::files::{
    Direction, FileEffect, FileEvent, FileInput, FileIntent, Files, Remembered, SourceFile, SourceId,
    TransferId, TransferState, TransferView,
};
use tincan_session::{
    CallKind, ConnectionState, Effect, Input, Intent, PeerEffect, PeerEvent, Recipients, Screen,
};
use tincan_shared::{DescriptionKind, FileNotice};

const OFFERED: &str = r#"{"t":"offer","id":"0000000000000000000000000000000a","name":"a.txt","size":3}"#;

/// In a call, with a machine for files that came when the call was there already.
fn in_call() -> Anna {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.session.share_files(Box::new(Files::new()));
    anna.input(Input::Tick);
    anna
}

fn bobs() -> TransferId {
    TransferId::from_random(10)
}

fn offers(anna: &mut Anna, to: Option<&str>) {
    let file = SourceFile { source: SourceId(1), name: "../b.txt".to_owned(), size: 5, mime: String::new() };
    let to = to.map_or(Recipients::Everyone, |to| Recipients::Address(to.to_owned()));
    anna.wants(Intent::OfferFile { file, to });
}

/// What was said over data channels of these kinds since the effects were last cleared.
fn said(anna: &Anna, kind: &str) -> Vec<String> {
    let texts = anna.effects.iter().filter_map(|effect| match effect {
        Effect::Peer { effect: PeerEffect::SendText(text), .. } => Some(text.clone()),
        _ => None,
    });
    texts.filter(|text| text.contains(&format!(r#""t":"{kind}""#))).collect()
}

fn transfers(anna: &Anna) -> Vec<TransferView> {
    anna.session.view().transfers
}

fn hears(anna: &mut Anna, text: &str) {
    anna.peer(PeerEvent::ChannelMessage(text.to_owned()));
}

#[test]
fn an_offer_is_said_answered_and_carried_out() {
    let mut anna = in_call();
    offers(&mut anna, None);
    // The id is the fourth thing that Anna's session has drawn: after her token, the call's id, and what her
    // lines go by.
    let id = "00000000000000000000000000000005";
    assert_eq!(
        said(&anna, "offer"),
        [format!(r#"{{"t":"offer","id":"{id}","name":"_b.txt","size":5,"attempt":1}}"#)]
    );
    hears(&mut anna, &format!(r#"{{"t":"accept","id":"{id}"}}"#));
    hears(&mut anna, &format!(r#"{{"t":"take","id":"{id}","run":4,"from":0}}"#));
    let sends =
        |effect: &&Effect| matches!(effect, Effect::File(FileEffect::Send { source: SourceId(1), .. }));
    assert_eq!(anna.effects.iter().filter(sends).count(), 1);
    hears(&mut anna, &format!(r#"{{"t":"got","id":"{id}"}}"#));
    assert_eq!(transfers(&anna)[0].state, TransferState::Done);
}

#[test]
fn what_is_about_files_is_not_about_lines_and_the_other_way_round() {
    let mut anna = in_call();
    hears(&mut anna, OFFERED);
    hears(&mut anna, r#"{"t":"line","id":1,"n":1,"text":"see a.txt"}"#);
    hears(&mut anna, r#"{"t":"offer","id":"nonsense"}"#);
    assert_eq!(transfers(&anna).len(), 1);
    assert_eq!(transfers(&anna)[0].state, TransferState::Offered);
    assert_eq!(said(&anna, "ack"), [r#"{"t":"ack","id":1}"#]);
}

#[test]
fn nothing_is_offered_to_nobody() {
    let mut anna = in_call();
    offers(&mut anna, Some("Cleo"));
    assert!(transfers(&anna).is_empty());
    offers(&mut anna, Some("Bob"));
    assert_eq!(transfers(&anna).len(), 1);
}

#[test]
fn a_file_that_is_too_large_is_refused_by_name() {
    let mut anna = in_call();
    let file =
        SourceFile { source: SourceId(1), name: "huge".to_owned(), size: u64::MAX, mime: String::new() };
    anna.wants(Intent::OfferFile { file, to: Recipients::Everyone });
    assert_eq!(anna.session.view().file_refused.map(|(name, _)| name).as_deref(), Some("huge"));
    // What is chosen together with it says nothing about it; what is chosen later does.
    offers(&mut anna, None);
    assert!(anna.session.view().file_refused.is_some());
    anna.passes(2_000);
    offers(&mut anna, None);
    assert_eq!(anna.session.view().file_refused, None);
}

#[test]
fn a_channel_that_closes_lets_it_wait_and_the_next_goes_on() {
    let mut anna = in_call();
    hears(&mut anna, OFFERED);
    anna.wants(Intent::File(FileIntent::Accept(bobs())));
    let run = anna.effects.iter().find_map(|effect| match effect {
        Effect::File(FileEffect::Prepare { run, .. }) => Some(*run),
        _ => None,
    });
    let run = run.expect("a place is made for it");
    anna.input(Input::File(FileInput::Event(bobs(), run, FileEvent::Stored { offset: 0, hash: None })));
    assert_eq!(said(&anna, "take").len(), 1);
    anna.peer(PeerEvent::ChannelClosed);
    assert_eq!(transfers(&anna)[0].state, TransferState::Waiting);
    let before = said(&anna, "have").len();
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    assert_eq!(said(&anna, "have").len(), before + 1);
}

#[test]
fn who_hangs_up_has_left_and_what_was_only_offered_is_gone() {
    let mut anna = in_call();
    hears(&mut anna, OFFERED);
    anna.wants(Intent::HangUp);
    assert!(transfers(&anna).is_empty());
}

#[test]
fn what_was_kept_goes_on_after_a_reload() {
    let mut anna = Anna::new();
    anna.session.share_files(Box::new(Files::new()));
    anna.input(Input::File(FileInput::Kept(vec![Remembered {
        id: bobs(),
        direction: Direction::Incoming,
        name: "a.txt".to_owned(),
        size: 3,
        mime: None,
        peer: "Bob".to_owned(),
        whole: false,
    }])));
    assert_eq!(transfers(&anna)[0].state, TransferState::Waiting);
    // Signing out forgets: nothing is to be left on a computer that somebody else may use.
    anna.effects.clear();
    anna.wants(Intent::SignOut);
    assert!(anna.effects.contains(&Effect::File(FileEffect::Discard { id: bobs() })));
    assert!(transfers(&anna).is_empty());
}

#[test]
fn a_page_that_goes_away_forgets_nothing() {
    let mut anna = in_call();
    hears(&mut anna, OFFERED);
    anna.wants(Intent::File(FileIntent::Accept(bobs())));
    anna.effects.clear();
    anna.wants(Intent::Leave);
    let deletes = |effect: &Effect| matches!(effect, Effect::File(FileEffect::Discard { .. }));
    assert!(!anna.effects.iter().any(deletes));
}

#[test]
fn a_call_for_files_offers_them_once_it_is_accepted() {
    let file = |number| SourceFile {
        source: SourceId(number),
        name: format!("{number}.txt"),
        size: 5,
        mime: String::new(),
    };
    let mut anna = Anna::home();
    anna.session.share_files(Box::new(Files::new()));
    let files = vec![file(1), file(2)];
    anna.wants(Intent::CallWithFiles { name: "Bob".to_owned(), files });
    anna.peer(PeerEvent::NegotiationNeeded);
    anna.peer(PeerEvent::LocalDescription(support::sdp(DescriptionKind::Offer)));
    assert!(transfers(&anna).is_empty());
    let notice = r#""files":{"name":"1.txt","count":2,"bytes":10}"#;
    assert!(anna.last_said().contains(notice), "{}", anna.last_said());
    anna.is_answered();
    assert_eq!(said(&anna, "offer").len(), 2);

    // Whoever isn't reached gets none, and no file is held on to.
    let mut anna = Anna::home();
    anna.session.share_files(Box::new(Files::new()));
    anna.wants(Intent::CallWithFiles { name: "Bob".to_owned(), files: vec![file(1)] });
    anna.wants(Intent::Cancel);
    anna.wants(Intent::CallWithFiles { name: "Anna".to_owned(), files: vec![file(2)] });
    for source in [SourceId(1), SourceId(2)] {
        assert!(anna.effects.contains(&Effect::File(FileEffect::Release { source })));
    }
}

/// Bob calls in order to hand over a file, or so he says.
fn announced(sdp: &str) -> Anna {
    let mut anna = Anna::home();
    anna.session.share_files(Box::new(Files::new()));
    anna.hears(&format!(
        r#"{{"type":"offer","name":"Bob","call":"b1","offer":{{"type":"offer","sdp":"{sdp}"}},
            "files":{{"name":"../a.txt","count":1,"bytes":3}}}}"#
    ));
    anna
}

#[test]
fn what_is_announced_is_accepted_with_the_call_and_nothing_else_is() {
    let notice = FileNotice { name: "../a.txt".to_owned(), count: 1, bytes: 3 };
    let mut anna = announced("v=0");
    let Screen::Incoming { files, .. } = anna.screen() else { panic!("it rings") };
    assert_eq!(files, Some(notice));
    anna.wants(Intent::Accept { camera: false });
    anna.peer(PeerEvent::RemoteDescriptionSet);
    anna.peer(PeerEvent::LocalDescription(support::sdp(DescriptionKind::Answer)));
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    let larger = OFFERED.replace("a.txt", "_a.txt").replace("000a", "000b").replace(":3", ":4");
    hears(&mut anna, &larger);
    hears(&mut anna, OFFERED);
    hears(&mut anna, &OFFERED.replace("a.txt", "_a.txt").replace("000a", "000c"));
    let states: Vec<TransferState> = transfers(&anna).iter().map(|one| one.state).collect();
    assert_eq!(states, [TransferState::Offered, TransferState::Offered, TransferState::Queued]);
}

#[test]
fn who_would_film_is_asked_about_that_and_not_about_files() {
    let anna = announced(r"v=0\nm=audio 9\nm=video 9");
    assert!(matches!(anna.screen(), Screen::Incoming { kind: CallKind::Video, files: None, .. }));
}

#[test]
fn a_call_that_rings_in_the_place_of_another_is_not_accepted_by_the_same_press() {
    let ring = |call: &str, bytes: u64| {
        format!(
            r#"{{"type":"offer","name":"Bob","call":"{call}","offer":{{"type":"offer","sdp":"v=0"}},
                "files":{{"name":"cat.jpg","count":1,"bytes":{bytes}}}}}"#
        )
    };
    let mut anna = announced("v=0");
    anna.hears(&ring("b2", 1_000_000));
    anna.wants(Intent::Accept { camera: false });
    assert!(matches!(anna.screen(), Screen::Incoming { .. }));
    // Nor by its being said once more, or after a moment in which nothing rings.
    anna.hears(&ring("b3", 1_000_000));
    anna.wants(Intent::Accept { camera: false });
    assert!(matches!(anna.screen(), Screen::Incoming { .. }));
    anna.hears(r#"{"type":"leave","name":"Bob","call":"b3"}"#);
    anna.hears(&ring("b4", 2_000_000));
    anna.wants(Intent::Accept { camera: false });
    assert!(matches!(anna.screen(), Screen::Incoming { .. }));
    anna.passes(1_000);
    anna.hears(&ring("b5", 2_000_000));
    anna.wants(Intent::Accept { camera: false });
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
}

#[test]
fn what_is_attached_while_a_call_is_being_connected_is_offered_once_it_is() {
    let mut anna = announced("v=0");
    anna.wants(Intent::Accept { camera: false });
    offers(&mut anna, None);
    assert_eq!(transfers(&anna).len(), 1);
    assert!(said(&anna, "offer").is_empty());
    anna.peer(PeerEvent::RemoteDescriptionSet);
    anna.peer(PeerEvent::LocalDescription(support::sdp(DescriptionKind::Answer)));
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    assert_eq!(said(&anna, "offer").len(), 1);
}
