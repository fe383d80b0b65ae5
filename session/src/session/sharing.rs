//! Files in calls and rooms: who is there to have some, and what the user does with them. See [`crate::files`].

use super::*;
use crate::files::{FileEffect, FileEvent, Remembered, TransferId};
use crate::input::FileIntent;

impl Session {
    /// What was under way before the page was loaded.
    pub(super) fn restore_files(&mut self, kept: Vec<Remembered>) {
        self.files.restore(kept);
    }

    pub(super) fn file_event(
        &mut self,
        now: Time,
        id: &TransferId,
        run: u32,
        event: FileEvent,
        out: &mut Vec<Effect>,
    ) {
        self.with_files(out, |files, out| files.event(now, id, run, event, out));
    }

    pub(super) fn file_intent(&mut self, now: Time, intent: FileIntent, out: &mut Vec<Effect>) {
        if let FileIntent::Offer { file, to, random } = intent {
            let people = self.people();
            let meant = people.iter().filter(|one| to.as_ref().is_none_or(|to| *to == one.address));
            // Whoever there is no randomness for is left out, rather than named in a way that can be guessed.
            let meant: Vec<u32> = meant.map(|one| one.who).take(random.len()).collect();
            let mut random = random.into_iter();
            let mut refused = None;
            self.with_files(out, |files, out| {
                let next = &mut || random.next().unwrap_or_default();
                refused = files.offer(now, &meant, &file, next, out).err();
            });
            self.file_refused = refused.map(|why| (file.name, why));
            return;
        }
        self.with_files(out, |files, out| match intent {
            FileIntent::Offer { .. } => {}
            FileIntent::Accept(id) => files.accept(now, &id, out),
            FileIntent::AcceptAll { who } => files.accept_all(now, who, out),
            FileIntent::Refuse(id) => files.refuse(now, &id, out),
            FileIntent::Pause(id) => files.pause(now, &id, out),
            FileIntent::Resume(id) => files.resume(now, &id, out),
            FileIntent::Cancel(id) => files.cancel(now, &id, out),
            FileIntent::Retry(id) => files.retry(now, &id, out),
            FileIntent::ChooseAgain { id, source, size } => files.chosen_again(now, &id, source, size, out),
            FileIntent::Save(id) => files.save(&id, out),
            FileIntent::Dismiss(id) => files.dismiss(&id, out),
        });
    }

    /// A text that came over the channel of a peer connection. Answers whether it was about files.
    pub(super) fn file_frame(&mut self, now: Time, epoch: u32, text: &str, out: &mut Vec<Effect>) -> bool {
        let Some(who) = self.people().into_iter().find(|one| one.epoch == Some(epoch)).map(|one| one.who)
        else {
            return false;
        };
        let mut was = false;
        self.with_files(out, |files, out| was = files.frame(now, who, text, out));
        was
    }

    pub(super) fn tick_files(&mut self, now: Time, out: &mut Vec<Effect>) {
        self.with_files(out, |files, out| files.tick(now, out));
    }

    /// Nothing of any file is to be left.
    pub(super) fn forget_files(&mut self, now: Time, out: &mut Vec<Effect>) {
        self.with_files(out, |files, out| files.forget_everything(now, out));
    }

    /// Lets the files know who has come and gone, and to whom there is a channel.
    pub(super) fn attend_to_files(&mut self, now: Time, out: &mut Vec<Effect>) {
        let people = self.people();
        if people == self.sharing {
            return;
        }
        let before = std::mem::replace(&mut self.sharing, people.clone());
        self.with_files(out, |files, out| {
            for gone in before.iter().filter(|gone| !people.iter().any(|one| one.is_same(gone))) {
                files.left(gone.who, out);
            }
            for one in &people {
                let known = before.iter().find(|known| known.is_same(one));
                if known.is_some_and(|known| known.name != one.name) {
                    files.renamed(one.who, &one.name);
                }
                match (known.and_then(|known| known.epoch), one.epoch) {
                    (before, now) if before == now => {}
                    (_, Some(epoch)) => files.opened(now, one.who, &one.name, epoch, out),
                    (_, None) => files.closed(one.who, out),
                }
            }
        });
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
        let call = self.call.iter().filter_map(|call| Some((call, call.link()?)));
        call.map(|(call, link)| Sharer {
            who: ONLY_ONE,
            address: call.peer.clone(),
            name: call.peer.clone(),
            epoch: open(link),
        })
        .collect()
    }

    fn with_files(&mut self, out: &mut Vec<Effect>, step: impl FnOnce(&mut Files, &mut Vec<FileEffect>)) {
        let mut effects = Vec::new();
        step(&mut self.files, &mut effects);
        out.extend(effects.into_iter().map(|effect| match effect {
            FileEffect::Control { epoch, text } => Effect::Peer { epoch, effect: PeerEffect::SendText(text) },
            effect => Effect::File(effect),
        }));
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
