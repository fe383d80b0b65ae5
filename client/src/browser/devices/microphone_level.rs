//! Measures how loud it is at the local microphone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tincan_session::CaptureId;

use gloo_timers::callback::Interval;
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{AnalyserNode, AudioContext, MediaStream, MediaStreamAudioSourceNode, MediaStreamTrack};

use super::live_track::LiveTrack;
use crate::browser::js;

/// How often the level is reported.
const INTERVAL_MS: u32 = 100;
/// How many of the newest samples count: the default size of an analyser (Web Audio, section 1.8).
const SAMPLES: usize = 2048;

type OnLevel = dyn Fn(f64);

/// Measures while a microphone is open and somebody watches, and only then.
#[derive(Default)]
pub(crate) struct MicrophoneLevel {
    /// Those that are open, by the captures that opened them.
    microphones: RefCell<Vec<(CaptureId, MediaStreamTrack)>>,
    watchers: RefCell<Vec<(u32, Rc<OnLevel>)>>,
    last_watcher: Cell<u32>,
    meter: RefCell<Option<Meter>>,
}

impl MicrophoneLevel {
    pub(crate) fn add_microphone(self: &Rc<Self>, capture: CaptureId, track: &MediaStreamTrack) {
        self.microphones.borrow_mut().push((capture, Clone::clone(track)));
        self.update();
    }

    pub(crate) fn remove_microphone(self: &Rc<Self>, capture: CaptureId) {
        self.microphones.borrow_mut().retain(|(known, _)| *known != capture);
        self.update();
    }

    /// Returns the watcher's number.
    pub(crate) fn add_watcher(self: &Rc<Self>, watcher: Rc<OnLevel>) -> u32 {
        let number = self.last_watcher.get() + 1;
        self.last_watcher.set(number);
        self.watchers.borrow_mut().push((number, watcher));
        self.update();
        number
    }

    pub(crate) fn remove_watcher(self: &Rc<Self>, number: u32) {
        self.watchers.borrow_mut().retain(|(known, _)| *known != number);
        self.update();
    }

    #[cfg(test)]
    pub(crate) fn measured(&self) -> Option<(MediaStreamTrack, AudioContext)> {
        let meter = self.meter.borrow();
        meter.as_ref().map(|meter| (meter.heard.handle(), meter.context.clone()))
    }

    /// Measures the microphone that was opened last, if anybody watches.
    fn update(self: &Rc<Self>) {
        let newest = self.microphones.borrow().last().map(|(capture, track)| (*capture, Clone::clone(track)));
        let wanted = newest.filter(|_| !self.watchers.borrow().is_empty());
        let measured = self.meter.borrow().as_ref().map(|meter| meter.capture);
        if measured == wanted.as_ref().map(|(capture, _)| *capture) {
            return;
        }
        // The old meter goes first, so that there is never more than one.
        self.meter.take();
        if let Some((capture, track)) = wanted {
            // Without Web Audio, nothing is reported.
            self.meter.replace(Meter::new(capture, &track, self).ok());
        }
    }

    /// Goes on measuring where that was interrupted. `recovery.rs` says when that may be over.
    pub(super) fn resume(&self) {
        if let Some(meter) = &*self.meter.borrow() {
            meter.resume();
        }
    }

    fn tell(&self) {
        let level = self.meter.borrow_mut().as_mut().map(Meter::level);
        let watchers = self.watchers.borrow().clone();
        if let Some(level) = level {
            watchers.iter().for_each(|(_, watcher)| watcher(level));
        }
    }
}

/// Measures one microphone, by a clone of its track. The clone is stopped on drop, or the microphone would
/// stay in use.
struct Meter {
    capture: CaptureId,
    context: AudioContext,
    #[cfg_attr(not(test), expect(dead_code, reason = "held until the meter is dropped"))]
    heard: LiveTrack,
    analyser: AnalyserNode,
    samples: [f32; SAMPLES],
    /// Held, because some browsers collect it otherwise, and then nothing is heard.
    _source: MediaStreamAudioSourceNode,
    _interval: Interval,
}

impl Meter {
    fn new(
        capture: CaptureId,
        track: &MediaStreamTrack,
        owner: &Rc<MicrophoneLevel>,
    ) -> Result<Meter, JsValue> {
        let context = AudioContext::new()?;
        #[expect(clippy::disallowed_methods, reason = "a second live track is what is wanted")]
        let heard = LiveTrack::new(track.clone());
        // The original may be muted. Its level is still to be seen.
        heard.set_enabled(true);
        let stream = MediaStream::new_with_tracks(&Array::of1(&heard))?;
        let source = context.create_media_stream_source(&stream)?;
        let analyser = context.create_analyser()?;
        source.connect_with_audio_node(&analyser)?;
        let weak = Rc::downgrade(owner);
        let interval = Interval::new(INTERVAL_MS, move || {
            if let Some(owner) = weak.upgrade() {
                owner.tell();
            }
        });
        let samples = [0.0; SAMPLES];
        let meter =
            Meter { capture, context, heard, analyser, samples, _source: source, _interval: interval };
        meter.resume();
        Ok(meter)
    }

    /// Goes on where the browser has suspended it, or the system has interrupted it.
    fn resume(&self) {
        if js::text(&self.context, "state").as_deref() != Some("running") {
            js::call_quietly(&self.context, "resume", Array::new());
        }
    }

    fn level(&mut self) -> f64 {
        self.analyser.get_float_time_domain_data(&mut self.samples);
        let squares: f32 = self.samples.iter().map(|sample| sample * sample).sum();
        level(f64::from(squares / SAMPLES as f32).sqrt())
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        js::call_quietly(&self.context, "close", Array::new());
    }
}

/// Returns the level of an amplitude (0.0 to 1.0) as it is reported.
pub(crate) fn level(amplitude: f64) -> f64 {
    amplitude.clamp(0.0, 1.0).sqrt()
}
