//! What every transfer works with.

use std::mem;

use super::effect::{FileEffect, SourceId};
use super::id::Run;
use super::people::People;
use super::wire::FileFrame;
use crate::ids::MemberId;
use crate::time::Time;

/// One input is handled at a time, so `now` is when it happened, and `effects` are what is to be done about
/// it.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) now: Time,
    pub(super) people: People,
    effects: Vec<FileEffect>,
    /// Files that some transfer no longer needs.
    unneeded: Vec<SourceId>,
    runs: u32,
}

impl Context {
    pub(super) fn act(&mut self, effect: FileEffect) {
        self.effects.push(effect);
    }

    /// Says something to a member, if there is a channel to them.
    pub(super) fn say(&mut self, member: Option<MemberId>, frame: &FileFrame) {
        if let Some(peer_connection) = member.and_then(|member| self.people.channel(member)) {
            self.act(FileEffect::Control { peer_connection, text: frame.encode() });
        }
    }

    pub(super) fn next_run(&mut self) -> Run {
        self.runs += 1;
        Run(self.runs)
    }

    /// A transfer no longer needs a file. It is released when the input is handled, unless it goes to
    /// somebody else, too.
    pub(super) fn let_go(&mut self, source: SourceId) {
        self.unneeded.push(source);
    }

    /// Returns the files that were let go of since this was last asked.
    pub(super) fn take_unneeded(&mut self) -> Vec<SourceId> {
        mem::take(&mut self.unneeded)
    }

    /// Returns what is to be done.
    pub(super) fn take_effects(&mut self) -> Vec<FileEffect> {
        mem::take(&mut self.effects)
    }
}
