//! What has to work whatever went before.

use tincan_session::{CallKind, Intent};

use crate::invariants;
use crate::sleeps::Sleep;
use crate::world::World;

impl World {
    /// Whatever went before: everyone hangs up, and the first two have a call.
    pub(crate) fn last_call(&mut self) -> Result<(), String> {
        for node in 0..self.nodes.len() {
            self.intend(node, Intent::HangUp)?;
        }
        // Longer than anybody is told that one is busy, because they rang too often.
        self.run_for(70_000)?;
        invariants::released(self)?;
        let text = |node: usize| format!("the last line of {node}");
        self.intend(0, Intent::Call { name: "bob".to_owned(), kind: CallKind::Text })?;
        // The slowest browser and the slowest frames take five seconds.
        self.run_for(15_000)?;
        self.intend(1, Intent::Accept { camera: true })?;
        self.intend(1, Intent::Send { text: text(1), reply: None })?;
        self.run_for(10_000)?;
        self.intend(0, Intent::Send { text: text(0), reply: None })?;
        self.run_for(10_000)?;
        invariants::in_call_with_lines(self, 0, 1, 2)?;
        // Who loads the page anew is back in the call.
        let node = self.reloads.usize(..2);
        self.reload(node)?;
        self.run_for(25_000)?;
        invariants::in_call_with_lines(self, node, node, 0)?;
        invariants::in_call_with_lines(self, 1 - node, 1 - node, 2)?;
        // Who sleeps while they are in it stays in it.
        let long = if self.sleeps.u32(..32) == 0 { 3_600_000 } else { 120_000 };
        for (sleep, ms) in [(Sleep::Machine, 40_000), (Sleep::Page, long)] {
            let sleeper = self.sleeps.usize(..2);
            self.falls_asleep(sleeper, sleep, ms);
            self.run_for(ms + 30_000)?;
            invariants::in_call_with_lines(self, node, node, 0)?;
            invariants::in_call_with_lines(self, 1 - node, 1 - node, 2)?;
        }
        self.intend(1, Intent::HangUp)?;
        self.run_for(10_000)?;
        invariants::released(self)?;
        // Both call each other: one call, not two and not none. The devices may keep one of them waiting for
        // long.
        self.intend(0, Intent::Call { name: "Bob".to_owned(), kind: CallKind::Video })?;
        self.intend(1, Intent::Call { name: "Anna".to_owned(), kind: CallKind::Voice })?;
        self.run_for(40_000)?;
        invariants::in_call_with_lines(self, 0, 1, 0)?;
        self.intend(0, Intent::SignOut)?;
        self.run_for(10_000)?;
        invariants::released(self)?;
        for node in 1..self.nodes.len() {
            self.intend(node, Intent::Leave)?;
        }
        self.run_for(60_000)?;
        if self.hub.user_count() > 0 || self.hub.connection_count() > 0 {
            return Err("somebody is left in the hub".to_owned());
        }
        Ok(())
    }
}
