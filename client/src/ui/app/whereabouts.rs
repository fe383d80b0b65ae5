//! Who is here, and where: what a page needs to be that again. It is in the lazy part.

use tincan_session::{CallKind, DeviceView, Devices, Kept, KeptCall, LocalMediaView, MeetingKind, Screen};
use tincan_shared::CallId;

use crate::browser::lower_case;

/// For how long a page may take another's place, in milliseconds. Nobody is to be back in a room, and seen
/// there, because a tab was opened again on another day.
const MAX_AGE_MS: u64 = 120_000;

/// See the module's words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Whereabouts {
    /// The name by which one is signed in.
    pub(super) account: Option<String>,
    /// The room that one is in or stands before.
    pub(super) room: Option<Room>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Room {
    pub(super) name: String,
    /// What one is called inside, if one is.
    pub(super) inside_as: Option<String>,
    /// The devices that were on. Who was muted comes back without a microphone.
    pub(super) devices: Devices,
}

impl Whereabouts {
    /// Returns them as they are once `screen` is shown.
    pub(super) fn then(self, screen: &Screen) -> Whereabouts {
        let at_home = |me: &String| Whereabouts { account: Some(me.clone()), room: None };
        match screen {
            Screen::Start { .. } => Whereabouts::default(),
            Screen::Home { me, .. } | Screen::Incoming { me, .. } => at_home(me),
            Screen::Calling { .. } => Whereabouts { room: None, ..self },
            Screen::Lobby(lobby) => {
                let devices = devices(&lobby.local);
                let room = Room { name: lobby.room.clone(), inside_as: None, devices };
                Whereabouts { account: lobby.me.clone(), room: Some(room) }
            }
            Screen::Meeting(meeting) => match &meeting.kind {
                // Nobody has said yet who one is, where a page has just gone back into a call.
                MeetingKind::Call { .. } if meeting.me.is_empty() => Whereabouts { room: None, ..self },
                MeetingKind::Call { .. } => at_home(&meeting.me),
                MeetingKind::Room { name, .. } => {
                    let (inside_as, devices) = (Some(meeting.me.clone()), devices(&meeting.local));
                    let room = Room { name: name.clone(), inside_as, devices };
                    Whereabouts { room: Some(room), ..self }
                }
            },
        }
    }

    /// Returns whether this is the room in the address, if there is one.
    pub(super) fn is_at(&self, address: Option<&str>) -> bool {
        let room = self.room.as_ref().map(|room| lower_case(&room.name));
        room == address.map(lower_case)
    }

    /// Writes them down for the page after this one, with what the session keeps. `now` is in milliseconds.
    /// Returns nothing where there is nothing to go back to.
    pub(super) fn write(&self, kept: Option<&Kept>, now: u64) -> Option<String> {
        if self.account.is_none() && self.room.is_none() {
            return None;
        }
        let now = now.to_string();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut fields = vec![now, text(&self.account)];
        match &self.room {
            Some(room) => {
                fields.extend([room.name.clone(), text(&room.inside_as), write_devices(room.devices).into()]);
            }
            None => fields.resize(5, String::new()),
        }
        if let Some(Kept { token, ticket, call, over }) = kept {
            let over = over.as_ref().map_or("", CallId::as_str).to_owned();
            fields.extend([token.clone(), text(ticket), over]);
            if let Some(KeptCall { id, peer, kind, gives_way, devices }) = call {
                let kind = KINDS.iter().find(|(known, _)| known == kind).map_or("", |(_, word)| word);
                let gives_way = if *gives_way { "gives way" } else { "" };
                let (id, devices) = (id.as_str(), write_devices(*devices));
                fields.extend([id, peer, kind, gives_way, devices].map(str::to_owned));
            }
        }
        // No name, token or id has a control character in it.
        Some(fields.join("\t"))
    }

    /// Reads what a page before this one has written. Returns `None` if it is too old, or something else
    /// wrote it.
    pub(super) fn read(text: &str, now: u64) -> Option<(Whereabouts, Option<Kept>)> {
        let mut fields = text.split('\t');
        let at: u64 = fields.next()?.parse().ok()?;
        if now.saturating_sub(at) > MAX_AGE_MS {
            return None;
        }
        let mut text = || fields.next().filter(|text| !text.is_empty()).map(str::to_owned);
        let account = text();
        let (name, inside_as, devices) = (text(), text(), read_devices(text()));
        let room = name.map(|name| Room { name, inside_as, devices });
        let kept = text().map(|token| {
            let (ticket, over) = (text(), text().and_then(|id| CallId::parse(id).ok()));
            let (id, peer) = (text(), text());
            let (kind, gives_way, devices) = (text(), text().is_some(), read_devices(text()));
            let id = id.and_then(|id| CallId::parse(id).ok());
            let kind = KINDS.iter().find(|(_, word)| kind.as_deref() == Some(*word)).map(|(kind, _)| *kind);
            let call = id.zip(peer).zip(kind).map(|((id, peer), kind)| KeptCall {
                id,
                peer,
                kind,
                gives_way,
                devices,
            });
            Kept { token, ticket, call, over }
        });
        Some((Whereabouts { account, room }, kept))
    }
}

const KINDS: [(CallKind, &str); 3] =
    [(CallKind::Text, "text"), (CallKind::Voice, "voice"), (CallKind::Video, "video")];

fn devices(local: &LocalMediaView) -> Devices {
    let on = |view| matches!(view, DeviceView::On { .. });
    Devices { microphone: on(local.microphone), camera: on(local.camera) }
}

fn write_devices(devices: Devices) -> &'static str {
    match (devices.microphone, devices.camera) {
        (true, true) => "both",
        (true, false) => "microphone",
        (false, true) => "camera",
        (false, false) => "",
    }
}

fn read_devices(text: Option<String>) -> Devices {
    let is = |word| matches!(text.as_deref(), Some("both")) || text.as_deref() == Some(word);
    Devices { microphone: is("microphone"), camera: is("camera") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    fn kept(call: Option<KeptCall>) -> Kept {
        let over = call.is_none().then(|| CallId::from_random(8));
        let token = "0123456789abcdef0123456789abcdef".to_owned();
        Kept { token, ticket: Some("a.b-c".to_owned()), call, over }
    }

    #[test]
    fn who_calls_is_still_signed_in_and_who_signs_out_is_nobody() {
        let home = Screen::Home { me: "Anna".to_owned(), notice: None, past: None };
        let incoming = Screen::Incoming {
            me: "Anna".to_owned(),
            past: None,
            peer: "Bob".to_owned(),
            kind: CallKind::Text,
            files: None,
        };
        let anna = Whereabouts::default().then(&home);
        assert_eq!(anna.account.as_deref(), Some("Anna"));
        assert_eq!(anna.clone().then(&incoming), anna);
        assert_eq!(anna.then(&Screen::Start { signing_in: false, problem: None }), Whereabouts::default());
    }

    #[test]
    fn what_is_written_is_read() {
        let id = CallId::from_random(7);
        let devices = Devices { microphone: false, camera: true };
        let call = KeptCall { id, peer: "Bob B".to_owned(), kind: CallKind::Voice, gives_way: true, devices };
        let room = Room { name: "phoenix".to_owned(), inside_as: Some("Änne".to_owned()), devices };
        let outside = Room { inside_as: None, ..room.clone() };
        for account in [None, Some("Anna".to_owned())] {
            for room in [None, Some(room.clone()), Some(outside.clone())] {
                for kept in [None, Some(kept(None)), Some(kept(Some(call.clone())))] {
                    let here = Whereabouts { account: account.clone(), room: room.clone() };
                    let Some(text) = here.write(kept.as_ref(), NOW) else {
                        assert!(account.is_none() && room.is_none());
                        continue;
                    };
                    assert_eq!(Whereabouts::read(&text, NOW + MAX_AGE_MS), Some((here, kept)));
                    assert_eq!(Whereabouts::read(&text, NOW + MAX_AGE_MS + 1), None);
                }
            }
        }
    }

    #[test]
    fn what_somebody_else_wrote_is_no_call() {
        for text in ["", "x", "\t\t\t", "1800000000000"] {
            let read = Whereabouts::read(text, NOW);
            assert!(read.is_none_or(|(here, kept)| here == Whereabouts::default() && kept.is_none()));
        }
        let odd = format!("{NOW}\tAnna\t\t\t\ttoken\t\t\tno id!\tBob\tvideo\t\tboth");
        let (_, kept) = Whereabouts::read(&odd, NOW).unwrap();
        assert_eq!(kept.unwrap().call, None);
    }
}
