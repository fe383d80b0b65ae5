//! Files in calls and rooms: tells the machine for files who is there to have some. See [`crate::files`].

use tincan_shared::FileNotice;

use crate::context::Context;
use crate::effect::{Effect, PeerEffect};
use crate::files::{
    FileEffect, FileInput, FileMachine, FileText, OfferError, SourceFile, TransferId, TransferView,
};
use crate::ids::{MemberId, PeerConnectionId};
use crate::input::Recipients;
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

    /// Offers a file to those who are there.
    pub(crate) fn offer(&mut self, cx: &mut Context, place: &Place, file: SourceFile, to: &Recipients) {
        let is_meant = |member: &&Member| match to {
            Recipients::Address(address) => *address == member.address,
            Recipients::Everyone => true,
        };
        let members = place.companions().iter().filter(is_meant);
        // Each transfer has an id of its own, which nobody can foresee.
        let to = members.map(|member| (member.id, TransferId::from_random(cx.random.bits()))).collect();
        self.handle(cx, FileInput::Offer { file, to });
    }

    /// A member said this of files.
    pub(crate) fn hear(&mut self, cx: &mut Context, member: MemberId, text: FileText) {
        if self.known.iter().any(|known| known.id == member && known.channel.is_some()) {
            self.handle(cx, FileInput::Frame(member, text));
        }
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
            self.handle(cx, FileInput::Left(gone.id));
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
        let (member, name) = (one.id, one.name.clone());
        let known = self.known.iter().find(|known| known.id == one.id);
        let (is_known, channel) = (known.is_some(), known.and_then(|known| known.channel));
        if known.is_some_and(|known| known.name != one.name) {
            self.handle(cx, FileInput::Renamed(member, one.name.clone()));
        }
        if is_known && channel == one.channel {
            return;
        }
        self.handle(
            cx,
            match one.channel {
                Some(peer_connection) => FileInput::Opened { member, name, peer_connection },
                None if is_known => FileInput::Closed(member),
                None => FileInput::Met { member, name },
            },
        );
        if let Some(notice) = announced.take_if(|_| one.channel.is_some()) {
            self.handle(cx, FileInput::Announced(member, notice));
        }
    }

    /// Offers what the call was made for.
    fn offer_waiting(&mut self, cx: &mut Context, place: &Place, files: Vec<SourceFile>) {
        for file in files {
            self.offer(cx, place, file, &Recipients::Everyone);
        }
    }

    /// Hands something to the machine, and carries out what it says over channels that it has not itself.
    pub(crate) fn handle(&mut self, cx: &mut Context, input: FileInput) {
        let Some(machine) = &mut self.machine else { return };
        for effect in machine.handle(cx.now, input) {
            cx.act(match effect {
                FileEffect::Control { peer_connection, text } => {
                    Effect::Peer { id: peer_connection, effect: PeerEffect::SendText(text) }
                }
                effect => Effect::File(effect),
            });
        }
    }
}
