//! Two sessions in one page, with everything that the browser does for them. Only the server is simulated: it
//! hands what one says to the other.

use std::collections::VecDeque;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use gloo_timers::future::TimeoutFuture;
use tincan_session::{
    Author, Body, CallKind, ConnectionView, Delivery, Device, DeviceError, DeviceView, Effect, Generation,
    Input, Intent, MAX_LINE_BYTES, Meeting, Participant, Screen, Session, SignalingEffect, SignalingEvent,
    TrackId, View,
};
use tincan_shared::{
    ClientMessage, Description, Frame, IceCandidate, LoginAnswer, ServerMessage, decode_client,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlVideoElement, window};

use crate::browser::{EffectRunner, Events, MediaElements, Monitor, Source, now};

const NAMES: [&str; 2] = ["Anna", "Bob"];

/// One side.
struct Side {
    session: Session,
    effect_runner: EffectRunner,
    inputs: UnboundedReceiver<Input>,
    media: MediaElements,
    generation: Generation,
}

/// Both sides, and the server between them.
struct Page {
    sides: [Side; 2],
    frames: VecDeque<(usize, String)>,
}

impl Page {
    /// Creates both sides, signed in.
    async fn new() -> Page {
        let side = || {
            let (sender, inputs) = unbounded();
            let media = MediaElements::default();
            let effect_runner = EffectRunner::new(Events::new(sender), media.clone(), Monitor::default());
            Side {
                session: Session::new(Box::new(crate::browser::random_bits), str::to_lowercase),
                effect_runner,
                inputs,
                media,
                generation: Generation(0),
            }
        };
        let mut page = Page { sides: [side(), side()], frames: VecDeque::new() };
        for (side, name) in NAMES.into_iter().enumerate() {
            page.wants(side, Intent::SignIn { name: name.to_owned() });
        }
        page.until("both are at home", |page| {
            (0..2).all(|side| matches!(page.view(side).screen, Screen::Home { .. }))
        })
        .await;
        page
    }

    fn view(&self, side: usize) -> View {
        self.sides[side].session.view()
    }

    fn call(&self, side: usize) -> Option<Meeting> {
        match self.view(side).screen {
            Screen::Meeting(call) => Some(call),
            _ => None,
        }
    }

    /// Returns the other side, as this side sees it.
    fn other(&self, side: usize) -> Option<Participant> {
        self.call(side)?.others.pop()
    }

    fn wants(&mut self, side: usize, intent: Intent) {
        self.input(side, Input::Intent(intent));
    }

    fn input(&mut self, side: usize, input: Input) {
        let effects = self.sides[side].session.handle(now(), input);
        for effect in effects {
            match effect {
                Effect::Signaling(SignalingEffect::Open { generation }) => {
                    self.sides[side].generation = generation;
                    self.input(side, Input::Signaling { generation, event: SignalingEvent::Opened });
                }
                Effect::Signaling(SignalingEffect::Send(text)) => self.serve(side, &text),
                Effect::Signaling(SignalingEffect::Close { .. }) => {}
                other => self.sides[side].effect_runner.perform(other),
            }
        }
    }

    /// Does what the server would do.
    fn serve(&mut self, from: usize, text: &str) {
        let message = decode_client::<Description, IceCandidate>(text).map(|frame| frame.message);
        let name = Some(NAMES[from].to_owned());
        let (to, message) = match message {
            Ok(ClientMessage::Login(_)) => {
                let answer =
                    LoginAnswer { success: true, resume: Some("t".to_owned()), ..Default::default() };
                (from, ServerMessage::Login(answer))
            }
            Ok(ClientMessage::Offer { offer, call, files, stream, .. }) => {
                (1 - from, ServerMessage::Offer { offer, name: NAMES[from].to_owned(), call, files, stream })
            }
            Ok(ClientMessage::Answer { answer, call, stream, .. }) => {
                (1 - from, ServerMessage::Answer { answer, name, call, stream })
            }
            Ok(ClientMessage::Candidate { candidate, call, .. }) => {
                (1 - from, ServerMessage::Candidate { candidate, name, call })
            }
            Ok(ClientMessage::Leave { call, reason, .. }) => {
                (1 - from, ServerMessage::Leave { name, call, reason })
            }
            Ok(ClientMessage::Signal { call, signal, .. }) => {
                (1 - from, ServerMessage::Signal { name: NAMES[from].to_owned(), call, signal })
            }
            Ok(ClientMessage::Ping) => (from, ServerMessage::Pong),
            Ok(other) => panic!("nobody goes into a room: {other:?}"),
            Err(error) => panic!("the session says nonsense: {error}"),
        };
        self.frames.push_back((to, Frame::plain(message).encode()));
    }

    /// Lets everything run until `condition` holds.
    async fn until(&mut self, what: &str, condition: impl Fn(&Page) -> bool) {
        let deadline = now().plus(15_000);
        loop {
            while let Some((side, text)) = self.frames.pop_front() {
                let generation = self.sides[side].generation;
                self.input(side, Input::Signaling { generation, event: SignalingEvent::Frame(text) });
            }
            for side in 0..2 {
                while let Ok(input) = self.sides[side].inputs.try_recv() {
                    self.input(side, input);
                }
                self.input(side, Input::Tick);
            }
            if condition(self) {
                return;
            }
            assert!(now() < deadline, "not in time: {what}: {:?} / {:?}", self.view(0), self.view(1));
            TimeoutFuture::new(10).await;
        }
    }

    /// Creates a call from the first side to the second, connected.
    async fn connect(kind: CallKind) -> Page {
        let mut page = Page::new().await;
        page.wants(0, Intent::Call { name: "Bob".to_owned(), kind });
        page.until("it rings", |page| matches!(page.view(1).screen, Screen::Incoming { .. })).await;
        let (me, peer) = ("Bob".to_owned(), "Anna".to_owned());
        assert_eq!(page.view(1).screen, Screen::Incoming { me, past: None, peer, kind, files: None });
        page.wants(1, Intent::Accept { camera: true });
        page.until("both are connected", |page| {
            (0..2).all(|side| {
                page.other(side).is_some_and(|other| other.connection == ConnectionView::Connected)
            })
        })
        .await;
        page
    }

    async fn until_seen(&mut self, cameras: [bool; 2]) {
        let what = format!("the cameras seen are {cameras:?}");
        self.until(&what, |page| {
            (0..2).all(|side| page.other(side).is_some_and(|other| other.remote.camera == cameras[side]))
        })
        .await;
    }

    /// Waits until `side` has decoded a picture of the other. Returns its width in pixels.
    async fn picture(&mut self, side: usize) -> u32 {
        let id = self.other(side).and_then(|other| other.peer_connection).unwrap();
        self.width_of(side, Source::Remote { id }).await
    }

    /// Waits until `side` has decoded a picture of this source. Returns its width in pixels.
    async fn width_of(&mut self, side: usize, source: Source) -> u32 {
        let document = window().unwrap().document().unwrap();
        let video: HtmlVideoElement = document.create_element("video").unwrap().unchecked_into();
        video.set_muted(true);
        self.sides[side].media.show(source, &video);
        self.until("a picture is decoded", |_| video.video_width() > 2 && video.current_time() > 0.0).await;
        let width = video.video_width();
        self.sides[side].media.hide(&video);
        width
    }
}

#[wasm_bindgen_test]
async fn text_goes_both_ways_up_to_the_longest_line() {
    let mut page = Page::connect(CallKind::Text).await;
    let longest = "€\"\u{1}x".repeat(MAX_LINE_BYTES / 6);
    page.wants(0, Intent::Send { text: longest.clone(), reply: None });
    page.wants(1, Intent::Send { text: "short\nand <b>plain</b>".to_owned(), reply: None });
    page.until("every line is there and delivered", |page| {
        (0..2).all(|side| {
            let lines = page.call(side).map(|call| call.conversation);
            let lines = lines.as_ref().map(|conversation| conversation.lines()).unwrap_or_default();
            lines.len() == 2
                && lines
                    .iter()
                    .all(|line| line.author != Author::Me || line.delivery() == Delivery::Delivered)
        })
    })
    .await;
    let got = page.call(1).unwrap().conversation;
    assert!(
        got.lines()
            .iter()
            .any(|line| line.author != Author::Me && line.body == Body::Text(longest.as_str().into()))
    );
    // No device was touched for it.
    assert_eq!(
        page.call(0).map(|call| (call.local.microphone, call.local.camera)),
        Some((DeviceView::Off, DeviceView::Off))
    );
}

#[wasm_bindgen_test]
async fn video_is_seen_on_both_sides_and_released_in_the_end() {
    let mut page = Page::connect(CallKind::Video).await;
    page.until_seen([true, true]).await;
    assert!(page.picture(0).await > 2);
    assert!(page.picture(1).await > 2);
    page.wants(0, Intent::HangUp);
    page.until("both are at home", |page| {
        (0..2).all(|side| matches!(page.view(side).screen, Screen::Home { .. }))
    })
    .await;
    for side in &page.sides {
        assert_eq!(side.effect_runner.open_count(), (0, 0));
    }
}

#[wasm_bindgen_test]
async fn both_turn_the_camera_on_at_once_and_off_again() {
    let mut page = Page::connect(CallKind::Text).await;
    for round in 0..3 {
        for on in [true, false] {
            page.wants(0, Intent::SetCamera(on));
            page.wants(1, Intent::SetCamera(on));
            page.until_seen([on, on]).await;
        }
        // One alone, on the same connection.
        page.wants(round % 2, Intent::SetCamera(true));
        page.until_seen([round % 2 == 1, round % 2 == 0]).await;
        page.wants(round % 2, Intent::SetCamera(false));
        page.until_seen([false, false]).await;
    }
    page.wants(0, Intent::Send { text: "still here".to_owned(), reply: None });
    page.until("the line is there", |page| page.call(1).is_some_and(|c| c.conversation.lines().len() == 1))
        .await;
}

#[wasm_bindgen_test]
async fn muting_is_told() {
    let mut page = Page::connect(CallKind::Voice).await;
    page.until("sound arrives", |page| (0..2).all(|side| page.other(side).unwrap().remote.microphone)).await;
    page.wants(0, Intent::SetMicrophone(false));
    page.until("it is told", |page| page.other(1).unwrap().remote.muted).await;
    page.wants(0, Intent::SetMicrophone(true));
    page.until("it is told", |page| !page.other(1).unwrap().remote.muted).await;
}

/// Another takes its place. When that ends too, there is none.
#[wasm_bindgen_test]
async fn a_camera_that_ends_by_itself_is_replaced_once() {
    let mut page = Page::connect(CallKind::Video).await;
    page.until_seen([true, true]).await;
    let ended = |page: &mut Page| {
        let DeviceView::On { capture } = page.call(0).unwrap().local.camera else { panic!("no camera") };
        page.input(0, Input::TrackEnded(TrackId { device: Device::Camera, capture }));
    };
    ended(&mut page);
    page.until("another is used", |page| {
        let local = page.call(0).unwrap().local;
        matches!(local.camera, DeviceView::On { .. }) && local.replaced == Some(Device::Camera)
    })
    .await;
    page.until_seen([true, true]).await;
    assert!(page.picture(1).await > 2);
    ended(&mut page);
    assert_eq!(page.call(0).map(|call| call.local.camera), Some(DeviceView::Failed(DeviceError::Lost)));
    page.until_seen([true, false]).await;
}

/// What a session decides about screens, and about how large things are shown, reaches the other side's
/// elements.
#[wasm_bindgen_test]
async fn a_screen_is_shared_in_a_call() {
    let mut page = Page::connect(CallKind::Video).await;
    page.until_seen([true, true]).await;
    page.wants(1, Intent::SetScreen(true));
    page.until("the screen is seen", |page| page.other(0).is_some_and(|other| other.remote.screen)).await;
    let id = page.other(0).unwrap().peer_connection.unwrap();
    assert!(page.width_of(0, Source::RemoteScreen { id }).await > 2);
    assert!(page.picture(0).await > 2);
    page.wants(1, Intent::SetScreen(false));
    page.until("the screen is gone", |page| page.other(0).is_some_and(|other| !other.remote.screen)).await;
    assert!(page.picture(0).await > 2);
}

/// Each gets the other's offer while their own is out. One call comes of it.
#[wasm_bindgen_test]
async fn both_call_each_other_at_once() {
    let mut page = Page::new().await;
    for (side, other) in [(0, "bob"), (1, "anna")] {
        page.wants(side, Intent::Call { name: other.to_owned(), kind: CallKind::Video });
    }
    page.until("one call is connected", |page| {
        (0..2).all(|side| page.other(side).is_some_and(|other| other.connection == ConnectionView::Connected))
    })
    .await;
    page.until_seen([true, true]).await;
    assert_eq!(page.sides.each_ref().map(|side| side.effect_runner.open_count().0), [1, 1]);
}
