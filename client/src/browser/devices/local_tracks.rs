//! Opens and stops microphone, camera and screen.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Object};
use tincan_session::{CaptureId, CaptureSettings, Captured, Device, DeviceError, Devices, Input, TrackId};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MediaStream, MediaStreamTrack, PermissionState, PermissionStatus, window};

use super::constraints::{get_display_media, get_user_media};
use super::device_list::look_again;
use super::live_track::LiveTrack;
use super::microphone_level::MicrophoneLevel;
use crate::browser::js;
use crate::browser::js::Events;
use crate::browser::media::{MediaElements, Source};

/// The local tracks that are open. Different captures may open the same device more than once.
#[derive(Clone)]
pub(crate) struct LocalTracks {
    events: Events,
    media: MediaElements,
    microphone: Rc<MicrophoneLevel>,
    /// Shared with the captures under way, which only add what they opened.
    tracks: Rc<RefCell<Vec<Open>>>,
}

/// A track, and the listeners for what happens to it without the page's doing.
struct Open {
    id: TrackId,
    track: LiveTrack,
    _listeners: Vec<EventListener>,
}

impl LocalTracks {
    pub(crate) fn new(events: Events, media: MediaElements, microphone: Rc<MicrophoneLevel>) -> LocalTracks {
        LocalTracks { events, media, microphone, tracks: Rc::default() }
    }

    pub(crate) fn track(&self, id: TrackId) -> Option<MediaStreamTrack> {
        self.tracks.borrow().iter().find(|open| open.id == id).map(|open| open.track.handle())
    }

    /// Opens devices. [`Input::Captured`] tells what came of it.
    pub(crate) fn capture(&self, capture: CaptureId, wanted: Devices, settings: CaptureSettings) {
        let devices = self.clone();
        spawn_local(async move {
            let captured = devices.open(capture, wanted, &settings).await;
            devices.events.tell(Input::Captured(captured));
            devices.tell_muted_from_the_start(capture);
            look_again();
        });
    }

    /// Asks the user to choose a screen. [`Input::Captured`] tells what came of it.
    pub(crate) fn capture_screen(&self, capture: CaptureId) {
        let devices = self.clone();
        spawn_local(async move {
            let mut captured = nothing(capture);
            captured.screen = Some(match get_display_media().await {
                Ok(stream) => {
                    let kept = devices.keep(capture, &stream, [Device::ScreenAudio, Device::Screen]);
                    captured.screen_audio = kept.contains(&Device::ScreenAudio).then_some(Ok(()));
                    Ok(())
                }
                Err(error) => Err(device_error(&error)),
            });
            devices.events.tell(Input::Captured(captured));
        });
    }

    pub(crate) fn stop(&self, id: TrackId) {
        // Dropping it stops it.
        self.tracks.borrow_mut().retain(|open| open.id != id);
        match (id.device, id.capture) {
            (Device::Microphone, capture) => self.microphone.remove_microphone(capture),
            (Device::Camera, capture) => self.media.set_picture(Source::Camera { capture }, None),
            (Device::Screen, capture) => self.media.set_picture(Source::Screen { capture }, None),
            (Device::ScreenAudio, _) => {}
        }
    }

    pub(crate) fn enable(&self, id: TrackId, enabled: bool) {
        if let Some(track) = self.track(id) {
            track.set_enabled(enabled);
        }
    }

    #[cfg(test)]
    pub(crate) fn open_count(&self) -> usize {
        self.tracks.borrow().len()
    }

    async fn open(&self, capture: CaptureId, wanted: Devices, settings: &CaptureSettings) -> Captured {
        let mut captured = nothing(capture);
        // Asks for both at once first. If that fails, asks for each by itself, so that one that is missing or
        // denied doesn't cost the other. Not if the user has dismissed the question: a browser that has asked
        // three times in a row asks no more.
        if wanted.microphone && wanted.camera {
            let result = self.ask(capture, wanted, settings, true).await;
            if result.is_ok() || (result == Err(DeviceError::Denied) && !exactly_one_is_denied().await) {
                captured.microphone = Some(result);
                captured.camera = Some(result);
                return captured;
            }
        }
        if wanted.microphone {
            let alone = Devices { microphone: true, camera: false };
            captured.microphone = Some(self.ask_for_one(capture, Device::Microphone, alone, settings).await);
        }
        if wanted.camera {
            let alone = Devices { microphone: false, camera: true };
            captured.camera = Some(self.ask_for_one(capture, Device::Camera, alone, settings).await);
        }
        captured
    }

    /// Asks for one device, up to three times for different reasons.
    async fn ask_for_one(
        &self,
        capture: CaptureId,
        device: Device,
        wanted: Devices,
        settings: &CaptureSettings,
    ) -> Result<(), DeviceError> {
        let mut result = self.ask(capture, wanted, settings, true).await;
        if result == Err(DeviceError::InUse) {
            // A phone opens one camera at a time, so the one that is to be replaced has to make room.
            let released = self.release(device);
            if !released.is_empty() {
                result = self.ask(capture, wanted, settings, true).await;
                if result.is_err() {
                    released.into_iter().for_each(|id| self.events.tell(Input::TrackEnded(id)));
                }
            }
        }
        let (microphone, camera) = (&settings.microphone.device_id, &settings.camera.device_id);
        let chosen = if device == Device::Camera { camera } else { microphone };
        if result == Err(DeviceError::NotFound) && chosen.is_some() {
            // The chosen one is gone.
            result = self.ask(capture, wanted, settings, false).await;
        }
        result
    }

    async fn ask(
        &self,
        capture: CaptureId,
        wanted: Devices,
        settings: &CaptureSettings,
        chosen: bool,
    ) -> Result<(), DeviceError> {
        let asked = get_user_media(wanted, settings, chosen).await;
        let stream = asked.map_err(|error| device_error(&error))?;
        self.keep(capture, &stream, [Device::Microphone, Device::Camera]);
        Ok(())
    }

    /// Stops the tracks of a device without forgetting them. Returns them.
    fn release(&self, device: Device) -> Vec<TrackId> {
        let tracks = self.tracks.borrow();
        let those = tracks.iter().filter(|open| open.id.device == device);
        let stopped = those.map(|open| {
            open.track.stop();
            open.id
        });
        stopped.collect()
    }

    /// Keeps the tracks of a stream. `kinds` are the devices for sound and for pictures. Returns those that
    /// it had.
    fn keep(&self, capture: CaptureId, stream: &MediaStream, kinds: [Device; 2]) -> Vec<Device> {
        let tracks = stream.get_tracks();
        // All of them, before anything else that could throw.
        let tracks: Vec<_> = tracks.iter().map(|track| LiveTrack::new(track.unchecked_into())).collect();
        tracks
            .into_iter()
            .map(|track| {
                let device = kinds[usize::from(track.kind() == "video")];
                self.keep_track(TrackId { device, capture }, track);
                device
            })
            .collect()
    }

    fn keep_track(&self, id: TrackId, track: LiveTrack) {
        let capture = id.capture;
        match id.device {
            Device::Microphone => self.microphone.add_microphone(capture, &track),
            Device::Camera => self.show(Source::Camera { capture }, &track),
            Device::Screen => {
                // Text is to be read. It needn't move smoothly.
                js::set(&track, "contentHint", &"detail".into());
                self.show(Source::Screen { capture }, &track);
            }
            Device::ScreenAudio => js::set(&track, "contentHint", &"music".into()),
        }
        let mut listeners = vec![self.hear(&track, "ended", Input::TrackEnded(id))];
        if let Device::Microphone | Device::Camera = id.device {
            listeners.push(self.hear(&track, "mute", Input::TrackMuted { track: id, muted: true }));
            listeners.push(self.hear(&track, "unmute", Input::TrackMuted { track: id, muted: false }));
        }
        self.tracks.borrow_mut().push(Open { id, track, _listeners: listeners });
    }

    fn hear(&self, track: &MediaStreamTrack, event: &'static str, input: Input) -> EventListener {
        let (events, media) = (self.events.clone(), self.media.clone());
        EventListener::new(track, event, move |_| {
            events.tell(input.clone());
            media.resume();
        })
    }

    /// No event tells that a track is muted already when it comes.
    fn tell_muted_from_the_start(&self, capture: CaptureId) {
        for open in self.tracks.borrow().iter().filter(|open| open.id.capture == capture) {
            if open.track.muted() {
                self.events.tell(Input::TrackMuted { track: open.id, muted: true });
            }
        }
    }

    fn show(&self, source: Source, track: &MediaStreamTrack) {
        self.media.set_picture(source, MediaStream::new_with_tracks(&Array::of1(track)).ok());
    }
}

fn nothing(capture: CaptureId) -> Captured {
    Captured { capture, microphone: None, camera: None, screen: None, screen_audio: None }
}

/// Returns whether one of the two permissions is known to be denied, and the other isn't.
async fn exactly_one_is_denied() -> bool {
    let (microphone, camera) = (is_denied("microphone").await, is_denied("camera").await);
    microphone.zip(camera).is_none_or(|(microphone, camera)| microphone != camera)
}

/// Returns `None` if the browser doesn't tell.
async fn is_denied(name: &str) -> Option<bool> {
    let descriptor = Object::new();
    js::set(&descriptor, "name", &name.into());
    let query = window()?.navigator().permissions().ok()?.query(&descriptor).ok()?;
    let status: PermissionStatus = JsFuture::from(query).await.ok()?.dyn_into().ok()?;
    Some(status.state() == PermissionState::Denied)
}

/// Returns what an exception of `getUserMedia` means (W3C Media Capture and Streams, section 10.2).
pub(super) fn device_error(error: &JsValue) -> DeviceError {
    match js::text(error, "name").as_deref() {
        Some("NotAllowedError" | "SecurityError") => DeviceError::Denied,
        Some("NotFoundError" | "OverconstrainedError") => DeviceError::NotFound,
        Some("NotReadableError" | "AbortError") => DeviceError::InUse,
        _ => DeviceError::Other,
    }
}
