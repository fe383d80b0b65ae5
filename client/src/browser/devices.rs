//! The camera and the microphone: `getUserMedia` and the tracks it gives.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Reflect;
use tincan_session::{Captured, Device, DeviceError, Devices as Wanted, Input, TrackId};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DomException, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack, PermissionState,
    PermissionStatus, window,
};

use super::events::Events;
use super::stage::{Source, Stage};

/// The local tracks that are open.
#[derive(Clone)]
pub(crate) struct Devices {
    events: Events,
    stage: Stage,
    /// Shared with the captures under way, which only put in what they got, between two inputs of the session.
    tracks: Rc<RefCell<HashMap<TrackId, Open>>>,
}

/// A track, and the ear that hears it end.
struct Open {
    track: MediaStreamTrack,
    _ended: EventListener,
}

impl Devices {
    pub(crate) fn new(events: Events, stage: Stage) -> Devices {
        Devices { events, stage, tracks: Rc::default() }
    }

    pub(crate) fn track(&self, id: TrackId) -> Option<MediaStreamTrack> {
        self.tracks.borrow().get(&id).map(|open| Clone::clone(&open.track))
    }

    /// Opens devices; [`Input::Captured`] tells what came of it.
    pub(crate) fn capture(&self, capture: u32, wanted: Wanted) {
        let devices = self.clone();
        spawn_local(async move {
            let captured = devices.open(capture, wanted).await;
            devices.events.tell(Input::Captured(captured));
        });
    }

    pub(crate) fn stop(&self, id: TrackId) {
        let open = self.tracks.borrow_mut().remove(&id);
        if let Some(Open { track, _ended }) = open {
            track.stop();
        }
        if id.device == Device::Camera {
            self.stage.set_stream(Source::Local { capture: id.capture }, None);
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

    async fn open(&self, capture: u32, wanted: Wanted) -> Captured {
        // Both in one question first; where that fails, each by itself, so that one that is missing or denied
        // doesn't cost the other. Except when the user has waved the question off: a browser that is asked
        // thrice in a row asks the user no more.
        if wanted.microphone && wanted.camera {
            let result = self.ask(capture, wanted).await;
            if result.is_ok() || (result == Err(DeviceError::Denied) && !exactly_one_is_denied().await) {
                return Captured { capture, microphone: Some(result), camera: Some(result) };
            }
        }
        let microphone = Wanted { microphone: true, camera: false };
        let camera = Wanted { microphone: false, camera: true };
        Captured {
            capture,
            microphone: if wanted.microphone { Some(self.ask(capture, microphone).await) } else { None },
            camera: if wanted.camera { Some(self.ask(capture, camera).await) } else { None },
        }
    }

    async fn ask(&self, capture: u32, wanted: Wanted) -> Result<(), DeviceError> {
        let stream = get_user_media(wanted).await.map_err(|error| device_error(&error))?;
        for track in stream.get_tracks().iter().filter_map(|track| track.dyn_into().ok()) {
            self.keep(capture, track, &stream);
        }
        Ok(())
    }

    fn keep(&self, capture: u32, track: MediaStreamTrack, stream: &MediaStream) {
        let device = if track.kind() == "video" { Device::Camera } else { Device::Microphone };
        let id = TrackId { device, capture };
        let events = self.events.clone();
        let ended = EventListener::once(&track, "ended", move |_| events.tell(Input::TrackEnded(id)));
        self.tracks.borrow_mut().insert(id, Open { track, _ended: ended });
        if device == Device::Camera {
            self.stage.set_stream(Source::Local { capture }, Some(Clone::clone(stream)));
        }
    }
}

/// Whether one of the two permissions is known to be denied, and the other isn't.
async fn exactly_one_is_denied() -> bool {
    let (microphone, camera) = (is_denied("microphone").await, is_denied("camera").await);
    microphone.zip(camera).is_none_or(|(microphone, camera)| microphone != camera)
}

/// `None` where the browser doesn't say.
async fn is_denied(name: &str) -> Option<bool> {
    let descriptor = js_sys::Object::new();
    set(&descriptor, "name", &name.into());
    let query = window()?.navigator().permissions().ok()?.query(&descriptor).ok()?;
    let status: PermissionStatus = JsFuture::from(query).await.ok()?.dyn_into().ok()?;
    Some(status.state() == PermissionState::Denied)
}

async fn get_user_media(wanted: Wanted) -> Result<MediaStream, JsValue> {
    let devices = media_devices().ok_or_else(|| JsValue::from_str("no media devices"))?;
    let constraints = MediaStreamConstraints::new();
    if wanted.microphone {
        constraints.set_audio(&flags(&["echoCancellation", "noiseSuppression", "autoGainControl"]));
    }
    if wanted.camera {
        // Wishes, not demands: a camera that can't still works.
        let video = js_sys::Object::new();
        for (name, ideal) in [("width", 1280.0), ("height", 720.0), ("frameRate", 30.0)] {
            let wish = js_sys::Object::new();
            set(&wish, "ideal", &ideal.into());
            set(&video, name, &wish);
        }
        set(&video, "facingMode", &"user".into());
        constraints.set_video(&video);
    }
    let promise = devices.get_user_media_with_constraints(&constraints)?;
    JsFuture::from(promise).await?.dyn_into()
}

/// Not there where the page is no secure context, whatever the binding's type says.
fn media_devices() -> Option<MediaDevices> {
    let navigator = window()?.navigator();
    let devices = Reflect::get(&navigator, &"mediaDevices".into()).ok()?;
    devices.dyn_into().ok()
}

fn flags(names: &[&str]) -> JsValue {
    let object = js_sys::Object::new();
    for name in names {
        set(&object, name, &true.into());
    }
    object.into()
}

fn set(object: &js_sys::Object, name: &str, value: &JsValue) {
    // A plain object takes any property.
    let _ = Reflect::set(object, &name.into(), value);
}

/// What the exceptions of `getUserMedia` mean (W3C Media Capture and Streams, section 10.2).
fn device_error(error: &JsValue) -> DeviceError {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("NotAllowedError" | "SecurityError") => DeviceError::Denied,
        Some("NotFoundError" | "OverconstrainedError") => DeviceError::NotFound,
        Some("NotReadableError" | "AbortError") => DeviceError::InUse,
        _ => DeviceError::Other,
    }
}
