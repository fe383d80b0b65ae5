//! What must hold: after every input, when all is quiet, and when a call is over.

use std::rc::Rc;

use tincan_session::{
    Author, CallKind, ConnectionView, Delivery, DeviceView, Devices, EndReason, Intent, Line, LocalMediaView,
    Meeting, MeetingKind, Screen, ServerView,
};
use tincan_shared::{Frame, ServerMessage, decode_server};

use crate::conversations;
use crate::reloads;
use crate::rooms;
use crate::world::{Node, World};

/// The person agrees to the use of devices by what they do, for as long as the call lasts.
pub(crate) fn take_consent(node: &mut Node, intent: &Intent) {
    let consent = &mut node.consent;
    match (intent, node.session.view().screen) {
        (Intent::Call { kind, .. }, Screen::Home { .. }) => {
            consent.microphone = *kind != CallKind::Text;
            consent.camera = *kind == CallKind::Video;
        }
        (Intent::Accept { camera }, Screen::Incoming { kind, .. }) => {
            consent.microphone = kind != CallKind::Text;
            consent.camera = kind == CallKind::Video && *camera;
        }
        (Intent::OpenRoom { devices, .. }, Screen::Home { .. } | Screen::Start { .. } | Screen::Lobby(_)) => {
            consent.microphone |= devices.microphone;
            consent.camera |= devices.camera;
        }
        // In a call there is no room to leave.
        (
            Intent::LeaveRoom,
            Screen::Lobby(_) | Screen::Meeting(Meeting { kind: MeetingKind::Room { .. }, .. }),
        ) => *consent = Devices::default(),
        (Intent::SetMicrophone(true), Screen::Meeting(_) | Screen::Calling { .. } | Screen::Lobby(_)) => {
            consent.microphone = true
        }
        (Intent::SetCamera(true), Screen::Meeting(_) | Screen::Calling { .. } | Screen::Lobby(_)) => {
            consent.camera = true
        }
        (Intent::SetCamera(false), _) => consent.camera = false,
        // Whether or not there is a connection yet.
        (Intent::Send { text, .. }, Screen::Meeting(call)) if !call.others.is_empty() => {
            node.written.push(text.clone())
        }
        (Intent::Retract { line }, Screen::Meeting(call)) => {
            let lines = &call.conversation;
            let mine = lines.line(*line).filter(|line| line.author == Author::Me);
            let text = mine.and_then(|line| line.text());
            node.written.retain(|written| text.is_none_or(|text| conversations::token(text) != written));
        }
        _ => {}
    }
}

/// No media without consent.
pub(crate) fn may_capture(node: &Node, devices: Devices) -> Result<(), String> {
    let allowed =
        (!devices.microphone || node.consent.microphone) && (!devices.camera || node.consent.camera);
    if allowed { Ok(()) } else { Err(format!("opens {devices:?}, agreed to {:?}", node.consent)) }
}

/// Takes note of the calls that may ring here.
pub(crate) fn take_offer(node: &mut Node, text: &str) {
    if let Ok(Frame { message: ServerMessage::Offer { call: Some(call), .. }, .. }) =
        decode_server::<tincan_shared::Description, tincan_shared::IceCandidate>(text)
    {
        node.offers.insert(call.to_string());
        node.last_offer = call.to_string();
    }
}

/// After every input.
pub(crate) fn after_input(
    world: &mut World,
    node: usize,
    before: &Screen,
    after: &Screen,
) -> Result<(), String> {
    let begins = std::mem::discriminant(before) != std::mem::discriminant(after);
    // Whoever has slept for long learns that the others have given up.
    let slept = world.nodes[node].slept.as_ref();
    if !slept.is_some_and(|slept| slept.learns_that_it_was_given_up(world.now)) {
        goes_on(before, after)?;
    }
    if world.in_rooms {
        rooms::after_input(&world.nodes[node], before, after, &mut world.totals)?;
    }
    let subject = &mut world.nodes[node];
    if !world.in_rooms && subject.pcs.len() > 1 {
        return Err(format!("{} has {} peer connections", subject.name, subject.pcs.len()));
    }
    match after {
        Screen::Incoming { .. } if before != after => {
            subject.rings += 1;
            world.totals.rings += 1;
            if rooms::was_of_a_room(&world.nodes, &world.nodes[node].last_offer) {
                return Err(format!("a call of a room rings at {}", world.nodes[node].name));
            }
            let subject = &mut world.nodes[node];
            if subject.rings > subject.offers.len() {
                return Err(format!("{} rings twice for one call", subject.name));
            }
            idle(subject)?;
        }
        Screen::Home { .. } | Screen::Start { .. } => {
            idle(subject)?;
            subject.consent = Devices::default();
        }
        Screen::Meeting(_) if begins => {
            subject.written.clear();
            subject.reloaded &= reloads::goes_back(before, after);
        }
        _ => {}
    }
    Ok(())
}

/// Nothing but hanging up ends a call that is connected.
fn goes_on(before: &Screen, after: &Screen) -> Result<(), String> {
    let (Screen::Meeting(before), Screen::Home { notice: Some(notice), .. }) = (before, after) else {
        return Ok(());
    };
    let is_call = matches!(before.kind, MeetingKind::Call { .. });
    let connected = before.others.iter().all(|other| other.connection == ConnectionView::Connected);
    let given_up = matches!(
        notice.reason,
        EndReason::ServerLost | EndReason::PeerLost | EndReason::ConnectionLost | EndReason::NoConnection(_)
    );
    if is_call && connected && given_up {
        return Err(format!("a call that was connected ends by {:?}", notice.reason));
    }
    Ok(())
}

/// Nothing of a call is left.
fn idle(node: &Node) -> Result<(), String> {
    if !node.pcs.is_empty() {
        return Err(format!("{} is in no call, and has a peer connection", node.name));
    }
    if !node.tracks.is_empty() {
        return Err(format!("{} is in no call, and {:?} are open", node.name, node.tracks));
    }
    Ok(())
}

/// Long after the last thing that anybody did.
pub(crate) fn quiet(world: &mut World) -> Result<(), String> {
    for node in 0..world.nodes.len() {
        let view = world.nodes[node].session.view();
        if view.server != ServerView::Online {
            return Err(format!("{} is {:?}", world.nodes[node].name, view.server));
        }
        match view.screen {
            Screen::Meeting(_) => in_call(world, node)?,
            Screen::Home { .. } => {}
            other => return Err(format!("{} is still at {other:?}", world.nodes[node].name)),
        }
        if world.nodes[node].captures > 0 {
            return Err(format!("{} still opens devices", world.nodes[node].name));
        }
    }
    Ok(())
}

/// What the others have to see of somebody's devices.
pub(crate) struct Sends {
    pub(crate) camera: bool,
    pub(crate) microphone: bool,
    pub(crate) muted: bool,
    /// The system has muted one of them.
    pub(crate) interrupted: bool,
}

impl Sends {
    pub(crate) fn of(local: &LocalMediaView) -> Sends {
        let on = |view| matches!(view, DeviceView::On { .. } | DeviceView::Muted { .. });
        let is_interrupted = |view| matches!(view, DeviceView::Interrupted { .. });
        let muted = matches!(local.microphone, DeviceView::Muted { .. }) || is_interrupted(local.microphone);
        let interrupted = is_interrupted(local.microphone) || is_interrupted(local.camera);
        // A camera that the system has stopped is off to the others; a microphone is muted.
        Sends { camera: on(local.camera), microphone: muted || on(local.microphone), muted, interrupted }
    }
}

/// Both sides agree, are connected, see each other's media and have each other's lines.
fn in_call(world: &mut World, node: usize) -> Result<(), String> {
    let Screen::Meeting(mine) = world.nodes[node].session.view().screen else {
        return Err(format!("{} is not in a call", world.nodes[node].name));
    };
    let Some(other) = world.nodes.iter().position(|node| node.name == mine.others[0].name) else {
        return Err(format!("nobody is called {}", mine.others[0].name));
    };
    let (me, them) = (&world.nodes[node], &world.nodes[other]);
    let Screen::Meeting(theirs) = them.session.view().screen else {
        return Err(format!("{} is in a call with {}, who is not", me.name, them.name));
    };
    let (seen, back) = (&mine.others[0], &theirs.others[0]);
    if back.name != me.name {
        return Err(format!("{} is in a call with {}, who is in one with {}", me.name, them.name, back.name));
    }
    if seen.connection != ConnectionView::Connected {
        return Err(format!("{} is still {:?}", me.name, seen.connection));
    }
    let Sends { camera, microphone, muted, interrupted } = Sends::of(&theirs.local);
    for (what, seen, sent) in [
        ("camera", seen.remote.camera, camera),
        ("microphone", seen.remote.microphone, microphone),
        ("muting", seen.remote.muted, muted),
    ] {
        if seen != sent {
            return Err(format!("{} sees {}'s {what}: {seen}, but it is {sent}", me.name, them.name));
        }
    }
    world.totals.interrupted += u64::from(interrupted);
    let lines = mine.conversation.lines();
    let got: Vec<&Rc<Line>> = conversations::heard(lines).collect();
    let texts: Vec<&str> =
        got.iter().filter_map(|line| line.text()).map(|text| conversations::token(text)).collect();
    let written: Vec<&str> = them.written.iter().map(String::as_str).collect();
    let forgetful = me.reloaded || them.reloaded;
    let agree = if forgetful { reloads::agree(&texts, &written) } else { texts == written };
    if !agree {
        return Err(format!(
            "{} has {} lines of {}, who wrote {}: {texts:?} {written:?}",
            me.name,
            got.len(),
            them.name,
            them.written.len()
        ));
    }
    let mut edited = 0;
    let own =
        theirs.conversation.lines().iter().filter(|line| line.author == Author::Me && line.text().is_some());
    for (copy, own) in got.into_iter().zip(own).filter(|_| !forgetful) {
        conversations::is_same((&theirs.conversation, own), (&mine.conversation, copy))?;
        conversations::same_reactions(own, copy)?;
        edited += u64::from(copy.edited);
    }
    conversations::each_once(&mine.conversation)?;
    let sent = |line: &&Rc<Line>| line.author == Author::Me && line.delivery() != Delivery::Delivered;
    if let Some(line) = lines.iter().find(sent) {
        return Err(format!("{} has a line {:?}", me.name, line.delivery()));
    }
    if mine.others[0].typing {
        return Err(format!("{} is still said to write", them.name));
    }
    let reactions = lines.iter().map(|line| line.reactions.len() as u64).sum::<u64>();
    world.totals.edited += edited;
    world.totals.reactions += reactions;
    world.totals.lines += lines.len() as u64;
    world.totals.still_in_call += 1;
    Ok(())
}

/// After everyone has hung up.
pub(crate) fn released(world: &World) -> Result<(), String> {
    for node in &world.nodes {
        if !matches!(node.session.view().screen, Screen::Home { .. } | Screen::Start { .. }) {
            return Err(format!("{} is at {:?}", node.name, node.session.view().screen));
        }
        idle(node)?;
    }
    Ok(())
}

/// The call between `a` and `b` is up, and has this many lines.
pub(crate) fn in_call_with_lines(world: &mut World, a: usize, b: usize, lines: usize) -> Result<(), String> {
    for node in [a, b] {
        in_call(world, node)?;
        let Screen::Meeting(call) = world.nodes[node].session.view().screen else { continue };
        if call.conversation.lines().len() != lines {
            return Err(format!("{} sees {} lines", world.nodes[node].name, call.conversation.lines().len()));
        }
    }
    Ok(())
}
