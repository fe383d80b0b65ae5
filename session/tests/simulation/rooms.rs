//! People who come into rooms and leave them, and what must hold there.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::rc::Rc;

use tincan_server::hub::{ClientAddress, Hub, Limits};
use tincan_session::{
    Author, CallKind, CameraSettings, CaptureSettings, ConnectionView, Delivery, DeviceView, Devices, Input,
    Intent, Line, Meeting, MeetingKind, MicrophoneSettings, PictureSize, Screen, ServerTrouble, ServerView,
    Shown, TrackId,
};
use tincan_shared::{Description, Frame, IceCandidate, RoomMember, ServerMessage, decode_server};

use crate::conversations;
use crate::invariants::Sends;
use crate::queue::Event;
use crate::totals::Totals;
use crate::world::{Node, World};

/// How long people act and the network is hostile, in milliseconds.
const HOSTILE_MS: u64 = 60_000;
/// How long it may take after that until all is quiet.
const QUIET_MS: u64 = 150_000;

/// What a node was told of others in its room, and what was written there.
#[derive(Debug, Default)]
pub(crate) struct Stay {
    /// The time that the two have been in the room together, by the other's address. Named after the call id
    /// that both were told first: the same on both sides, and never used again.
    together: BTreeMap<String, String>,
    /// Which stay in the room it is of each, by the address.
    stays: BTreeMap<String, u64>,
    /// All of these that there ever were.
    ever: BTreeSet<String>,
    /// Every call id of a room's, with the time together that it belongs to.
    calls: BTreeMap<String, String>,
    /// The last time together with each, by the address: the two may go on after the server has forgotten it.
    last: BTreeMap<String, String>,
    /// What was written here.
    written: Vec<Written>,
}

#[derive(Debug)]
struct Written {
    text: String,
    /// In which times together the readers were.
    readers: BTreeSet<String>,
    /// In which of them it was taken back.
    taken_back: BTreeSet<String>,
}

impl Stay {
    /// The server said something.
    pub(crate) fn hear(&mut self, text: &str) {
        let Ok(Frame { message, .. }) = decode_server::<Description, IceCandidate>(text) else { return };
        match message {
            ServerMessage::Room(answer) => {
                // Whoever is there still, in the same stay, is together with this one as before.
                let mut stays = mem::take(&mut self.stays);
                if answer.members.iter().any(|member| member.caller) {
                    // One has come in oneself, and is together only with those whose call goes on.
                    stays.clear();
                }
                let is_there = |name: &String| {
                    let member = answer.members.iter().find(|member| member.name == *name);
                    member.is_some_and(|member| stays.get(name) == Some(&member.stay))
                };
                self.together.retain(|name, _| is_there(name));
                answer.members.into_iter().for_each(|member| self.meet(member));
            }
            ServerMessage::Joined(member) => self.meet(member),
            ServerMessage::Left { name, .. } => {
                self.together.remove(&name);
            }
            _ => {}
        }
    }

    /// What is known to a page that takes the place of this one.
    pub(crate) fn of_the_same_person(&self) -> Stay {
        Stay { ever: self.ever.clone(), ..Stay::default() }
    }

    fn meet(&mut self, member: RoomMember) {
        let call = member.call.to_string();
        self.stays.insert(member.name.clone(), member.stay);
        let before = self.together.get(&member.name).or_else(|| self.calls.get(&call)).cloned();
        let root = before.unwrap_or_else(|| call.clone());
        self.calls.insert(call, root.clone());
        self.ever.insert(root.clone());
        self.last.insert(member.name.clone(), root.clone());
        self.together.insert(member.name, root);
    }
}

/// Returns whether the server has made this call id for two in a room: then nobody has called anybody by it.
pub(crate) fn was_of_a_room(nodes: &[Node], call: &str) -> bool {
    nodes.iter().any(|node| node.stay.calls.contains_key(call))
}

pub(crate) fn meeting(node: &Node) -> Option<Meeting> {
    match node.session.view().screen {
        Screen::Meeting(meeting) if matches!(meeting.kind, MeetingKind::Room { .. }) => Some(meeting),
        _ => None,
    }
}

fn room_of(meeting: &Meeting) -> String {
    match &meeting.kind {
        MeetingKind::Room { name, .. } => name.to_lowercase(),
        MeetingKind::Call { .. } => String::new(),
    }
}

impl World {
    pub(crate) fn with_rooms(seed: u64, trace: bool) -> World {
        let mut world = World::new(seed, trace);
        let people = world.network.rng.usize(3..=5);
        // Two of one name, in different spelling.
        let names = ["Anna", "Bob", "anna", "Cleo", "Dan"];
        world.nodes = names[..people].iter().map(|name| Node::new(name, &mut world.network.rng)).collect();
        world.in_rooms = true;
        world
    }

    /// Hostile, then calm, then a last meeting that has to work.
    pub(crate) fn run_rooms(mut self) -> Result<Totals, String> {
        for node in 0..self.nodes.len() {
            let delay = self.network.rng.u64(..500);
            self.after(delay, Event::Act(node));
        }
        let people = self.nodes.len();
        self.schedule_system_mutes();
        self.schedule_sleeps(HOSTILE_MS);
        self.schedule_reloads(HOSTILE_MS);
        for _ in 0..4 {
            for kind in [Event::LinkBreaks, Event::PathBreaks, Event::Mischief, Event::Unplug] {
                let (at, node) = (self.network.rng.u64(..HOSTILE_MS), self.network.rng.usize(..people));
                self.after(at, kind(node));
            }
            let at = self.network.rng.u64(..HOSTILE_MS);
            let a = self.network.rng.usize(..people);
            self.after(at, Event::ActTogether(a, (a + 1) % people));
        }
        if self.network.rng.bool() {
            let (at, node) = (self.network.rng.u64(..HOSTILE_MS), self.network.rng.usize(..people));
            self.after(at, Event::Crash(node));
        }
        if self.network.rng.u32(..4) == 0 {
            let at = self.network.rng.u64(..HOSTILE_MS);
            self.after(at, Event::ServerRestarts);
        }
        self.after(HOSTILE_MS, Event::Calm);
        self.run_until_quiet(HOSTILE_MS, QUIET_MS)?;
        self.whoever_is_kept_out_leaves()?;
        self.rooms_are_quiet()?;
        self.last_meeting()?;
        Ok(self.totals)
    }

    /// After a restart of the server somebody else may have one's name. One is in the room only to those to
    /// whom there is a connection, and has to go out to be in it to all.
    fn whoever_is_kept_out_leaves(&mut self) -> Result<(), String> {
        let is_kept_out = |node: &Node| {
            node.session.view().server == ServerView::Reconnecting(Some(ServerTrouble::NameTaken))
        };
        for node in 0..self.nodes.len() {
            if is_kept_out(&self.nodes[node]) {
                self.totals.kept_out += 1;
                self.intend(node, Intent::SignOut)?;
                self.run_for(QUIET_MS)?;
            }
        }
        Ok(())
    }

    /// Whatever went before: everyone leaves, and all meet again.
    fn last_meeting(&mut self) -> Result<(), String> {
        let there: Vec<usize> = (0..self.nodes.len()).filter(|node| !self.nodes[*node].crashed).collect();
        for &node in &there {
            self.intend(node, Intent::LeaveRoom)?;
            self.intend(node, Intent::HangUp)?;
        }
        self.run_for(10_000)?;
        for &node in &there {
            self.intend(node, Intent::OpenRoom { room: "den".to_owned(), devices: Devices::default() })?;
            self.intend(node, Intent::JoinRoom { name: self.nodes[node].name.to_owned() })?;
        }
        self.run_for(30_000)?;
        for &node in &there {
            self.write(node)?;
        }
        self.run_for(20_000)?;
        self.rooms_are_quiet()?;
        for &node in &there {
            let others = meeting(&self.nodes[node]).map_or(0, |meeting| meeting.others.len());
            if others != there.len() - 1 {
                return Err(format!("{} of {} others at the last meeting", others, there.len() - 1));
            }
        }
        for &node in &there {
            self.intend(node, Intent::Leave)?;
        }
        self.run_for(60_000)?;
        if self.hub.user_count() > 0 || self.hub.connection_count() > 0 {
            return Err("somebody is left in the hub".to_owned());
        }
        for node in &self.nodes {
            if !node.pcs.is_empty() || !node.tracks.is_empty() {
                return Err(format!("{} has left, and something is open", node.name));
            }
        }
        Ok(())
    }

    /// The person at `node` does something.
    pub(crate) fn act_in_rooms(&mut self, node: usize) -> Result<(), String> {
        if !self.network.hostile {
            return Ok(());
        }
        let roll = self.network.rng.u32(..100);
        let name = self.nodes[node].name;
        let devices = Devices { microphone: roll.is_multiple_of(2), camera: roll.is_multiple_of(3) };
        let room = ["den", "Den", "DEN", "attic"][self.network.rng.usize(..4)].to_owned();
        let intent = match self.nodes[node].session.view().screen {
            Screen::Start { signing_in: true, .. } => return Ok(()),
            Screen::Start { .. } if roll < 30 => Intent::SignIn { name: name.to_owned() },
            Screen::Start { .. } => Intent::OpenRoom { room, devices },
            Screen::Home { .. } => match roll {
                0..=69 => Intent::OpenRoom { room, devices },
                70..=74 => Intent::SignOut,
                75..=89 => {
                    let whom = self.network.rng.usize(..self.nodes.len());
                    Intent::Call { name: self.nodes[whom].name.to_owned(), kind: CallKind::Voice }
                }
                _ => return Ok(()),
            },
            Screen::Lobby(_) => match roll {
                0..=79 => Intent::JoinRoom { name: name.to_owned() },
                80..=84 => Intent::LeaveRoom,
                85..=89 => Intent::SetCamera(true),
                _ => Intent::SetCamera(false),
            },
            Screen::Calling { .. } if roll < 30 => Intent::Cancel,
            Screen::Calling { .. } => return Ok(()),
            Screen::Incoming { .. } => Intent::Accept { camera: true },
            Screen::Meeting(it) if matches!(it.kind, MeetingKind::Call { .. }) => Intent::HangUp,
            Screen::Meeting(it) => match roll {
                0..=29 => return self.write(node),
                30..=44 => Intent::SetCamera(!matches!(it.local.camera, DeviceView::On { .. })),
                45..=54 => Intent::SetMicrophone(!matches!(it.local.microphone, DeviceView::On { .. })),
                55..=69 => Intent::SetScreen(!matches!(it.local.screen, DeviceView::On { .. })),
                70..=79 => Intent::Configure(CaptureSettings {
                    microphone: MicrophoneSettings {
                        noise_suppression: roll.is_multiple_of(3),
                        ..MicrophoneSettings::default()
                    },
                    camera: CameraSettings {
                        device_id: roll.is_multiple_of(2).then(|| format!("camera {roll}")),
                        ..CameraSettings::default()
                    },
                }),
                80..=84 => {
                    let sizes = [PictureSize::None, PictureSize::Small, PictureSize::Large];
                    let shown =
                        it.others.iter().filter_map(|other| other.peer_connection).map(|pc_id| Shown {
                            peer_connection: pc_id,
                            camera: sizes[self.network.rng.usize(..3)],
                            screen: sizes[self.network.rng.usize(..3)],
                        });
                    Intent::Show(shown.collect())
                }
                85..=89 => Intent::LeaveRoom,
                90 => Intent::SignOut,
                _ => return self.touch(node, &it),
            },
        };
        self.intend(node, intent)
    }

    /// Two people do the same in the same moment: come in, or go.
    pub(crate) fn act_together_in_rooms(&mut self, a: usize, b: usize) -> Result<(), String> {
        let mut joining = 0;
        for node in [a, b] {
            let name = self.nodes[node].name.to_owned();
            let room = "den".to_owned();
            match self.nodes[node].session.view().screen {
                Screen::Start { signing_in: false, .. } | Screen::Home { .. } => {
                    self.intend(node, Intent::OpenRoom { room, devices: Devices::default() })?;
                    self.intend(node, Intent::JoinRoom { name })?;
                    joining += 1;
                }
                Screen::Lobby(lobby) if !lobby.joining => {
                    self.intend(node, Intent::JoinRoom { name })?;
                    joining += 1;
                }
                Screen::Meeting(_) => self.intend(node, Intent::LeaveRoom)?,
                _ => {}
            }
        }
        self.totals.entered_together += u64::from(joining == 2);
        Ok(())
    }

    /// Writes a line, and takes note of who should read it.
    fn write(&mut self, node: usize) -> Result<(), String> {
        let subject = &mut self.nodes[node];
        let Some(meeting) = meeting(subject) else { return Ok(()) };
        let text = format!("{node}: {} {}", self.now, subject.stay.written.len());
        let readers = meeting.others.iter().filter_map(|other| subject.stay.last.get(&other.address));
        let readers = readers.cloned().collect();
        subject.stay.written.push(Written { text: text.clone(), readers, taken_back: BTreeSet::new() });
        let reply = self.reply(&meeting);
        self.intend(node, Intent::Send { text, reply })
    }

    /// Does something with a line, and takes note of who should know.
    fn touch(&mut self, node: usize, meeting: &Meeting) -> Result<(), String> {
        let intent = self.touch_a_line(meeting);
        self.totals.offers += u64::from(intent == Intent::OfferEarlier(true));
        if let Intent::Retract { line } = intent
            && let Some(line) = meeting.conversation.line(line).filter(|line| line.author == Author::Me)
        {
            let subject = &mut self.nodes[node].stay;
            let token = conversations::token(line.text().map_or("", |text| text));
            let now: BTreeSet<String> = subject.last.values().cloned().collect();
            for written in subject.written.iter_mut().filter(|written| written.text == token) {
                written.taken_back.clone_from(&now);
            }
        }
        self.intend(node, intent)
    }

    /// The page is gone without a word; whoever sat there opens a new one.
    pub(crate) fn crash(&mut self, node: usize) {
        if self.nodes[node].crashed {
            return;
        }
        self.note(|| format!("{} crashes", self.nodes[node].name));
        self.totals.crashes += 1;
        let name = self.page_is_gone(node);
        self.nodes[node].crashed = true;
        let new = self.nodes.len();
        self.nodes.push(Node::new(name, &mut self.network.rng));
        let delay = self.network.rng.u64(1_000..5_000);
        self.after(delay, Event::Act(new));
    }

    /// A local track ends by itself.
    pub(crate) fn unplug(&mut self, node: usize) -> Result<(), String> {
        let tracks: Vec<TrackId> = self.nodes[node].tracks.iter().copied().collect();
        if tracks.is_empty() {
            return Ok(());
        }
        self.totals.unplugged += 1;
        let track = tracks[self.network.rng.usize(..tracks.len())];
        self.input(node, Input::TrackEnded(track))
    }

    /// A new server, which knows nobody, in place of the old.
    pub(crate) fn server_restarts(&mut self) {
        self.note(|| "the server restarts".to_owned());
        self.totals.restarts += 1;
        for node in 0..self.nodes.len() {
            self.lose_connection(node);
        }
        let mut tokens = self.network.rng.fork();
        let mut hub = Hub::new(Limits::default(), Vec::new(), Box::new(move || tokens.u128(..)));
        // What is still on its way to a connection of the old server must not reach one of the new.
        let last = self.hub.connect(self.now, ClientAddress::Unknown).expect("a connection");
        loop {
            let used = hub.connect(self.now, ClientAddress::Unknown).expect("a connection");
            hub.disconnect(self.now, used, true);
            if used >= last {
                break;
            }
        }
        self.hub = hub;
        self.connections.clear();
        self.forget_hub();
    }

    /// Long after the last thing that anybody did: in every room all are connected to all, see and hear each
    /// other, have each other's lines, and nobody outside has anything.
    fn rooms_are_quiet(&mut self) -> Result<(), String> {
        for node in 0..self.nodes.len() {
            let subject = &self.nodes[node];
            if subject.crashed {
                continue;
            }
            if subject.captures > 0 {
                return Err(format!("{} still opens devices", subject.name));
            }
            let view = subject.session.view();
            match &view.screen {
                Screen::Start { signing_in: false, .. } => {}
                Screen::Home { .. } | Screen::Meeting(_) if view.server != ServerView::Online => {
                    return Err(format!("{} is {:?}", subject.name, view.server));
                }
                Screen::Home { .. } => {}
                Screen::Lobby(lobby) if !lobby.joining => {}
                Screen::Meeting(meeting) if matches!(meeting.kind, MeetingKind::Room { .. }) => {
                    self.meets_everyone(node, meeting)?;
                }
                // A call that happened to go on: `invariants.rs` knows about those.
                Screen::Meeting(_) => {}
                other => return Err(format!("{} is still at {other:?}", subject.name)),
            }
        }
        Ok(())
    }

    fn meets_everyone(&mut self, node: usize, mine: &Meeting) -> Result<(), String> {
        let name = self.nodes[node].name;
        if matches!(mine.kind, MeetingKind::Room { returning: true, .. }) {
            return Err(format!("{name} is still coming back"));
        }
        let room = room_of(mine);
        let mut unmet: BTreeSet<usize> = (0..self.nodes.len())
            .filter(|&other| other != node && !self.nodes[other].crashed)
            .filter(|&other| meeting(&self.nodes[other]).is_some_and(|theirs| room_of(&theirs) == room))
            .collect();
        if self.nodes[node].pcs.len() != mine.others.len() || mine.others.len() != unmet.len() {
            let (pcs, others, there) = (self.nodes[node].pcs.len(), mine.others.len(), unmet.len());
            return Err(format!("{name} has {pcs} connections to {others} others, {there} are there"));
        }
        let names: BTreeSet<&str> = mine.others.iter().map(|other| &*other.name).chain([&*mine.me]).collect();
        if names.len() != mine.others.len() + 1 {
            return Err(format!("two of one name: {names:?}"));
        }
        for other in &mine.others {
            let pc_id = other.peer_connection.ok_or(format!("{name} has no connection to {}", other.name))?;
            if other.connection != ConnectionView::Connected {
                return Err(format!("{name} is {:?} to {}", other.connection, other.name));
            }
            let (them, _) =
                self.other_end(node, pc_id).ok_or(format!("{name}'s connection has no other end"))?;
            if !unmet.remove(&them) {
                return Err(format!("{name} is connected to somebody outside, or twice to the same"));
            }
            let theirs = meeting(&self.nodes[them]).ok_or("not in a room")?;
            if theirs.me != other.name {
                return Err(format!("{name} sees {}, who is called {}", other.name, theirs.me));
            }
            let Sends { camera, microphone, muted, interrupted } = Sends::of(&theirs.local);
            let screen = matches!(theirs.local.screen, DeviceView::On { .. } | DeviceView::Muted { .. });
            for (what, seen, sent) in [
                ("camera", other.remote.camera, camera),
                ("microphone", other.remote.microphone, microphone),
                ("screen", other.remote.screen, screen),
                ("muting", other.remote.muted, muted),
            ] {
                if seen != sent {
                    return Err(format!("{name} sees {}'s {what}: {seen}, but it is {sent}", theirs.me));
                }
            }
            self.totals.screens += u64::from(other.remote.screen);
            self.totals.interrupted += u64::from(interrupted);
            self.totals.pairs += 1;
            self.has_lines_of(node, mine, &other.address, them)?;
        }
        Ok(())
    }

    /// Every line of theirs since the two are together, once and in order, and none that was not for this
    /// node.
    fn has_lines_of(
        &mut self,
        node: usize,
        mine: &Meeting,
        address: &str,
        them: usize,
    ) -> Result<(), String> {
        let (me, author) = (&self.nodes[node], &self.nodes[them]);
        let together = me.stay.together.get(address).ok_or("they never came together")?;
        let prefix = format!("{them}: ");
        let text = |line: &Rc<Line>| conversations::token(line.text().map_or("", |text| text)).to_owned();
        let copies = conversations::heard(mine.conversation.lines());
        let copies: Vec<(String, &Rc<Line>)> =
            copies.map(|line| (text(line), line)).filter(|(text, _)| text.starts_with(&prefix)).collect();
        let mut written = author.stay.written.iter();
        for (text, _) in &copies {
            // In the order in which they were written, so each once.
            let Some(found) = written.by_ref().find(|written| written.text == *text) else {
                return Err(format!("{} has a line of {} twice or out of order", me.name, author.name));
            };
            if found.readers.is_disjoint(&me.stay.ever) {
                return Err(format!("{} has a line that {} wrote elsewhere", me.name, author.name));
            }
        }
        let theirs = meeting(author).ok_or("not in a room")?;
        for written in author.stay.written.iter().filter(|written| written.readers.contains(together)) {
            let copy = copies.iter().find(|(text, _)| *text == written.text).map(|(_, line)| line);
            let own = theirs.conversation.lines().iter().filter(|line| line.author == Author::Me);
            let own = own.clone().find(|line| line.text().is_some() && text(line) == written.text);
            match (copy, own) {
                (None, _) if written.taken_back.contains(together) => self.totals.taken_back += 1,
                (None, _) => {
                    return Err(format!("{} lacks \"{}\" of {}", me.name, written.text, author.name));
                }
                (Some(_), None) if written.taken_back.contains(together) => {
                    return Err(format!(
                        "{} still reads \"{}\", which was taken back",
                        me.name, written.text
                    ));
                }
                (Some(copy), Some(own)) => {
                    let (theirs, mine) = (&theirs.conversation, &mine.conversation);
                    conversations::is_same((theirs, own), (mine, copy))?;
                    self.totals.edited += u64::from(copy.edited);
                }
                (Some(_), None) => {}
            }
        }
        conversations::each_once(&mine.conversation)?;
        let unheard = |line: &&Rc<Line>| line.delivery() == Delivery::Sending;
        if let Some(line) = mine.conversation.lines().iter().find(unheard) {
            return Err(format!("{} doesn't know whether {:?} has arrived", me.name, line.recipients));
        }
        let second_hand = mine.conversation.lines().iter().filter(|line| line.is_second_hand()).count();
        if second_hand > 0 && self.totals.offers == 0 {
            return Err(format!("{} has earlier lines that nobody offered", me.name));
        }
        self.totals.earlier += second_hand as u64;
        let got = copies;
        self.totals.lines += got.len() as u64;
        Ok(())
    }
}

/// After every input in a room.
pub(crate) fn after_input(
    node: &Node,
    before: &Screen,
    after: &Screen,
    totals: &mut Totals,
) -> Result<(), String> {
    let others = match after {
        Screen::Meeting(meeting) => meeting.others.len(),
        Screen::Calling { .. } | Screen::Incoming { .. } => 1,
        _ => 0,
    };
    if node.pcs.len() > others {
        return Err(format!("{} has {} peer connections to {others} others", node.name, node.pcs.len()));
    }
    if matches!(after, Screen::Home { .. } | Screen::Start { .. }) && !node.tracks.is_empty() {
        return Err(format!("{} is nowhere, and {:?} are open", node.name, node.tracks));
    }
    if let Screen::Meeting(meeting) = after {
        if let DeviceView::Muted { capture } = meeting.local.microphone
            && !node.silenced.iter().any(|track| track.capture == capture)
        {
            return Err(format!("{} believes to be muted, and is not", node.name));
        }
        if let MeetingKind::Room { renamed, .. } = meeting.kind {
            totals.renamed += u64::from(renamed);
            totals.entered += u64::from(!matches!(before, Screen::Meeting(_)));
        }
    }
    Ok(())
}
