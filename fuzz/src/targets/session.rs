//! A page's session, and whatever server, peer and user do to it.
//!
//! | line | is |
//! | --- | --- |
//! | `s` text | the server sends this frame |
//! | `t` digit text | the peer connection made so many before the last has this text |
//! | `e` digit digit | and that event |
//! | `u` digit text | the user wants that |
//! | `v` digit | the WebSocket opens, or is closed |
//! | `m` digit | devices are opened, or not |
//! | `w` digit | so many seconds pass, squared |

use std::collections::BTreeSet;

use tincan_session::files::Files;
use tincan_session::{
    CallKind, Captured, ConnectionState, Device, DeviceError, Devices, Effect, Generation, Input, Intent,
    LineId, PeerConnectionId, PeerEffect, PeerEvent, Session, SignalingEffect, SignalingEvent, Time,
};
use tincan_shared::{Description, DescriptionKind};

use crate::ops::ops;

struct Page {
    session: Session,
    now: Time,
    generation: Generation,
    /// Every peer connection that was made, and those that are open.
    made: Vec<PeerConnectionId>,
    open: BTreeSet<PeerConnectionId>,
    capture: Option<Effect>,
}

pub(crate) fn check(bytes: &[u8]) {
    let mut last = 0;
    let counting = move || {
        last += 1;
        last
    };
    let mut session = Session::new(Box::new(counting), str::to_lowercase);
    session.share_files(Box::new(Files::default()));
    let mut page = Page {
        session,
        now: Time(1_000),
        generation: Generation(0),
        made: Vec::new(),
        open: BTreeSet::new(),
        capture: None,
    };
    for op in ops(bytes, 300) {
        let (digit, text) = op.digit(10);
        match op.letter {
            b's' => page.link(SignalingEvent::Frame(op.text())),
            b't' => page.peer(digit, PeerEvent::ChannelMessage(text)),
            b'e' => {
                let second = usize::from(text.bytes().next().unwrap_or_default());
                page.peer(digit, event(second));
            }
            b'u' => page.input(Input::Intent(intent(digit, text))),
            b'v' => page.link(match digit {
                0 => SignalingEvent::Opened,
                1 => SignalingEvent::NotOpened(None),
                _ => SignalingEvent::Closed,
            }),
            b'm' => page.captured(digit),
            b'w' => {
                page.now = page.now.plus((digit * digit * 1_000) as u64);
                page.input(Input::Tick);
            }
            _ => {}
        }
        page.session.view();
    }
    page.input(Input::Intent(Intent::Leave));
    page.input(Input::Intent(Intent::SignOut));
    assert!(page.open.is_empty(), "a peer connection outlives all");
}

impl Page {
    fn input(&mut self, input: Input) {
        for effect in self.session.handle(self.now, input) {
            match effect {
                Effect::Signaling(SignalingEffect::Open { generation }) => self.generation = generation,
                Effect::Peer { id, effect: PeerEffect::Create(_) } => {
                    assert!(!self.made.contains(&id), "an id is used twice");
                    self.made.push(id);
                    self.open.insert(id);
                }
                Effect::Peer { id, effect } => {
                    assert!(self.open.contains(&id), "{effect:?} for one that isn't open");
                    if effect == PeerEffect::Close {
                        self.open.remove(&id);
                    }
                }
                effect @ (Effect::Capture { .. } | Effect::CaptureScreen { .. }) => {
                    self.capture = Some(effect)
                }
                _ => {}
            }
        }
    }

    fn link(&mut self, event: SignalingEvent) {
        self.input(Input::Signaling { generation: self.generation, event });
    }

    fn peer(&mut self, age: usize, event: PeerEvent) {
        if let Some(id) = self.made.iter().rev().nth(age).copied() {
            self.input(Input::Peer { id, event });
        }
    }

    fn captured(&mut self, digit: usize) {
        let result = if digit.is_multiple_of(2) { Ok(()) } else { Err(DeviceError::NotFound) };
        let captured = match self.capture.take() {
            Some(Effect::Capture { capture, devices, .. }) => Captured {
                capture,
                microphone: devices.microphone.then_some(result),
                camera: devices.camera.then_some(result),
                screen: None,
                screen_audio: None,
            },
            Some(Effect::CaptureScreen { capture }) => Captured {
                capture,
                microphone: None,
                camera: None,
                screen: Some(result),
                screen_audio: result.is_ok().then_some(Ok(())),
            },
            _ => return,
        };
        self.input(Input::Captured(captured));
    }
}

fn event(number: usize) -> PeerEvent {
    let description = |kind| Description { kind, sdp: "v=0".to_owned() };
    match number % 16 {
        0 => PeerEvent::Broken,
        1 => PeerEvent::NegotiationNeeded,
        2 => PeerEvent::LocalDescription(description(DescriptionKind::Offer)),
        3 => PeerEvent::LocalDescription(description(DescriptionKind::Answer)),
        4 => PeerEvent::RemoteDescriptionSet,
        5 => PeerEvent::DescriptionFailed,
        6 => PeerEvent::Candidate(None),
        7 => PeerEvent::ServerRefused,
        8 => PeerEvent::Connection(ConnectionState::Connected),
        9 => PeerEvent::Connection(ConnectionState::Disconnected),
        10 => PeerEvent::Connection(ConnectionState::Failed),
        11 => PeerEvent::ChannelOpen { max_message_bytes: number << 6 },
        12 => PeerEvent::ChannelClosed,
        13 => PeerEvent::Quality { weak: true },
        14 => PeerEvent::RemoteTrack { device: Device::Camera, live: number & 16 == 0 },
        _ => PeerEvent::Connection(ConnectionState::Closed),
    }
}

fn intent(digit: usize, text: String) -> Intent {
    match digit {
        0 => Intent::SignIn { name: text },
        1 => Intent::Call { name: text, kind: CallKind::Video },
        2 => Intent::Accept { camera: true },
        3 => Intent::HangUp,
        4 => Intent::OpenRoom { room: text, devices: Devices { microphone: true, camera: true } },
        5 => Intent::JoinRoom { name: text },
        6 => Intent::Send { text, reply: Some(LineId(1)) },
        7 => Intent::SetScreen(text.is_empty()),
        8 => Intent::Edit { line: LineId(1), text },
        _ => Intent::LeaveRoom,
    }
}
