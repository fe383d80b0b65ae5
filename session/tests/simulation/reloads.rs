//! Pages are loaded anew: with a word, or crashed before it.

use tincan_session::{Devices, Input, Intent, Kept, MeetingKind, Screen, Time};

use crate::queue::Event;
use crate::rooms;
use crate::world::{Node, World};

impl World {
    /// In some schedules pages are loaded anew, also two at once.
    pub(crate) fn schedule_reloads(&mut self, until: u64) {
        let mut rng = self.reloads.fork();
        if rng.u32(..3) > 0 {
            return;
        }
        for _ in 0..4 {
            let (at, node) = (rng.u64(5_000..until), rng.usize(..self.nodes.len()));
            self.after(at, Event::Reload(node));
            if rng.u32(..4) == 0 {
                self.after(at, Event::Reload((node + 1) % self.nodes.len()));
            }
        }
    }

    /// The page of `node` is gone, and another takes its place in a while.
    pub(crate) fn reload(&mut self, node: usize) -> Result<(), String> {
        if self.nodes[node].crashed {
            return Ok(());
        }
        if self.in_rooms {
            return self.reload_in_room(node);
        }
        let crashes = self.reloads.bool();
        let view = self.nodes[node].session.view();
        let kept = view.kept.filter(|_| !matches!(view.screen, Screen::Start { .. }));
        self.note(|| format!("{} is loaded anew, in {:?}", self.nodes[node].name, kept));
        self.totals.reloads += 1;
        if !crashes {
            self.intend(node, Intent::Leave)?;
        }
        let name = self.page_is_gone(node);
        let subject = &mut self.nodes[node];
        let old = std::mem::replace(subject, Node::new(name, &mut self.reloads));
        subject.crashed = true;
        subject.consent = old.consent;
        (subject.rings, subject.offers, subject.offered) = (old.rings, old.offers, old.offered);
        // Who rang at the page before is forgotten with it.
        (subject.answered, subject.accepted) = (old.answered, old.accepted);
        subject.reloaded = true;
        let delay = self.reloads.u64(200..3_000);
        self.after(delay, Event::Returns { node, kept });
        Ok(())
    }

    /// The same in a room. What was written there is known to the page that is gone, so the one that comes is
    /// somebody else to the invariants.
    fn reload_in_room(&mut self, node: usize) -> Result<(), String> {
        let view = self.nodes[node].session.view();
        let Some(meeting) = rooms::meeting(&self.nodes[node]) else { return Ok(()) };
        let MeetingKind::Room { name: room, .. } = meeting.kind else { return Ok(()) };
        self.note(|| format!("{} is loaded anew in {room}", self.nodes[node].name));
        self.totals.reloads += 1;
        if self.reloads.bool() {
            self.intend(node, Intent::Leave)?;
        }
        let name = self.page_is_gone(node);
        self.nodes[node].crashed = true;
        let page = self.nodes.len();
        self.nodes.push(Node::new(name, &mut self.reloads));
        // It is the same person, whom what was written to them before may still reach.
        self.nodes[page].stay = self.nodes[node].stay.of_the_same_person();
        let delay = self.reloads.u64(200..3_000);
        self.after(delay, Event::ReturnsToRoom { node: page, kept: view.kept, room });
        Ok(())
    }

    /// The page that takes another's place goes into the room again.
    pub(crate) fn returns_to_room(
        &mut self,
        node: usize,
        kept: Option<Kept>,
        room: String,
    ) -> Result<(), String> {
        self.totals.returns += u64::from(kept.is_some());
        let name = self.nodes[node].name.to_owned();
        if let Some(kept) = kept {
            self.intend(node, Intent::Remember(kept))?;
        }
        self.intend(node, Intent::OpenRoom { room, devices: Devices::default() })?;
        self.intend(node, Intent::JoinRoom { name })?;
        self.after(1_000, Event::Act(node));
        Ok(())
    }

    /// The page that takes another's place is there.
    pub(crate) fn returns(&mut self, node: usize, kept: Option<Kept>) -> Result<(), String> {
        let subject = &mut self.nodes[node];
        subject.crashed = false;
        self.after(1_000, Event::Act(node));
        let Some(kept) = kept else { return Ok(()) };
        self.totals.returns += u64::from(kept.call.is_some());
        let (now, name) = (self.now, self.nodes[node].name.to_owned());
        // It is told before anybody sees a screen.
        self.nodes[node].session.handle(Time(now), Input::Intent(Intent::Remember(kept)));
        self.intend(node, Intent::SignIn { name })
    }
}

/// Returns whether somebody goes back into a call in which they were before.
pub(crate) fn goes_back(before: &Screen, after: &Screen) -> bool {
    let Screen::Meeting(meeting) = after else { return false };
    matches!(meeting.kind, MeetingKind::Call { .. }) && matches!(before, Screen::Start { .. })
}

/// Returns whether these agree, as far as both go back.
pub(crate) fn agree(one: &[&str], other: &[&str]) -> bool {
    one.ends_with(other) || other.ends_with(one)
}
