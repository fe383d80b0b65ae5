//! What people do: mostly what one would, at times what one wouldn't.

use tincan_session::{CallKind, DeviceView, Intent, Screen};

use crate::world::World;

impl World {
    /// The person at `node` does something that the screen allows.
    pub(crate) fn act(&mut self, node: usize) -> Result<(), String> {
        if self.in_rooms {
            return self.act_in_rooms(node);
        }
        let view = self.nodes[node].session.view();
        let roll = self.network.rng.u32(..100);
        let name = self.nodes[node].name.to_owned();
        // In calm weather people only see to it that they are signed in.
        if !self.network.hostile && !matches!(view.screen, Screen::Start { .. }) {
            return Ok(());
        }
        let intent = match view.screen {
            Screen::Start { signing_in: true, .. } => return Ok(()),
            Screen::Lobby(_) => return Ok(()),
            Screen::Start { .. } => Intent::SignIn { name: format!(" {name} ") },
            Screen::Home { .. } => match roll {
                0..=59 => self.call_somebody(node),
                60..=62 => Intent::Call { name: "Nobody".to_owned(), kind: CallKind::Voice },
                63..=64 => Intent::Call { name: name.to_lowercase(), kind: CallKind::Text },
                65..=67 => Intent::SignOut,
                _ => return Ok(()),
            },
            Screen::Calling { .. } => match roll {
                0..=19 => Intent::Cancel,
                20..=24 => Intent::SetCamera(roll.is_multiple_of(2)),
                _ => return Ok(()),
            },
            Screen::Incoming { .. } => match roll {
                0..=59 => Intent::Accept { camera: roll.is_multiple_of(2) },
                60..=74 => Intent::Decline,
                _ => return Ok(()),
            },
            Screen::Meeting(call) => match roll {
                0..=39 => {
                    let text = format!("{name} {}{}", self.now, "x".repeat(roll as usize * 100));
                    Intent::Send { text, reply: self.reply(&call) }
                }
                40..=69 => Intent::SetCamera(!matches!(call.local.camera, DeviceView::On { .. })),
                70..=79 => Intent::SetMicrophone(!matches!(call.local.microphone, DeviceView::On { .. })),
                80..=84 => Intent::HangUp,
                85 => Intent::SignOut,
                _ => self.touch_a_line(&call),
            },
        };
        self.say(node, intent)
    }

    /// Two people do the same in the same moment: call each other, accept, turn on the camera, hang up.
    pub(crate) fn act_together(&mut self, a: usize, b: usize) -> Result<(), String> {
        if self.in_rooms {
            return self.act_together_in_rooms(a, b);
        }
        let home = |world: &World, node: usize| {
            matches!(world.nodes[node].session.view().screen, Screen::Home { .. })
        };
        if home(self, a) && home(self, b) {
            self.totals.call_glare += 1;
        }
        for (node, other) in [(a, b), (b, a)] {
            let other = self.nodes[other].name.to_lowercase();
            let kind = self.any_kind();
            let intent = match self.nodes[node].session.view().screen {
                Screen::Home { .. } => Intent::Call { name: other, kind },
                Screen::Incoming { .. } => Intent::Accept { camera: true },
                Screen::Meeting(call) => {
                    Intent::SetCamera(!matches!(call.local.camera, DeviceView::On { .. }))
                }
                Screen::Calling { .. } => Intent::Cancel,
                Screen::Start { .. } | Screen::Lobby(_) => return Ok(()),
            };
            self.say(node, intent)?;
        }
        Ok(())
    }

    fn say(&mut self, node: usize, intent: Intent) -> Result<(), String> {
        self.intend(node, intent)
    }

    fn call_somebody(&mut self, node: usize) -> Intent {
        let others = self.nodes.len() - 1;
        let whom = (node + 1 + self.network.rng.usize(..others)) % self.nodes.len();
        let name = self.nodes[whom].name;
        let name = if self.network.rng.bool() { name.to_uppercase() } else { name.to_owned() };
        Intent::Call { name, kind: self.any_kind() }
    }

    fn any_kind(&mut self) -> CallKind {
        *self
            .network
            .rng
            .choice(&[CallKind::Text, CallKind::Voice, CallKind::Video])
            .unwrap_or(&CallKind::Text)
    }
}
