//! One session, spoken to by hand.

// Each test file uses its own part of it.
#![allow(dead_code)]

use tincan_session::{
    CallKind, CaptureId, Captured, ConnectionState, DeviceError, Effect, EndReason, Generation, Input,
    Intent, Meeting, PeerEffect, PeerEvent, Screen, Session, SignalingEffect, SignalingEvent, Time,
};
use tincan_shared::{Description, DescriptionKind};

/// Anna's session, and what it wanted done since last asked.
pub(crate) struct Anna {
    pub(crate) session: Session,
    pub(crate) now: Time,
    pub(crate) generation: Generation,
    pub(crate) effects: Vec<Effect>,
}

impl Anna {
    pub(crate) fn new() -> Anna {
        Anna::with_random(counting())
    }

    pub(crate) fn with_random(random: Box<dyn FnMut() -> u128>) -> Anna {
        Anna {
            session: Session::new(random, str::to_lowercase),
            now: Time(1_000),
            generation: Generation(0),
            effects: Vec::new(),
        }
    }

    pub(crate) fn home() -> Anna {
        let mut anna = Anna::new();
        anna.signs_in();
        anna
    }

    pub(crate) fn signs_in(&mut self) {
        self.wants(Intent::SignIn { name: " Anna ".to_owned() });
        self.link_opens();
        self.hears(r#"{"type":"login","success":true,"name":"Anna","resume":"t"}"#);
        assert!(matches!(self.screen(), Screen::Home { .. }));
    }

    /// Calling Bob, whose page rings.
    pub(crate) fn calling(kind: CallKind) -> Anna {
        let mut anna = Anna::home();
        anna.wants(Intent::Call { name: "bob".to_owned(), kind });
        anna.captures(Ok(()), Ok(()));
        anna.peer(PeerEvent::NegotiationNeeded);
        anna.peer(PeerEvent::LocalDescription(sdp(DescriptionKind::Offer)));
        anna
    }

    /// In a call that Bob has accepted.
    pub(crate) fn in_call(kind: CallKind) -> Anna {
        let mut anna = Anna::calling(kind);
        anna.is_answered();
        assert!(matches!(anna.screen(), Screen::Meeting(_)));
        anna
    }

    /// Bob accepts, and there is a way to him.
    pub(crate) fn is_answered(&mut self) {
        let call = self.call_id();
        self.hears(&format!(
            r#"{{"type":"answer","name":"Bob","call":"{call}","answer":{{"type":"answer","sdp":"x"}}}}"#
        ));
        self.peer(PeerEvent::RemoteDescriptionSet);
        self.peer(PeerEvent::Connection(ConnectionState::Connected));
        self.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    }

    /// Bob rings.
    pub(crate) fn ringing(sdp: &str) -> Anna {
        let mut anna = Anna::home();
        anna.hears(&format!(
            r#"{{"type":"offer","name":"Bob","call":"b1","offer":{{"type":"offer","sdp":"{sdp}"}}}}"#
        ));
        anna
    }

    pub(crate) fn input(&mut self, input: Input) {
        let effects = self.session.handle(self.now, input);
        for effect in &effects {
            if let Effect::Signaling(SignalingEffect::Open { generation }) = effect {
                self.generation = *generation;
            }
        }
        self.effects.extend(effects);
    }

    pub(crate) fn wants(&mut self, intent: Intent) {
        self.input(Input::Intent(intent));
    }

    pub(crate) fn link(&mut self, event: SignalingEvent) {
        self.input(Input::Signaling { generation: self.generation, event });
    }

    pub(crate) fn link_opens(&mut self) {
        self.link(SignalingEvent::Opened);
    }

    pub(crate) fn hears(&mut self, text: &str) {
        self.link(SignalingEvent::Frame(text.to_owned()));
    }

    /// The peer connection created last says something.
    pub(crate) fn peer(&mut self, event: PeerEvent) {
        let id = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Peer { id, effect: PeerEffect::Create(_) } => Some(*id),
            _ => None,
        });
        self.input(Input::Peer { id: id.expect("a peer connection"), event });
    }

    /// Answers the capture asked for last, if one was.
    pub(crate) fn captures(&mut self, microphone: Result<(), DeviceError>, camera: Result<(), DeviceError>) {
        let asked = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Capture { capture, devices, .. } => Some((*capture, *devices)),
            _ => None,
        });
        if let Some((capture, devices)) = asked {
            let microphone = devices.microphone.then_some(microphone);
            self.input_captured(capture.0, microphone, devices.camera.then_some(camera));
        }
    }

    pub(crate) fn input_captured(
        &mut self,
        capture: u32,
        microphone: Option<Result<(), DeviceError>>,
        camera: Option<Result<(), DeviceError>>,
    ) {
        let captured =
            Captured { capture: CaptureId(capture), microphone, camera, screen: None, screen_audio: None };
        self.input(Input::Captured(captured));
    }

    /// The user has chosen a screen, with sound; or not.
    pub(crate) fn captures_screen(&mut self, screen: Result<(), DeviceError>) {
        let asked = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::CaptureScreen { capture } => Some(*capture),
            _ => None,
        });
        let capture = asked.expect("a screen was asked for");
        let (screen, screen_audio) = (Some(screen), screen.is_ok().then_some(Ok(())));
        self.input(Input::Captured(Captured {
            capture,
            microphone: None,
            camera: None,
            screen,
            screen_audio,
        }));
    }

    /// So much time passes, in which the page does what is due, and the server answers its pings.
    pub(crate) fn passes(&mut self, ms: u64) {
        let until = self.now.plus(ms);
        while let Some(due) = self.session.next_timeout().filter(|due| self.now < *due && *due < until) {
            self.wakes_at(due);
        }
        self.wakes_at(until);
    }

    fn wakes_at(&mut self, due: Time) {
        let said = self.effects.len();
        self.sleeps(due.0 - self.now.0);
        let is_ping = |effect: &Effect| match effect {
            Effect::Signaling(SignalingEffect::Send(text)) => text.contains(r#""ping""#),
            _ => false,
        };
        if self.effects[said..].iter().any(is_ping) {
            self.hears(r#"{"type":"pong"}"#);
        }
    }

    /// So much time passes in which the page does nothing.
    pub(crate) fn sleeps(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        self.input(Input::Tick);
    }

    pub(crate) fn screen(&self) -> Screen {
        self.session.view().screen
    }

    pub(crate) fn meeting(&self) -> Meeting {
        match self.screen() {
            Screen::Meeting(meeting) => meeting,
            other => panic!("not in a call or room: {other:?}"),
        }
    }

    pub(crate) fn call_id(&self) -> String {
        let offer =
            self.said().into_iter().find(|text| text.contains(r#""type":"offer""#)).expect("an offer");
        offer.split(r#""call":""#).nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned()
    }

    /// Every frame sent so far.
    pub(crate) fn said(&self) -> Vec<&str> {
        let frames = self.effects.iter().filter_map(|effect| match effect {
            Effect::Signaling(SignalingEffect::Send(text)) => Some(text.as_str()),
            _ => None,
        });
        frames.collect()
    }

    pub(crate) fn last_said(&self) -> &str {
        self.said().last().copied().unwrap_or_default()
    }

    pub(crate) fn end_reason(&self) -> Option<EndReason> {
        match self.screen() {
            Screen::Home { notice, .. } => notice.map(|notice| notice.reason),
            _ => None,
        }
    }

    /// No peer connection and no track is left open.
    pub(crate) fn assert_released(&self) {
        let count = |wanted: fn(&Effect) -> bool| self.effects.iter().filter(|effect| wanted(effect)).count();
        let created = count(|effect| matches!(effect, Effect::Peer { effect: PeerEffect::Create(_), .. }));
        let closed = count(|effect| matches!(effect, Effect::Peer { effect: PeerEffect::Close, .. }));
        assert_eq!(created, closed);
    }
}

pub(crate) fn sdp(kind: DescriptionKind) -> Description {
    Description { kind, sdp: "v=0".to_owned() }
}

/// Randomness that a test can foresee: 1, 2, 3, ….
fn counting() -> Box<dyn FnMut() -> u128> {
    let mut last = 0;
    Box::new(move || {
        last += 1;
        last
    })
}
