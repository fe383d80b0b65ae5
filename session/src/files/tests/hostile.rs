//! Whoever is there, and whatever they say.

use proptest::prelude::*;

use super::machine::Machine;
use super::world::hash;
use crate::files::*;
use crate::ids::MemberId;
use crate::time::Time;

const ANNA: MemberId = MemberId(1);
const MALLORY: MemberId = MemberId(2);

fn offer(id: u128, size: u64) -> String {
    format!(r#"{{"t":"offer","id":"{id:032x}","name":"a","size":{size}}}"#)
}

fn texts(out: &[FileEffect]) -> Vec<&str> {
    let said = out.iter().filter_map(|it| match it {
        FileEffect::Control { text, .. } => Some(text.as_str()),
        _ => None,
    });
    said.collect()
}

fn id(bits: u128) -> TransferId {
    TransferId::from_random(bits)
}

/// A machine to which Anna has offered a file, that was accepted.
fn receiver() -> Machine {
    let mut files = Machine::default();
    files.opened(Time(1), ANNA, "Anna", 1);
    files.opened(Time(1), MALLORY, "Mallory", 2);
    files.frame(Time(1), ANNA, &offer(1 << 100, 10));
    files.wants(Time(1), FileIntent::Accept(id(1 << 100)));
    files
}

#[test]
fn nobody_speaks_of_what_is_another_s() {
    let mut files = receiver();
    let (before, effects) = (files.view(), files.out.len());
    let id = id(1 << 100);
    for text in [
        offer(1 << 100, 10),
        format!(r#"{{"t":"drop","id":"{id}","why":"cancelled","attempt":9}}"#),
        format!(r#"{{"t":"hold","id":"{id}","on":true}}"#),
        format!(r#"{{"t":"cut","id":"{id}","run":1}}"#),
        format!(r#"{{"t":"take","id":"{id}","run":1,"from":0}}"#),
        format!(r#"{{"t":"got","id":"{id}"}}"#),
    ] {
        files.frame(Time(2), MALLORY, &text);
        assert_eq!(files.view(), before, "{text}");
        assert_eq!(files.out.len(), effects, "{text}");
    }
}

#[test]
fn whoever_only_bears_the_name_learns_no_id_and_gets_no_file() {
    // Of somebody who receives.
    let mut files = receiver();
    files.left(Time(8), ANNA);
    files.out.clear();
    files.opened(Time(9), MemberId(7), "Anna", 3);
    assert_eq!(texts(&files.out), [r#"{"t":"have","ids":["0000001000000000"]}"#]);
    // Who doesn't know it says so, and what is here of it stays for who does.
    files.out.clear();
    files.frame(Time(9), MemberId(7), r#"{"t":"lost","ids":["0000001000000000"]}"#);
    assert_eq!((files.view()[0].state, files.out.len()), (TransferState::Lost, 0));
    files.left(Time(10), MemberId(7));
    files.opened(Time(11), MemberId(8), "Anna", 4);
    assert_eq!(files.view()[0].state, TransferState::Waiting);
    // Of somebody who sends.
    let mut files = Machine::default();
    files.opened(Time(1), ANNA, "Anna", 1);
    let file = SourceFile { source: SourceId(1), name: "a".to_owned(), size: 9, mime: String::new() };
    files.offer(Time(1), file, &[(ANNA, 1 << 100)]);
    files.frame(Time(1), ANNA, &format!(r#"{{"t":"accept","id":"{}"}}"#, id(1 << 100)));
    files.left(Time(8), ANNA);
    files.out.clear();
    files.opened(Time(9), MemberId(7), "Anna", 3);
    files.frame(Time(9), MemberId(7), r#"{"t":"have","ids":["0000000000000000"]}"#);
    assert_eq!(texts(&files.out), [r#"{"t":"have","ids":[]}"#, r#"{"t":"lost","ids":["0000000000000000"]}"#]);
    assert_eq!(files.view()[0].state, TransferState::Failed(FileProblem::Forgotten));
}

#[test]
fn what_nobody_has_accepted_is_not_offered_to_the_next_of_that_name() {
    let mut files = Machine::default();
    files.opened(Time(1), ANNA, "Anna", 1);
    let file = SourceFile { source: SourceId(1), name: "a".to_owned(), size: 9, mime: String::new() };
    files.offer(Time(1), file, &[(ANNA, 1 << 100)]);
    files.left(Time(8), ANNA);
    assert_eq!(files.view()[0].state, TransferState::Failed(FileProblem::Left));
    assert!(!files.view()[0].can_retry, "there is nobody to offer it to");
    files.out.clear();
    files.opened(Time(9), MemberId(7), "Anna", 3);
    assert_eq!(texts(&files.out), [r#"{"t":"have","ids":[]}"#]);
    // It takes the user to say so.
    files.out.clear();
    files.wants(Time(10), FileIntent::Retry(id(1 << 100)));
    assert!(texts(&files.out)[0].contains(r#""t":"offer""#));
}

#[test]
fn any_number_of_offers_ends_with_who_leaves_and_nobody_elses_do() {
    let mut files = Machine::default();
    files.opened(Time(1), ANNA, "Anna", 1);
    files.opened(Time(1), MALLORY, "Mallory", 2);
    let mut bits = 0;
    for number in 1..=300 {
        let file =
            SourceFile { source: SourceId(number), name: "a".to_owned(), size: 9, mime: String::new() };
        bits += 2;
        files.offer(Time(1), file, &[(ANNA, (bits - 1) << 64), (MALLORY, bits << 64)]);
    }
    files.left(Time(8), ANNA);
    let count =
        |wanted: fn(&TransferState) -> bool| files.view().iter().filter(|it| wanted(&it.state)).count();
    assert_eq!(count(|state| *state == TransferState::Offered), 300);
    assert_eq!(count(|state| *state == TransferState::Failed(FileProblem::Left)), limits::MAX_ENDED);
    assert_eq!(files.view().len(), 300 + limits::MAX_ENDED);
}

#[test]
fn who_asks_again_for_what_is_not_known_is_told() {
    let mut files = receiver();
    files.out.clear();
    files.frame(Time(2), MALLORY, &format!(r#"{{"t":"again","id":"{}"}}"#, id(5)));
    let told = format!(r#"{{"t":"drop","id":"{}","attempt":0,"why":"forgotten"}}"#, id(5));
    assert_eq!(texts(&files.out), [told]);
    files.frame(Time(2), ANNA, &format!(r#"{{"t":"drop","id":"{}","why":"forgotten"}}"#, id(1 << 100)));
    assert_eq!(files.view()[0].state, TransferState::Failed(FileProblem::Forgotten));
}

#[test]
fn another_size_is_another_file() {
    let mut files = receiver();
    files.closed(Time(2), ANNA);
    files.opened(Time(2), ANNA, "Anna", 3);
    files.out.clear();
    files.frame(Time(2), ANNA, &offer(1 << 100, 1_000_000));
    assert!(files.out.is_empty());
    assert_eq!((files.view()[0].size, files.view()[0].state), (10, TransferState::Waiting));
}

#[test]
fn only_so_many_offers_are_listened_to_and_remembered() {
    let mut files = receiver();
    for bits in 2..5_000_u128 {
        files.frame(Time(2), MALLORY, &offer(bits, 1));
    }
    assert_eq!(files.view().len(), MAX_OPEN + 1);
    // Nor does one who takes back what they have offered fill the memory.
    for bits in 2..5_000_u128 {
        files.frame(Time(2), MALLORY, &format!(r#"{{"t":"drop","id":"{}"}}"#, id(bits)));
        files.frame(Time(2), MALLORY, &offer(bits + 10_000, 1));
    }
    assert!(files.view().len() <= 301, "{}", files.view().len());
}

#[test]
fn trust_has_an_end() {
    let mut files = receiver();
    files.wants(Time(2), FileIntent::AcceptAll(MALLORY));
    for bits in 2..2_000_u128 {
        files.frame(Time(2), MALLORY, &offer(bits, 1));
        files.frame(Time(2), MALLORY, &format!(r#"{{"t":"drop","id":"{}"}}"#, id(bits)));
    }
    let kept = files.out.iter().filter(|it| matches!(it, FileEffect::Remember(_))).count();
    assert_eq!(kept, 501);
}

#[test]
fn whoever_cuts_every_run_has_to_wait_ever_longer() {
    let mut files = receiver();
    let mut now = Time(1);
    let mut begun = Vec::new();
    while now < Time(200_000) {
        for effect in std::mem::take(&mut files.out) {
            if let FileEffect::Prepare { id, run, .. } = effect {
                begun.push(now.0);
                files.event(now, id, run, FileEvent::Stored { offset: 0, hash: None });
                let cut = format!(r#"{{"t":"cut","id":"{id}","run":{}}}"#, run.0);
                for _ in 0..9 {
                    files.frame(now, ANNA, &cut);
                }
            }
        }
        now = now.plus(100);
        if files.next_timeout().is_some_and(|at| now >= at) {
            files.tick(now);
        }
    }
    assert!((5..14).contains(&begun.len()), "{begun:?}");
    // One that brings something earns a quick next one.
    assert!(begun[1] - begun[0] <= 1_100 && begun[begun.len() - 1] - begun[begun.len() - 2] >= 32_000);
}

#[test]
fn what_comes_first_is_answered_once() {
    let mut files = receiver();
    let file = SourceFile { source: SourceId(1), name: "a".to_owned(), size: 9, mime: String::new() };
    files.offer(Time(1), file, &[(MALLORY, 77)]);
    files.wants(Time(1), FileIntent::Cancel(id(77)));
    files.out.clear();
    for _ in 0..100 {
        files.frame(Time(2), MALLORY, r#"{"t":"have","ids":["0000000000000000"]}"#);
    }
    assert_eq!(texts(&files.out).len(), 1);
}

#[test]
fn what_is_offered_and_not_taken_is_not_offered_again_by_asking() {
    let mut files = receiver();
    let file = SourceFile { source: SourceId(1), name: "a".to_owned(), size: 9, mime: String::new() };
    files.offer(Time(1), file, &[(MALLORY, 77)]);
    files.out.clear();
    for _ in 0..100 {
        files.frame(Time(2), MALLORY, r#"{"t":"have","ids":["0000000000000000"]}"#);
    }
    assert!(files.out.is_empty());
}

/// A frame about one of a few transfers, with numbers at the edges.
fn frame() -> impl Strategy<Value = String> {
    let kinds = ["offer", "accept", "take", "hold", "cut", "drop", "again", "got", "have", "line"];
    let number = prop_oneof![0..4_u64, Just(MAX_FILE_BYTES), any::<u64>()];
    let kind = prop::sample::select(kinds.to_vec());
    let fields = (kind, 0..6_u128, number.clone(), number, any::<bool>(), 0..4_u32);
    fields.prop_map(|(kind, bits, size, from, on, run)| {
        let id = id(bits);
        let hash = if from > 0 { hash(b"x").as_str().to_owned() } else { String::new() };
        format!(
            r#"{{"t":"{kind}","id":"{id}","name":"../x","size":{size},"from":{from},"hash":"{hash}",
            "on":{on},"run":{run},"attempt":{run},"why":"full","ids":["0000000000000000"]}}"#
        )
    })
}

fn event() -> impl Strategy<Value = FileEvent> {
    use FileEvent::*;
    prop_oneof![
        any::<u64>().prop_map(|offset| Stored { offset, hash: Some(hash(b"x")) }),
        Just(Stored { offset: 0, hash: None }),
        any::<u64>().prop_map(|bytes| Progress { bytes }),
        prop::sample::select(vec![
            ChannelClosed,
            Broken,
            Verified,
            Mismatch,
            DiskFull,
            WriteFailed,
            NotTheSame,
            SourceChanged,
            ReadFailed,
        ]),
    ]
}

#[derive(Clone, Debug)]
enum Doing {
    Say(MemberId, String),
    Event(u128, Run, FileEvent),
    Open(MemberId),
    Close(MemberId),
    Leave(MemberId),
    User(u8, u128),
    Wait(u64),
}

fn member() -> impl Strategy<Value = MemberId> {
    (1..3_u32).prop_map(MemberId)
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        8 => (member(), frame()).prop_map(|(who, text)| Doing::Say(who, text)),
        4 => (0..6_u128, 0..12_u32, event()).prop_map(|(id, run, event)| Doing::Event(id, Run(run), event)),
        2 => member().prop_map(Doing::Open),
        1 => member().prop_map(Doing::Close),
        1 => member().prop_map(Doing::Leave),
        4 => (0..9_u8, 0..6_u128).prop_map(|(what, id)| Doing::User(what, id)),
        1 => (0..100_000_u64).prop_map(Doing::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_that_is_said_or_happens_breaks_it(doings in prop::collection::vec(doing(), 0..120)) {
        let mut files = Machine::default();
        let mut now = Time(1);
        let (mut connections, mut offered) = (0, 0);
        for doing in doings {
            let effects = files.out.len();
            match doing {
                Doing::Say(who, text) => {
                    files.frame(now, who, &text);
                }
                Doing::Event(bits, run, event) => files.event(now, id(bits), run, event),
                Doing::Open(who) => {
                    connections += 1;
                    files.opened(now, who, "Anna", connections);
                }
                Doing::Close(who) => files.closed(now, who),
                Doing::Leave(who) => files.left(now, who),
                Doing::User(what, bits) => {
                    let id = id(bits);
                    match what {
                        0 | 1 => files.wants(now, FileIntent::Accept(id)),
                        2 => files.wants(now, FileIntent::Pause(id)),
                        3 => files.wants(now, FileIntent::Resume(id)),
                        4 => files.wants(now, FileIntent::Cancel(id)),
                        5 => files.wants(now, FileIntent::Retry(id)),
                        6 => files.wants(now, FileIntent::AcceptAll(ANNA)),
                        7 if offered < 3 => {
                            // Numbers that frames speak of, as if they were known.
                            let source = SourceId(offered);
                            let file = SourceFile { source, name: "a".into(), size: 3, mime: "".into() };
                            let bits = 3 + u128::from(offered);
                            offered += 1;
                            if !files.view().iter().any(|it| it.id == super::hostile::id(bits)) {
                                files.offer(now, file, &[(ANNA, bits)]);
                                let refused = files.refused().map(|(_, why)| why);
                                prop_assert!(matches!(refused, None | Some(OfferError::Nobody)));
                            }
                        }
                        _ => files.wants(now, FileIntent::Dismiss(id)),
                    }
                }
                Doing::Wait(ms) => {
                    now = now.plus(ms);
                    files.tick(now);
                    prop_assert!(files.next_timeout().is_none_or(|at| at > now));
                }
            }
            prop_assert!(files.out.len() - effects <= 60);
            let view = files.view();
            for who in [ANNA, MALLORY] {
                for direction in [Direction::Incoming, Direction::Outgoing] {
                    let theirs = view.iter().filter(|it| it.member == Some(who));
                    let running = theirs.filter(|it| it.direction == direction);
                    let running = running.filter(|it| matches!(it.state, TransferState::Running { .. }));
                    prop_assert!(running.count() <= MAX_RUNNING);
                }
            }
            prop_assert!(view.iter().all(|it| it.bytes <= it.size));
        }
    }
}
