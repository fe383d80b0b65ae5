//! Who is there, and what the user has agreed to take from them.

use std::collections::BTreeMap;

use super::announced::Announced;
use super::limits::{MAX_TRUSTED, MAX_TRUSTED_BYTES};
use crate::ids::{MemberId, PeerConnectionId};

/// Everybody else in the call or room.
#[derive(Debug, Default)]
pub(super) struct People(BTreeMap<MemberId, Person>);

#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    channel: Channel,
    trust: Trust,
    /// What they announced, and the user accepted, and they haven't offered yet.
    announced: Option<Announced>,
}

/// The data channel that text goes over.
#[derive(Debug)]
enum Channel {
    Closed,
    /// It is open, and their `have` has not come yet, which is the last of what they say first.
    Open(PeerConnectionId),
    /// Their `have` has come.
    Greeted(PeerConnectionId),
}

/// Whether a person's offers are accepted unasked.
#[derive(Debug)]
enum Trust {
    Asked,
    /// Until they leave. So many more may be, of so many bytes together.
    Trusted {
        files: usize,
        bytes: u64,
    },
}

impl People {
    pub(super) fn get(&self, member: MemberId) -> Option<&Person> {
        self.0.get(&member)
    }

    pub(super) fn get_mut(&mut self, member: MemberId) -> Option<&mut Person> {
        self.0.get_mut(&member)
    }

    /// Adds a member, unless they are known.
    pub(super) fn add(&mut self, member: MemberId, name: &str) {
        self.0.entry(member).or_insert_with(|| Person {
            name: name.to_owned(),
            channel: Channel::Closed,
            trust: Trust::Asked,
            announced: None,
        });
    }

    pub(super) fn remove(&mut self, member: MemberId) {
        self.0.remove(&member);
    }

    /// Returns the peer connection on which there is an open channel to a member.
    pub(super) fn channel(&self, member: MemberId) -> Option<PeerConnectionId> {
        self.get(member)?.channel()
    }

    /// Returns those to whom there is an open channel.
    pub(super) fn reachable(&self) -> Vec<(MemberId, PeerConnectionId)> {
        let reachable = |(member, person): (&MemberId, &Person)| Some((*member, person.channel()?));
        self.0.iter().filter_map(reachable).collect()
    }
}

impl Person {
    fn channel(&self) -> Option<PeerConnectionId> {
        match self.channel {
            Channel::Closed => None,
            Channel::Open(id) | Channel::Greeted(id) => Some(id),
        }
    }

    pub(super) fn opened(&mut self, id: PeerConnectionId) {
        self.channel = Channel::Open(id);
    }

    pub(super) fn closed(&mut self) {
        self.channel = Channel::Closed;
    }

    /// Their `have` has come. Returns whether it is the first on this channel.
    pub(super) fn greeted(&mut self) -> bool {
        match self.channel {
            Channel::Open(id) => {
                self.channel = Channel::Greeted(id);
                true
            }
            Channel::Closed | Channel::Greeted(_) => false,
        }
    }

    /// Whatever they offer is accepted from now on.
    pub(super) fn trust(&mut self) {
        self.trust = Trust::Trusted { files: MAX_TRUSTED, bytes: MAX_TRUSTED_BYTES };
    }

    /// Returns whether one more of their files, of this size, is accepted unasked. If it is, it counts.
    pub(super) fn take_on_trust(&mut self, size: u64) -> bool {
        match &mut self.trust {
            Trust::Trusted { files, bytes } if *files > 0 && size <= *bytes => {
                *files -= 1;
                *bytes -= size;
                true
            }
            Trust::Trusted { .. } | Trust::Asked => false,
        }
    }

    pub(super) fn announced(&mut self, announced: Announced) {
        self.announced = Some(announced);
    }

    /// Returns whether a file is one that they announced. If it is, it counts as offered.
    pub(super) fn take_announced(&mut self, name: &str, size: u64) -> bool {
        self.announced.as_mut().is_some_and(|announced| announced.take(name, size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_is_bounded_in_files_and_in_bytes() {
        let stranger =
            || Person { name: String::new(), channel: Channel::Closed, trust: Trust::Asked, announced: None };
        let mut person = stranger();
        assert!(!person.take_on_trust(0));
        person.trust();
        assert_eq!((0..1_000).filter(|_| person.take_on_trust(1)).count(), MAX_TRUSTED);
        let mut person = stranger();
        person.trust();
        assert!(person.take_on_trust(MAX_TRUSTED_BYTES) && !person.take_on_trust(1));
        assert!(person.take_on_trust(0));
        person.trust();
        assert!(!person.take_on_trust(MAX_TRUSTED_BYTES + 1), "asked about");
    }
}
