//! Two peer connections in one page, driven by effects alone. The test decides what a session would decide.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use gloo_timers::future::TimeoutFuture;
use tincan_session::{
    CaptureId, CaptureSettings, Captured, ConnectionState, Device, Devices, Effect, IceSettings, Input,
    PeerConnectionId, PeerEffect, PeerEvent, TrackId,
};
use tincan_shared::IceCandidate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlVideoElement, window};

use crate::browser::js::{self, Events};
use crate::browser::{EffectRunner, MediaElements, Monitor, Source, Statistics, StatisticsWatch, now};

pub(super) const MICROPHONE: Devices = Devices { microphone: true, camera: false };
pub(super) const CAMERA: Devices = Devices { microphone: false, camera: true };
pub(super) const BOTH: Devices = Devices { microphone: true, camera: true };

/// One side.
pub(super) struct Side {
    pub(super) effect_runner: EffectRunner,
    pub(super) media: MediaElements,
    pub(super) monitor: Monitor,
    inputs: UnboundedReceiver<Input>,
    /// The inputs, except for those that the pair handles itself.
    pub(super) log: Vec<Input>,
    /// Whether it has a remote description.
    described: bool,
    /// Candidates of the other side that came before that.
    early: Vec<Option<IceCandidate>>,
    /// Whether it wants to negotiate.
    needed: bool,
    /// What is done once the first offer of the other side is set.
    when_offered: Vec<PeerEffect>,
}

/// Both sides. Either negotiates as soon as it wants to, but never both at once.
pub(super) struct Pair {
    pub(super) sides: [Side; 2],
    negotiating: Option<(usize, Step)>,
    /// How many negotiations there were.
    pub(super) negotiations: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Offer,
    SetOffer,
    Answer,
    SetAnswer,
}

impl Pair {
    /// Creates both sides, without connections.
    pub(super) fn new() -> Pair {
        let sides = [0, 1].map(|_| {
            let (sender, inputs) = unbounded();
            let (media, monitor) = (MediaElements::default(), Monitor::default());
            Side {
                effect_runner: EffectRunner::new(Events::new(sender), media.clone(), monitor.clone()),
                media,
                monitor,
                inputs,
                log: Vec::new(),
                described: false,
                early: Vec::new(),
                needed: false,
                when_offered: Vec::new(),
            }
        });
        Pair { sides, negotiating: None, negotiations: 0 }
    }

    /// Creates both connections. Nothing is offered yet.
    pub(super) fn create(&mut self) {
        for side in 0..2 {
            self.act(side, PeerEffect::Create(IceSettings::default()));
        }
    }

    /// Creates both sides connected, with a media section for each device, all inactive.
    pub(super) async fn connected() -> Pair {
        let mut pair = Pair::new();
        pair.create();
        for device in Device::ALL {
            pair.act(0, PeerEffect::AddMedia { device, receive: false });
        }
        pair.until_connected().await;
        pair
    }

    pub(super) async fn until_connected(&mut self) {
        let connected = PeerEvent::Connection(ConnectionState::Connected);
        self.until("both are connected", |pair| (0..2).all(|side| pair.was_told(side, &connected))).await;
    }

    pub(super) fn act(&mut self, side: usize, effect: PeerEffect) {
        self.perform(side, Effect::Peer { id: connection_id(side), effect });
    }

    pub(super) fn perform(&mut self, side: usize, effect: Effect) {
        self.sides[side].effect_runner.perform(effect);
    }

    /// Carries out an effect before the first answer, not when the connection is created. A session does so,
    /// too.
    pub(super) fn act_when_offered(&mut self, effect: PeerEffect) {
        self.sides[1].when_offered.push(effect);
    }

    pub(super) fn was_told(&self, side: usize, event: &PeerEvent) -> bool {
        let input = Input::Peer { id: connection_id(side), event: event.clone() };
        self.sides[side].log.contains(&input)
    }

    /// Returns whether this kind of media of the other side arrives, as told last.
    pub(super) fn arrives(&self, side: usize, wanted: Device) -> bool {
        let told = self.sides[side].log.iter().rev().find_map(|input| match input {
            Input::Peer { event: PeerEvent::RemoteTrack { device, live }, .. } if *device == wanted => {
                Some(*live)
            }
            _ => None,
        });
        told == Some(true)
    }

    /// Opens devices. Returns what came of it.
    pub(super) async fn capture(
        &mut self,
        side: usize,
        capture: u32,
        devices: Devices,
        settings: CaptureSettings,
    ) -> Captured {
        self.perform(side, Effect::Capture { capture: CaptureId(capture), devices, settings });
        self.captured(side, capture).await
    }

    /// Waits for what comes of a capture.
    pub(super) async fn captured(&mut self, side: usize, capture: u32) -> Captured {
        let find = move |pair: &Pair| {
            pair.sides[side].log.iter().find_map(|input| match input {
                Input::Captured(captured) if captured.capture.0 == capture => Some(captured.clone()),
                _ => None,
            })
        };
        self.until("it is captured", move |pair| find(pair).is_some()).await;
        find(self).unwrap()
    }

    pub(super) fn send(&mut self, side: usize, device: Device, capture: u32) {
        self.act(
            side,
            PeerEffect::SetTrack { device, track: Some(TrackId { device, capture: CaptureId(capture) }) },
        );
    }

    /// Lets everything run until `condition` holds.
    pub(super) async fn until(&mut self, what: &str, condition: impl Fn(&Pair) -> bool) {
        let deadline = now().plus(20_000);
        loop {
            self.pump();
            if condition(self) {
                return;
            }
            assert!(
                now() < deadline,
                "not in time: {what}: {:?} / {:?}",
                self.sides[0].log,
                self.sides[1].log
            );
            TimeoutFuture::new(10).await;
        }
    }

    fn pump(&mut self) {
        for side in 0..2 {
            while let Ok(input) = self.sides[side].inputs.try_recv() {
                match input {
                    Input::Peer { event: PeerEvent::Candidate(candidate), .. } => {
                        self.candidate(1 - side, candidate);
                    }
                    Input::Peer { event: PeerEvent::NegotiationNeeded, .. } => self.sides[side].needed = true,
                    Input::Peer { event, .. } if self.negotiate(side, &event) => {}
                    other => self.sides[side].log.push(other),
                }
            }
        }
        let next = (0..2).find(|&side| self.sides[side].needed);
        if let (None, Some(side)) = (self.negotiating, next) {
            self.sides[side].needed = false;
            self.negotiations += 1;
            self.negotiating = Some((side, Step::Offer));
            self.act(side, PeerEffect::CreateOffer { provisional: false });
        }
    }

    fn candidate(&mut self, side: usize, candidate: Option<IceCandidate>) {
        if self.sides[side].described {
            self.act(side, PeerEffect::AddCandidate(candidate));
        } else {
            self.sides[side].early.push(candidate);
        }
    }

    fn described(&mut self, side: usize) {
        self.sides[side].described = true;
        for candidate in std::mem::take(&mut self.sides[side].early) {
            self.act(side, PeerEffect::AddCandidate(candidate));
        }
    }

    /// Carries the negotiation on. Returns whether the event belongs to it.
    fn negotiate(&mut self, side: usize, event: &PeerEvent) -> bool {
        let Some((offerer, step)) = self.negotiating else { return false };
        let answerer = 1 - offerer;
        let (other, effect, next) = match (step, event) {
            (_, PeerEvent::DescriptionFailed) => panic!("a description failed"),
            (Step::Offer, PeerEvent::LocalDescription(offer)) if side == offerer => {
                (answerer, PeerEffect::SetRemote(offer.clone()), Step::SetOffer)
            }
            (Step::SetOffer, PeerEvent::RemoteDescriptionSet) if side == answerer => {
                self.described(answerer);
                for effect in std::mem::take(&mut self.sides[answerer].when_offered) {
                    self.act(answerer, effect);
                }
                (answerer, PeerEffect::CreateAnswer, Step::Answer)
            }
            (Step::Answer, PeerEvent::LocalDescription(answer)) if side == answerer => {
                // Back in `stable`. Whatever the browser still needs, it tells again after this.
                self.sides[side].needed = false;
                (offerer, PeerEffect::SetRemote(answer.clone()), Step::SetAnswer)
            }
            (Step::SetAnswer, PeerEvent::RemoteDescriptionSet) if side == offerer => {
                self.described(offerer);
                self.sides[side].needed = false;
                self.negotiating = None;
                return true;
            }
            _ => return false,
        };
        self.negotiating = Some((offerer, next));
        self.act(other, effect);
        true
    }

    /// Shows a source of a side in a new element.
    pub(super) fn show(&self, side: usize, source: Source) -> Shown {
        let document = window().unwrap().document().unwrap();
        let element: HtmlVideoElement = document.create_element("video").unwrap().unchecked_into();
        element.set_muted(true);
        let media = self.sides[side].media.clone();
        media.show(source, &element);
        Shown { media, element }
    }

    /// Lets everything run until this many more pictures are decoded.
    pub(super) async fn until_more_frames(&mut self, shown: &Shown, more: f64) {
        let before = shown.frames();
        self.until("pictures are decoded", |_| shown.frames() >= before + more).await;
    }

    /// Closes everything, and checks that nothing is left.
    pub(super) fn close(mut self) {
        for side in 0..2 {
            self.act(side, PeerEffect::Close);
            let tracks = self.sides[side].log.iter().filter_map(|input| match input {
                Input::Captured(captured) => Some(captured.clone()),
                _ => None,
            });
            for captured in tracks.collect::<Vec<_>>() {
                for device in Device::ALL {
                    let track = TrackId { device, capture: captured.capture };
                    self.perform(side, Effect::StopTrack(track));
                }
            }
            assert_eq!(self.sides[side].effect_runner.open_count(), (0, 0));
            assert_eq!(self.sides[side].monitor.open_count(), (0, false));
        }
    }
}

/// Returns the id of a side's connection.
pub(super) fn connection_id(side: usize) -> PeerConnectionId {
    PeerConnectionId(side as u32 + 7)
}

/// An element that shows something until this is dropped.
pub(super) struct Shown {
    media: MediaElements,
    pub(super) element: HtmlVideoElement,
}

impl Shown {
    /// Returns how many pictures were decoded and shown.
    pub(super) fn frames(&self) -> f64 {
        let quality = js::call(&self.element, "getVideoPlaybackQuality", &js_sys::Array::new()).unwrap();
        js::number(&quality, "totalVideoFrames").unwrap()
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.media.hide(&self.element);
    }
}

/// The newest statistics of a side.
pub(super) struct Latest {
    latest: Rc<RefCell<Option<Statistics>>>,
    _watch: StatisticsWatch,
}

impl Latest {
    pub(super) fn of(side: &Side) -> Latest {
        let latest = Rc::<RefCell<Option<Statistics>>>::default();
        let told = latest.clone();
        let watch = side.monitor.watch_statistics(move |all| {
            told.replace(all.first().map(|(_, statistics)| statistics.clone()));
        });
        Latest { latest, _watch: watch }
    }

    pub(super) fn get(&self) -> Statistics {
        self.latest.borrow().clone().unwrap_or_default()
    }
}

/// The loudest level since it was last reset.
#[derive(Clone, Default)]
pub(super) struct Loudest(pub(super) Rc<Cell<f64>>);

impl Loudest {
    pub(super) fn hear(&self, level: f64) {
        self.0.set(self.0.get().max(level));
    }
}
