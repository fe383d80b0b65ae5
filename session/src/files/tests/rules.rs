//! One rule each.

use super::machine::Machine;
use super::world::{WHO, World, hash};
use crate::files::*;
use crate::ids::{MemberId, PeerConnectionId};
use crate::time::Time;

const SIZE: usize = 900_000;

fn bytes(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 7 + at / 250) as u8).collect()
}

/// Anna offers, Bob accepts, and so many things happen.
fn begun(size: usize, steps: usize) -> (World, TransferId) {
    let mut world = World::met(1);
    let id = world.offer(0, "a.bin", bytes(size));
    world.settle();
    world.wants(1, FileIntent::Accept(id));
    world.steps(steps);
    (world, id)
}

fn both(world: &World, id: &TransferId) -> [Option<TransferState>; 2] {
    [world.state(0, id), world.state(1, id)]
}

fn done(world: &World, id: &TransferId) -> bool {
    both(world, id) == [Some(TransferState::Done); 2]
        && world.sides[1].disk[id].record.as_ref().unwrap().whole
}

fn failed(problem: FileProblem) -> Option<TransferState> {
    Some(TransferState::Failed(problem))
}

/// Runs until Bob has written so much.
fn until_written(world: &mut World, id: &TransferId, least: usize) {
    while world.sides[1].disk[id].data.len() < least {
        assert!(world.step());
    }
}

#[test]
fn files_of_hardly_any_bytes_arrive() {
    for size in 0..4 {
        let (mut world, id) = begun(size, 0);
        world.settle();
        assert!(done(&world, &id), "{size}");
        assert_eq!(world.sides[1].disk[&id].data, bytes(size));
    }
}

#[test]
fn a_name_is_safe_when_it_is_shown() {
    let mut world = World::met(1);
    for (number, name) in ["x".repeat(1_000), "../".to_owned(), "../../a".to_owned()].into_iter().enumerate()
    {
        let offer = format!(r#"{{"t":"offer","id":"{number:032x}","name":"{name}","size":1}}"#);
        world.sides[1].files.frame(Time(1), WHO, &offer);
        world.offer(0, &name, bytes(1));
    }
    world.settle();
    let names: Vec<String> = world.sides[1].files.view().into_iter().map(|it| it.name).collect();
    let expected = ["x".repeat(255), "_".to_owned(), "_.._a".to_owned()];
    assert_eq!(names, [expected.clone(), expected].concat());
    assert!(world.sides[1].files.out.is_empty());
}

#[test]
fn a_full_disk_ends_it_and_it_can_be_tried_again() {
    let mut world = World::met(1);
    world.sides[1].disk_bytes = Some(SIZE - 1);
    let id = world.offer(0, "a.bin", bytes(SIZE));
    world.settle();
    world.wants(1, FileIntent::Accept(id));
    world.settle();
    assert_eq!(both(&world, &id), [failed(FileProblem::TheirDiskFull), failed(FileProblem::DiskFull)]);
    assert!(world.sides[1].disk.is_empty() && world.sides[0].outgoing.is_empty());
    // Whoever has made room needs nobody's leave.
    world.sides[1].disk_bytes = None;
    world.wants(1, FileIntent::Retry(id));
    world.settle();
    assert!(done(&world, &id));
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_dropped() {
    let (mut world, id) = begun(SIZE, 0);
    until_written(&mut world, &id, SIZE / 3);
    let source = *world.sides[0].sources.keys().next().unwrap();
    world.sides[0].sources.insert(source, bytes(SIZE + 1).into());
    world.cut();
    world.meet();
    world.settle();
    assert_eq!(both(&world, &id), [failed(FileProblem::SourceChanged); 2]);
    assert!(world.sides[1].disk.is_empty());
}

#[test]
fn what_is_not_what_was_sent_is_dropped_and_offered_again() {
    let (mut world, id) = begun(SIZE, 0);
    until_written(&mut world, &id, SIZE / 3);
    world.sides[1].disk.get_mut(&id).unwrap().data[5] ^= 1;
    world.settle();
    assert_eq!(both(&world, &id), [failed(FileProblem::Mismatch); 2]);
    assert!(world.sides[1].disk.is_empty());
    world.wants(0, FileIntent::Retry(id));
    world.settle();
    assert_eq!(both(&world, &id), [Some(TransferState::Offered); 2]);
    world.wants(1, FileIntent::Accept(id));
    world.settle();
    assert!(done(&world, &id));
}

#[test]
fn a_sender_who_reloaded_chooses_the_file_again_and_it_is_the_same() {
    let (mut world, id) = begun(SIZE, 0);
    until_written(&mut world, &id, SIZE / 3);
    world.reload(0);
    world.meet();
    world.settle();
    let choose = |problem| Some(TransferState::ChooseAgain { problem });
    let paused = Some(TransferState::Paused { by_me: false, by_them: true });
    assert_eq!(both(&world, &id), [choose(None), paused]);
    // Of another size: known at once.
    let source = world.source(0, bytes(SIZE + 1));
    world.choose_again(0, id, source, SIZE as u64 + 1);
    assert_eq!(world.state(0, &id), choose(Some(FileProblem::NotTheSame)));
    // Of the same size: once its beginning is read.
    let mut other = bytes(SIZE);
    other[0] ^= 1;
    let source = world.source(0, other);
    world.choose_again(0, id, source, SIZE as u64);
    world.settle();
    assert_eq!(both(&world, &id), [choose(Some(FileProblem::NotTheSame)), paused]);
    assert!(world.sides[0].sources.is_empty());
    let source = world.source(0, bytes(SIZE));
    world.choose_again(0, id, source, SIZE as u64);
    world.settle();
    assert!(done(&world, &id));
    assert!(world.sent[&id] <= SIZE as u64 + window_bytes(SIZE as u64));
}

#[test]
fn a_receiver_who_reloaded_is_not_asked_again() {
    let (mut world, id) = begun(SIZE, 0);
    until_written(&mut world, &id, SIZE / 3);
    world.reload(1);
    assert_eq!(world.state(1, &id), Some(TransferState::Waiting));
    world.meet();
    world.settle();
    assert!(done(&world, &id));
    assert!(world.sent[&id] <= SIZE as u64 + window_bytes(SIZE as u64));
}

#[test]
fn that_it_has_arrived_is_said_until_it_is_heard() {
    for reload in [false, true] {
        let (mut world, id) = begun(10, 0);
        while world.state(1, &id) != Some(TransferState::Done) {
            assert!(world.step());
        }
        assert_ne!(world.state(0, &id), Some(TransferState::Done));
        if reload {
            world.reload(1);
        }
        world.cut();
        world.meet();
        world.settle();
        assert!(done(&world, &id), "{reload}");
    }
}

#[test]
fn what_the_receiver_no_longer_has_is_said_and_can_be_offered_again() {
    let (mut world, id) = begun(SIZE, 0);
    until_written(&mut world, &id, 1);
    world.sides[1].disk.clear();
    let old = std::mem::take(&mut world.sides[1]);
    drop(old);
    world.cut();
    world.meet();
    world.settle();
    assert_eq!(both(&world, &id), [failed(FileProblem::Forgotten), None]);
    world.wants(0, FileIntent::Retry(id));
    world.settle();
    assert_eq!(both(&world, &id), [Some(TransferState::Offered); 2]);
}

#[test]
fn three_run_at_a_time_and_the_others_in_their_order() {
    let mut world = World::met(1);
    let ids: Vec<TransferId> = (0..6).map(|_| world.offer(0, "a.bin", bytes(SIZE))).collect();
    world.wants(1, FileIntent::AcceptAll(WHO));
    let mut finished = Vec::new();
    let mut running_most = 0;
    while finished.len() < 6 {
        assert!(world.step());
        world.check();
        let states: Vec<_> = ids.iter().map(|id| world.state(1, id)).collect();
        let begun = states.iter().filter(|it| matches!(it, Some(TransferState::Running { .. }))).count();
        running_most = running_most.max(begun);
        // Nobody runs who is behind one that waits.
        let last = states.iter().rposition(|it| matches!(it, Some(TransferState::Running { .. })));
        let first = states.iter().position(|it| *it == Some(TransferState::Offered));
        assert!(last.zip(first).is_none_or(|(last, first)| last < first));
        for id in &ids {
            if world.state(1, id) == Some(TransferState::Done) && !finished.contains(id) {
                finished.push(*id);
            }
        }
    }
    assert_eq!(running_most, MAX_RUNNING);
    assert!(ids[..3].contains(&finished[0]));
}

#[test]
fn a_sender_lets_no_more_than_three_be_taken_from_it() {
    let mut world = World::met(1);
    let ids: Vec<TransferId> = (0..5).map(|_| world.offer(0, "a.bin", bytes(10))).collect();
    for (run, id) in ids.iter().enumerate() {
        let take = format!(r#"{{"t":"take","id":"{id}","run":{run},"from":0}}"#);
        world.sides[0].files.frame(Time(1), WHO, &take);
    }
    let out = &world.sides[0].files.out;
    let sends = out.iter().filter(|it| matches!(it, FileEffect::Send { .. })).count();
    assert_eq!(sends, MAX_RUNNING);
    assert_eq!(world.state(0, &ids[4]), Some(TransferState::Queued));
}

#[test]
fn what_there_is_no_room_for_is_offered_when_there_is() {
    let mut world = World::met(1);
    let ids: Vec<TransferId> = (0..MAX_OPEN + 20).map(|_| world.offer(0, "a.bin", bytes(2))).collect();
    world.settle();
    assert_eq!(world.sides[1].files.view().len(), MAX_OPEN);
    world.wants(1, FileIntent::Refuse(ids[0]));
    world.settle();
    assert!(world.state(1, &ids[MAX_OPEN]).is_some() && world.state(1, &ids[MAX_OPEN + 1]).is_none());
    world.wants(1, FileIntent::AcceptAll(WHO));
    world.settle();
    assert!(ids[1..].iter().all(|id| done(&world, id)));
}

#[test]
fn whoever_is_trusted_is_so_until_they_leave() {
    let mut world = World::met(1);
    world.wants(1, FileIntent::AcceptAll(WHO));
    let id = world.offer(0, "a.bin", bytes(2));
    world.settle();
    assert!(done(&world, &id));
    world.cut();
    world.meet();
    let id = world.offer(0, "a.bin", bytes(2));
    world.settle();
    assert!(done(&world, &id));
    world.cut();
    world.input(1, FileInput::Left(WHO));
    world.meet();
    let id = world.offer(0, "a.bin", bytes(2));
    world.settle();
    assert_eq!(world.state(1, &id), Some(TransferState::Offered));
}

#[test]
fn refusing_cancelling_and_pausing_is_seen_by_both() {
    let mut world = World::met(1);
    let id = world.offer(0, "a.bin", bytes(2));
    world.settle();
    world.wants(1, FileIntent::Refuse(id));
    world.settle();
    let refused = |by_me| Some(TransferState::Refused { by_me });
    assert_eq!(both(&world, &id), [refused(false), refused(true)]);

    for side in 0..2 {
        let (mut world, id) = begun(SIZE, 0);
        until_written(&mut world, &id, SIZE / 4);
        world.wants(side, FileIntent::Pause(id));
        world.settle();
        let paused = |by_me, by_them| Some(TransferState::Paused { by_me, by_them });
        assert_eq!(world.state(side, &id), paused(true, false));
        assert_eq!(world.state(1 - side, &id), paused(false, true));
        // It lasts over a cut.
        world.cut();
        world.meet();
        world.settle();
        assert_eq!(world.state(1 - side, &id), paused(false, true));
        world.wants(side, FileIntent::Resume(id));
        until_written(&mut world, &id, SIZE / 2);
        world.wants(side, FileIntent::Cancel(id));
        world.settle();
        assert_eq!(world.state(side, &id), Some(TransferState::Cancelled { by_me: true }));
        assert_eq!(world.state(1 - side, &id), Some(TransferState::Cancelled { by_me: false }));
        assert!(world.sides[1].disk.is_empty());
    }
}

#[test]
fn speed_and_time_left_are_shown_on_both_sides() {
    let (mut world, id) = begun(SIZE, 0);
    let mut seen = [false; 2];
    while world.step() {
        for (side, seen) in seen.iter_mut().enumerate() {
            if let Some(TransferState::Running { bytes_per_second: 1.., seconds_left: Some(_) }) =
                world.state(side, &id)
            {
                *seen = true;
            }
        }
    }
    assert_eq!(seen, [true; 2]);
}

#[test]
fn a_file_is_let_go_of_when_everybody_has_it() {
    let (mut world, id) = begun(10, 0);
    assert_eq!(world.sides[0].sources.len(), 1);
    world.settle();
    assert!(world.sides[0].sources.is_empty());
    world.wants(1, FileIntent::Save(id));
    world.wants(1, FileIntent::Dismiss(id));
    assert!(world.sides[1].disk.is_empty() && world.state(1, &id).is_none());
}

#[test]
fn a_file_that_is_too_large_or_one_too_many_is_not_offered() {
    let mut files = Files::new();
    let (name, peer_connection) = ("Bob".to_owned(), PeerConnectionId(1));
    files.handle(Time(1), FileInput::Opened { member: WHO, name, peer_connection });
    let ids = |count| (1..=count).map(|bits| (WHO, TransferId::from_random(bits))).collect::<Vec<_>>();
    let file = |size| SourceFile { source: SourceId(1), name: "a".to_owned(), size, mime: String::new() };
    let large = files.try_offer(&file(MAX_FILE_BYTES + 1), &ids(1));
    assert_eq!(large, Err(OfferError::TooLarge));
    let many = files.try_offer(&file(1), &ids(2_001));
    assert_eq!(many, Err(OfferError::TooMany));
    assert_eq!(files.try_offer(&file(MAX_FILE_BYTES), &ids(1)), Ok(()));
    let nobody = files.try_offer(&file(1), &[(MemberId(WHO.0 + 1), TransferId::from_random(9))]);
    assert_eq!(nobody, Err(OfferError::Nobody));
}

#[test]
fn what_is_offered_before_there_is_a_channel_waits_for_it() {
    let mut files = Machine::default();
    files.input(Time(1), FileInput::Met { member: WHO, name: "Bob".to_owned() });
    let file = SourceFile { source: SourceId(1), name: "a".to_owned(), size: 3, mime: String::new() };
    files.offer(Time(1), file, &[(WHO, 5)]);
    assert_eq!(files.refused(), None);
    assert!(files.out.is_empty());
    files.opened(Time(2), WHO, "Bob", 1);
    let said =
        |effect: &FileEffect| matches!(effect, FileEffect::Control { text, .. } if text.contains("offer"));
    assert!(files.out.iter().any(said), "{:?}", files.out);
}

#[test]
fn what_the_disk_has_must_make_sense() {
    for (offset, part) in [(11, Some(hash(b"x"))), (3, None), (0, Some(hash(b"x")))] {
        let (mut world, id) = begun(10, 0);
        world.sides[1].files = Machine::default();
        let record = world.sides[1].disk[&id].record.clone().unwrap();
        let files = &mut world.sides[1].files;
        files.input(Time(1), FileInput::Kept(vec![record]));
        files.opened(Time(1), WHO, "Anna", 9);
        files.frame(Time(1), WHO, &format!(r#"{{"t":"offer","id":"{id}","name":"a","size":10}}"#));
        files.event(Time(1), id, Run(1), FileEvent::Stored { offset, hash: part });
        assert_eq!(world.state(1, &id), failed(FileProblem::WriteFailed));
    }
}

#[test]
fn what_is_asked_for_while_it_is_paused_is_not_sent() {
    let (mut world, id) = begun(10, 0);
    let files = &mut world.sides[0].files;
    files.frame(Time(1), WHO, &format!(r#"{{"t":"accept","id":"{id}"}}"#));
    files.wants(Time(1), FileIntent::Pause(id));
    files.out.clear();
    files.frame(Time(1), WHO, &format!(r#"{{"t":"take","id":"{id}","run":1,"from":0}}"#));
    assert!(files.out.is_empty(), "{:?}", files.out);
}

#[test]
fn what_is_late_of_an_earlier_attempt_does_not_end_the_next() {
    let mut world = World::met(1);
    let id = world.offer(0, "a.bin", bytes(10));
    world.wants(0, FileIntent::Cancel(id));
    world.wants(0, FileIntent::Retry(id));
    for (attempt, state) in [(1, TransferState::Offered), (2, TransferState::Refused { by_me: false })] {
        let refused = format!(r#"{{"t":"drop","id":"{id}","why":"refused","attempt":{attempt}}}"#);
        world.sides[0].files.frame(Time(1), WHO, &refused);
        assert_eq!(world.state(0, &id), Some(state));
    }
}

#[test]
fn an_offer_that_was_taken_back_meanwhile_is_gone() {
    for reload in [false, true] {
        let mut world = World::met(1);
        let id = world.offer(0, "a.bin", bytes(10));
        world.settle();
        assert_eq!(world.state(1, &id), Some(TransferState::Offered));
        world.cut();
        if reload {
            world.reload(0);
        } else {
            world.wants(0, FileIntent::Cancel(id));
        }
        world.meet();
        world.settle();
        assert_eq!(world.state(1, &id), None);
    }
}

#[test]
fn a_channel_whose_end_only_the_sender_sees_is_opened_anew_once() {
    let (mut world, id) = begun(10, 0);
    let begin = |out: &[FileEffect]| out.iter().filter(|it| matches!(it, FileEffect::Prepare { .. })).count();
    let files = &mut world.sides[1].files;
    let mut now = Time(2_000_000);
    files.event(now, id, Run(1), FileEvent::Stored { offset: 0, hash: None });
    for expected in [1, 0] {
        files.out.clear();
        now = now.plus(100_000);
        files.frame(now, WHO, &format!(r#"{{"t":"cut","id":"{id}","run":1}}"#));
        assert_eq!(begin(&files.out), expected);
    }
}
