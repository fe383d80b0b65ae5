//! Files in calls and rooms: who is there to have some. See [`crate::files`].

use super::*;
use crate::files::{FileEffect, FileIntent, Recipients, SourceFile};

impl Session {
    /// From now on there can be files. What is there already is told.
    pub fn share_files(&mut self, machine: Box<dyn FileMachine>) {
        self.files = Some(machine);
    }

    /// Calls somebody in order to send them files.
    pub(super) fn call_with_files(
        &mut self,
        now: Time,
        typed: &str,
        files: Vec<(SourceFile, u128)>,
        out: &mut Vec<Effect>,
    ) {
        let idle = self.call.is_none();
        self.start_call(now, typed, CallKind::Text, out);
        match self.call.as_mut().filter(|_| idle) {
            Some(call) => call.files = files,
            None => self.release_files(files, out),
        }
    }

    /// Lets go of files that will not be offered.
    pub(super) fn release_files(&self, files: Vec<(SourceFile, u128)>, out: &mut Vec<Effect>) {
        out.extend(
            files.into_iter().map(|(file, _)| Effect::File(FileEffect::Release { source: file.source })),
        );
    }

    /// Offers what the call was made for.
    fn offer_waiting(&mut self, now: Time, out: &mut Vec<Effect>) {
        let waiting = self.call.as_mut().map(|call| std::mem::take(&mut call.files)).unwrap_or_default();
        for (file, random) in waiting {
            let to = Recipients::Numbers(vec![ONLY_ONE]);
            let offer = FileIntent::Offer { file, to, random: vec![random] };
            self.about_files(now, FileInput::Intent(offer), out);
        }
    }

    pub(super) fn file_intent(&mut self, now: Time, mut intent: FileIntent, out: &mut Vec<Effect>) {
        if let FileIntent::Offer { to, .. } = &mut intent {
            let is_meant = |one: &Sharer| match &to {
                Recipients::Address(address) => *address == one.address,
                Recipients::Everyone | Recipients::Numbers(_) => true,
            };
            let meant = self.people().into_iter().filter(is_meant).map(|one| one.who).collect();
            *to = Recipients::Numbers(meant);
        }
        self.about_files(now, FileInput::Intent(intent), out);
    }

    /// A text that came over the channel of a peer connection. Answers whether it was about files.
    pub(super) fn file_frame(&mut self, now: Time, epoch: u32, text: &str, out: &mut Vec<Effect>) -> bool {
        let speaker = self.sharing.iter().find(|one| one.epoch == Some(epoch)).map(|one| one.who);
        speaker.is_some_and(|who| self.about_files(now, FileInput::Frame(who, text.to_owned()), out))
    }

    /// Lets the files know who has come and gone, and to whom there is a channel.
    pub(super) fn attend_to_files(&mut self, now: Time, out: &mut Vec<Effect>) {
        let people = self.people();
        if self.files.is_none() || people == self.sharing {
            return;
        }
        let before = std::mem::replace(&mut self.sharing, people.clone());
        for gone in before.iter().filter(|gone| !people.iter().any(|one| one.is_same(gone))) {
            self.about_files(now, FileInput::Left(gone.who), out);
        }
        for one in people {
            let known = before.iter().find(|known| known.is_same(&one));
            if known.is_some_and(|known| known.name != one.name) {
                self.about_files(now, FileInput::Renamed(one.who, one.name.clone()), out);
            }
            if known.is_some_and(|known| known.epoch == one.epoch) {
                continue;
            }
            let input = match one.epoch {
                Some(epoch) => FileInput::Opened { who: one.who, name: one.name, epoch },
                None if known.is_some() => FileInput::Closed(one.who),
                None => FileInput::Met { who: one.who, name: one.name },
            };
            self.about_files(now, input, out);
            let announced =
                self.call.as_mut().and_then(|call| call.announced.take_if(|_| one.epoch.is_some()));
            if let Some(notice) = announced {
                self.about_files(now, FileInput::Announced(one.who, notice), out);
            }
        }
        // Before what is chosen only now: it was announced.
        if !self.sharing.is_empty() {
            self.offer_waiting(now, out);
        }
    }

    /// Everyone else in the call or room.
    fn people(&self) -> Vec<Sharer> {
        let open = |link: &PeerLink| link.chat().is_open().then(|| link.epoch());
        if let Some(visit) = &self.visit {
            let members = visit.members.iter();
            return members
                .map(|member| Sharer {
                    who: member.who,
                    address: member.address.clone(),
                    name: member.name.clone(),
                    epoch: member.link().and_then(open),
                })
                .collect();
        }
        let accepted = |call: &&Call| matches!(call.stage, Stage::Accepting { .. } | Stage::Active { .. });
        let call = self.call.iter().filter(accepted);
        call.map(|call| Sharer {
            who: ONLY_ONE,
            address: call.peer.clone(),
            name: call.peer.clone(),
            epoch: call.link().and_then(open),
        })
        .collect()
    }

    /// Hands something to the machine for files, and carries out what it says over channels that it has not itself.
    pub(super) fn about_files(&mut self, now: Time, input: FileInput, out: &mut Vec<Effect>) -> bool {
        let Some(files) = &mut self.files else { return false };
        let mut effects = Vec::new();
        let answer = files.handle(now, input, &mut effects);
        out.extend(effects.into_iter().map(|effect| match effect {
            FileEffect::Control { epoch, text } => Effect::Peer { epoch, effect: PeerEffect::SendText(text) },
            effect => Effect::File(effect),
        }));
        answer
    }
}

/// Somebody who may have files, or be given some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sharer {
    /// See [`Conversation::write`].
    who: u32,
    address: String,
    name: String,
    /// The peer connection on which there is an open channel.
    epoch: Option<u32>,
}

impl Sharer {
    fn is_same(&self, other: &Sharer) -> bool {
        // In a call everyone has the same number, and an address of their own.
        self.who == other.who && (self.who != ONLY_ONE || self.address == other.address)
    }
}
