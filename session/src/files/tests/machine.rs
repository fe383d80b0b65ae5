//! A machine, and what it wants done.

use std::ops::Deref;

use crate::envelope::{self, ChannelFrame};
use crate::files::*;
use crate::ids::{MemberId, PeerConnectionId};
use crate::time::Time;

/// Collects the effects of each input in `out`, until they are taken out of it.
#[derive(Default)]
pub(super) struct Machine {
    files: Files,
    pub(super) out: Vec<FileEffect>,
}

impl Deref for Machine {
    type Target = Files;

    fn deref(&self) -> &Files {
        &self.files
    }
}

impl Machine {
    pub(super) fn input(&mut self, now: Time, input: FileInput) {
        self.out.extend(self.files.handle(now, input));
    }

    pub(super) fn opened(&mut self, now: Time, member: MemberId, name: &str, number: u32) {
        let (name, peer_connection) = (name.to_owned(), PeerConnectionId(number));
        self.input(now, FileInput::Opened { member, name, peer_connection });
    }

    pub(super) fn closed(&mut self, now: Time, member: MemberId) {
        self.input(now, FileInput::Closed(member));
    }

    pub(super) fn left(&mut self, now: Time, member: MemberId) {
        self.input(now, FileInput::Left(member));
    }

    /// A member says this. Returns whether it is about files.
    pub(super) fn frame(&mut self, now: Time, member: MemberId, text: &str) -> bool {
        let Some(ChannelFrame::File(text)) = envelope::decode(text.to_owned()) else { return false };
        self.input(now, FileInput::Frame(member, text));
        true
    }

    pub(super) fn event(&mut self, now: Time, id: TransferId, run: Run, event: FileEvent) {
        self.input(now, FileInput::Event(id, run, event));
    }

    pub(super) fn wants(&mut self, now: Time, intent: FileIntent) {
        self.input(now, FileInput::Intent(intent));
    }

    /// Offers a file to these members, under these numbers.
    pub(super) fn offer(&mut self, now: Time, file: SourceFile, to: &[(MemberId, u128)]) {
        let to = to.iter().map(|(member, bits)| (*member, TransferId::from_random(*bits))).collect();
        self.input(now, FileInput::Offer { file, to });
    }

    pub(super) fn tick(&mut self, now: Time) {
        self.input(now, FileInput::Tick);
    }
}
