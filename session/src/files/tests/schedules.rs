//! Any order of things comes to a good end.

use proptest::prelude::*;

use super::world::{NAMES, World};
use crate::files::*;

#[derive(Clone, Copy, Debug)]
enum Happening {
    Steps(usize),
    Cut,
    Meet,
    Reload(usize),
    BreakChannel,
    Pause(usize),
    Resume(usize),
    ChooseAgain(usize),
    ChooseAnother(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (0..200_usize).prop_map(Happening::Steps),
        1 => Just(Happening::Cut),
        3 => Just(Happening::Meet),
        1 => (0..2_usize).prop_map(Happening::Reload),
        1 => Just(Happening::BreakChannel),
        1 => (0..2_usize).prop_map(Happening::Pause),
        2 => (0..2_usize).prop_map(Happening::Resume),
        2 => (0..2_usize).prop_map(Happening::ChooseAgain),
        1 => (0..2_usize).prop_map(Happening::ChooseAnother),
    ]
}

/// A file whose bytes are like no other's.
fn content(number: usize, size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 31 + at / 251 + number * 7) as u8).collect()
}

/// Those of a side in a state, found by the view as a user would.
fn all(world: &World, side: usize, wanted: impl Fn(&TransferView) -> bool) -> Vec<TransferView> {
    world.sides[side].files.view().into_iter().filter(wanted).collect()
}

fn accept_offers(world: &mut World) {
    for side in 0..2 {
        let offered =
            |it: &TransferView| it.direction == Direction::Incoming && it.state == TransferState::Offered;
        for it in all(world, side, offered) {
            world.wants(side, FileIntent::Accept(it.id));
        }
    }
}

fn resume(world: &mut World, side: usize) {
    for it in all(world, side, |it| matches!(it.state, TransferState::Paused { by_me: true, .. })) {
        world.wants(side, FileIntent::Resume(it.id));
    }
}

fn choose(world: &mut World, side: usize, files: &[(TransferId, Vec<u8>)], right: bool) {
    for it in all(world, side, |it| matches!(it.state, TransferState::ChooseAgain { .. })) {
        let mut content = files.iter().find(|(id, _)| *id == it.id).unwrap().1.clone();
        // Only one that begins otherwise can be told apart.
        if !right {
            content.iter_mut().take(1).for_each(|byte| *byte ^= 1);
        }
        let part = world.sides[1 - side].disk.get(&it.id).map_or(0, |stored| stored.data.len());
        // What was chosen again while nothing is here simply is the file.
        if right || part > 0 {
            let source = world.source(side, content);
            world.choose_again(side, it.id, source, it.size);
        }
    }
}

fn happen(world: &mut World, happening: Happening, files: &[(TransferId, Vec<u8>)]) {
    match happening {
        Happening::Steps(steps) => {
            for _ in 0..steps {
                world.step();
                world.check();
            }
            accept_offers(world);
        }
        Happening::Cut => world.cut(),
        Happening::Meet => world.meet(),
        Happening::Reload(side) => world.reload(side),
        Happening::BreakChannel => world.break_channel(),
        Happening::Pause(side) => {
            for it in all(world, side, |it| matches!(it.state, TransferState::Running { .. })) {
                world.disruptions += 1;
                world.wants(side, FileIntent::Pause(it.id));
            }
        }
        Happening::Resume(side) => resume(world, side),
        Happening::ChooseAgain(side) => choose(world, side, files, true),
        Happening::ChooseAnother(side) => choose(world, side, files, false),
    }
}

/// Everybody is there and wants it all.
fn calm_down(world: &mut World, files: &[(TransferId, Vec<u8>)]) {
    world.meet();
    for _ in 0..4 {
        world.settle();
        accept_offers(world);
        for side in 0..2 {
            resume(world, side);
            choose(world, side, files, true);
        }
    }
    world.settle();
    world.check();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_file_arrives_whole_and_little_is_sent_twice(
        seed: u64,
        sizes in prop::collection::vec(
            prop_oneof![0..4_usize, Just(16_384_usize), 16_000..40_000_usize, 300_000..700_000_usize], 1..6,
        ),
        happenings in prop::collection::vec(happening(), 0..25),
    ) {
        let mut world = World::met(seed);
        world.unreliable = true;
        let mut files = Vec::new();
        for (number, size) in sizes.into_iter().enumerate() {
            let content = content(number, size);
            files.push((world.offer(number % 2, "a.bin", content.clone()), content));
        }
        // What isn't accepted is forgotten with the page of whoever offered it.
        world.settle();
        accept_offers(&mut world);
        while (0..2).any(|side| !all(&world, side, |it| it.state == TransferState::Offered).is_empty()) {
            world.step();
        }
        for happening in happenings {
            happen(&mut world, happening, &files);
        }
        calm_down(&mut world, &files);
        for (number, (id, content)) in files.iter().enumerate() {
            let (from, to) = (number % 2, 1 - number % 2);
            prop_assert_eq!(world.state(to, id), Some(TransferState::Done), "{} of {}", id, NAMES[from]);
            prop_assert!(world.sides[to].disk[id].data == *content);
            prop_assert!(!world.sides[from].outgoing.contains_key(id));
            // A page that was loaded anew knows nothing of what was over before.
            prop_assert!(matches!(world.state(from, id), None | Some(TransferState::Done)));
            let size = content.len() as u64;
            let sent = world.sent.get(id).copied().unwrap_or(0);
            let most = size + world.disruptions * window_bytes(size);
            prop_assert!(sent <= most, "{} bytes sent of {} after {} cuts", sent, size, world.disruptions);
        }
    }

    #[test]
    fn whatever_is_ended_is_gone_on_both_sides(
        seed: u64,
        sizes in prop::collection::vec(0..400_000_usize, 1..6),
        happenings in prop::collection::vec(happening(), 0..12),
        ends in prop::collection::vec((0..6_usize, 0..2_usize, 0..300_usize), 1..6),
    ) {
        let mut world = World::met(seed);
        world.unreliable = true;
        let mut files = Vec::new();
        for (number, size) in sizes.into_iter().enumerate() {
            files.push((world.offer(number % 2, "a.bin", content(number, size)), content(number, size)));
        }
        let mut happenings = happenings.into_iter();
        for (number, side, steps) in ends {
            world.steps(steps);
            if let Some((id, _)) = files.get(number) {
                world.wants(side, FileIntent::Cancel(*id));
            }
            accept_offers(&mut world);
            happenings.next().into_iter().for_each(|it| happen(&mut world, it, &files));
        }
        calm_down(&mut world, &files);
        for (number, (id, _)) in files.iter().enumerate() {
            let (from, to) = (world.state(number % 2, id), world.state(1 - number % 2, id));
            let over = |state| matches!(state, None | Some(
                TransferState::Done | TransferState::Refused { .. } | TransferState::Cancelled { .. }
                | TransferState::Failed(FileProblem::Forgotten | FileProblem::Left)
            ));
            // Whoever forgot it with their page says so; the other may cancel it.
            let lost = from.is_none() && to == Some(TransferState::Lost);
            prop_assert!(over(from) && (over(to) || lost), "{:?} {:?}", from, to);
            let kept = world.sides[1 - number % 2].disk.contains_key(id);
            prop_assert_eq!(kept, to == Some(TransferState::Done) || lost);
            prop_assert!(world.state(number % 2, id).is_none() || from != Some(TransferState::Done) || kept);
        }
        for side in 0..2 {
            world.input(side, FileInput::Forget);
            prop_assert!(world.sides[side].files.view().is_empty());
            prop_assert!(world.sides[side].disk.is_empty() && world.sides[side].sources.is_empty());
        }
    }
}

#[test]
fn many_cuts_send_little_twice() {
    let mut world = World::met(3);
    let bytes = content(1, 3_000_000);
    let id = world.offer(0, "a.bin", bytes.clone());
    world.settle();
    accept_offers(&mut world);
    while world.state(1, &id) != Some(TransferState::Done) {
        assert!(world.disruptions < 1_000);
        for _ in 0..world.rng.usize(100..400) {
            world.step();
        }
        world.cut();
        world.meet();
    }
    assert!(world.sides[1].disk[&id].data == bytes);
    assert!(world.disruptions > 1);
    assert!(world.sent[&id] <= 3_000_000 + world.disruptions * window_bytes(3_000_000));
}
