//! Files in calls and rooms: tells the machine for files who is there to have some. See [`crate::files`].

use tincan_shared::FileNotice;

use crate::context::Context;
use crate::effect::{Effect, PeerEffect};
use crate::files::{
    FileEffect, FileInput, FileIntent, FileMachine, OfferError, Recipients, SourceFile, TransferView,
};
use crate::ids::{MemberId, PeerConnectionId};
use crate::member::Member;
use crate::place::Place;
use crate::time::Time;

#[derive(Debug, Default)]
pub(crate) struct FileSharing {
    /// `None` until the page has it.
    machine: Option<Box<dyn FileMachine>>,
    /// Whom the machine knows of.
    known: Vec<Companion>,
}

/// Somebody who may have files, or be sent some.
#[derive(Debug)]
struct Companion {
    id: MemberId,
    name: String,
    /// The peer connection on which there is an open channel.
    channel: Option<PeerConnectionId>,
}

impl Companion {
    fn is_as_known(&self, member: &Member) -> bool {
        self.id == member.id && self.name == member.name && self.channel == member.channel()
    }
}

impl FileSharing {
    pub(crate) fn start(&mut self, machine: Box<dyn FileMachine>) {
        self.machine = Some(machine);
    }

    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.machine.as_ref()?.next_timeout()
    }

    pub(crate) fn view(&self) -> Vec<TransferView> {
        self.machine.as_ref().map(|machine| machine.view()).unwrap_or_default()
    }

    pub(crate) fn refused(&self) -> Option<(String, OfferError)> {
        self.machine.as_ref()?.refused()
    }

    /// The user wants something with files.
    pub(crate) fn intent(&mut self, cx: &mut Context, place: &Place, mut intent: FileIntent) {
        if let FileIntent::Offer { to, random, .. } = &mut intent {
            let members = place.companions().iter();
            let meant = members.filter(|member| match &to {
                Recipients::Address(address) => *address == member.address,
                Recipients::Everyone | Recipients::Numbers(_) => true,
            });
            let meant: Vec<u32> = meant.map(|member| member.id.0).collect();
            *random = meant.iter().map(|_| cx.random.bits()).collect();
            *to = Recipients::Numbers(meant);
        }
        self.handle(cx, FileInput::Intent(intent));
    }

    /// A member said this over the data channel. Returns whether it was about files.
    pub(crate) fn frame(&mut self, cx: &mut Context, member: MemberId, text: &str) -> bool {
        let is_known = self.known.iter().any(|known| known.id == member && known.channel.is_some());
        is_known && self.handle(cx, FileInput::Frame(member.0, text.to_owned()))
    }

    /// Tells the machine who has come and gone, and to whom there is a channel, where that has changed.
    pub(crate) fn follow(&mut self, cx: &mut Context, place: &mut Place) {
        if self.machine.is_none() {
            return;
        }
        let members = place.companions();
        let unchanged = members.len() == self.known.len()
            && self.known.iter().zip(members).all(|(known, member)| known.is_as_known(member));
        if unchanged {
            return;
        }
        let now: Vec<Companion> = members
            .iter()
            .map(|member| Companion { id: member.id, name: member.name.clone(), channel: member.channel() })
            .collect();
        let gone = self.known.extract_if(.., |known| !now.iter().any(|one| one.id == known.id));
        for gone in gone.collect::<Vec<_>>() {
            self.handle(cx, FileInput::Left(gone.id.0));
        }
        let mut announced = match place {
            Place::Call(call) if now.iter().any(|one| one.channel.is_some()) => call.take_announced(),
            _ => None,
        };
        for one in &now {
            self.update(cx, one, &mut announced);
        }
        let is_somebody_there = !now.is_empty();
        self.known = now;
        // Before what is chosen only now: it was announced.
        if let Place::Call(call) = place
            && is_somebody_there
        {
            let files = call.take_files();
            self.offer_waiting(cx, place, files);
        }
    }

    fn update(&mut self, cx: &mut Context, one: &Companion, announced: &mut Option<FileNotice>) {
        let who = one.id.0;
        let known = self.known.iter().find(|known| known.id == one.id);
        let (is_known, channel) = (known.is_some(), known.and_then(|known| known.channel));
        if known.is_some_and(|known| known.name != one.name) {
            self.handle(cx, FileInput::Renamed(who, one.name.clone()));
        }
        if is_known && channel == one.channel {
            return;
        }
        self.handle(
            cx,
            match one.channel {
                Some(id) => FileInput::Opened { who, name: one.name.clone(), epoch: id.0 },
                None if is_known => FileInput::Closed(who),
                None => FileInput::Met { who, name: one.name.clone() },
            },
        );
        if let Some(notice) = announced.take_if(|_| one.channel.is_some()) {
            self.handle(cx, FileInput::Announced(who, notice));
        }
    }

    /// Offers what the call was made for.
    fn offer_waiting(&mut self, cx: &mut Context, place: &Place, files: Vec<SourceFile>) {
        for file in files {
            self.intent(cx, place, FileIntent::Offer { file, to: Recipients::Everyone, random: Vec::new() });
        }
    }

    /// Hands something to the machine, and carries out what it says over channels that it has not itself. Returns what
    /// the machine does.
    pub(crate) fn handle(&mut self, cx: &mut Context, input: FileInput) -> bool {
        let Some(machine) = &mut self.machine else { return false };
        let mut effects = Vec::new();
        let answer = machine.handle(cx.now, input, &mut effects);
        for effect in effects {
            cx.act(match effect {
                FileEffect::Control { epoch, text } => {
                    Effect::Peer { id: PeerConnectionId(epoch), effect: PeerEffect::SendText(text) }
                }
                effect => Effect::File(effect),
            });
        }
        answer
    }
}
