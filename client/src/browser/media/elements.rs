//! Puts pictures into `<video>` elements, and plays the sound that belongs to them.

use std::cell::RefCell;
use std::rc::Rc;
use tincan_session::{CaptureId, PeerConnectionId};

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{HtmlVideoElement, MediaStream, window};

use super::sound::Sound;
use crate::browser::js;

/// What an element shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The local camera opened by this capture, without sound.
    Camera {
        /// See [`tincan_session::DeviceView`].
        capture: CaptureId,
    },
    /// The local screen shown by this capture, without sound.
    Screen {
        /// See [`tincan_session::DeviceView`].
        capture: CaptureId,
    },
    /// The camera of the other side of this peer connection. The sound of its microphone plays by itself.
    Remote {
        /// See [`tincan_session::Participant::id`].
        id: PeerConnectionId,
    },
    /// The screen that the other side of this peer connection shows. Its sound plays by itself.
    RemoteScreen {
        /// See [`tincan_session::Participant::id`].
        id: PeerConnectionId,
    },
}

/// Knows the pictures, and the elements that show them.
///
/// Streams come from the browser's side, elements from the page's, and either may be first. Sound needs no
/// element: it plays as long as it comes, and once, whoever shows the picture.
#[derive(Clone, Default)]
pub struct MediaElements(Rc<RefCell<Bindings>>);

#[derive(Default)]
struct Bindings {
    pictures: Vec<(Source, MediaStream)>,
    elements: Vec<(Source, HtmlVideoElement)>,
    sounds: Vec<(Source, Sound)>,
    /// The output device; empty for the system's choice.
    speaker: String,
}

impl PartialEq for MediaElements {
    fn eq(&self, other: &MediaElements) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl MediaElements {
    /// Shows `source` in `element` from now on, also when its picture comes later or changes. The element is
    /// muted.
    pub fn show(&self, source: Source, element: &HtmlVideoElement) {
        let mut bindings = self.0.borrow_mut();
        bindings.elements.retain(|(_, known)| known != element);
        bindings.elements.push((source, element.clone()));
        let picture = bindings.pictures.iter().find(|(known, _)| *known == source);
        let picture = picture.map(|(_, picture)| Clone::clone(picture));
        drop(bindings);
        // It has no sound; so no browser asks for a touch or a key before it plays.
        element.set_muted(true);
        play(element, picture.as_ref());
    }

    /// Shows nothing in `element` any more.
    pub fn hide(&self, element: &HtmlVideoElement) {
        self.0.borrow_mut().elements.retain(|(_, known)| known != element);
        play(element, None);
    }

    /// All sound goes to this output device from now on (`setSinkId`); `None` is the system's choice.
    pub fn set_speaker(&self, device_id: Option<String>) {
        let bindings = &mut *self.0.borrow_mut();
        bindings.speaker = device_id.unwrap_or_default();
        bindings.sounds.iter().for_each(|(_, sound)| sound.use_speaker(&bindings.speaker));
    }

    /// Whether the browser lets a page choose where sound goes to.
    pub fn speaker_selectable() -> bool {
        let element = window().map_or(JsValue::UNDEFINED, |window| js::get(&window, "HTMLMediaElement"));
        Reflect::has(&js::get(&element, "prototype"), &"setSinkId".into()) == Ok(true)
    }

    /// The picture of `source` is now this one, or none.
    pub(crate) fn set_picture(&self, source: Source, picture: Option<MediaStream>) {
        let mut bindings = self.0.borrow_mut();
        bindings.pictures.retain(|(known, _)| *known != source);
        bindings.pictures.extend(picture.as_ref().map(|picture| (source, Clone::clone(picture))));
        let shown = bindings.elements.iter().filter(|(shown, _)| *shown == source);
        let elements: Vec<_> = shown.map(|(_, element)| element.clone()).collect();
        drop(bindings);
        for element in elements {
            play(&element, picture.as_ref());
        }
    }

    /// Plays this sound of `source`'s.
    pub(crate) fn set_sound(&self, source: Source, sound: &MediaStream) {
        let mut bindings = self.0.borrow_mut();
        // Every browser that makes calls can make the element.
        if let Ok(sound) = Sound::new(sound, &bindings.speaker) {
            bindings.sounds.retain(|(known, _)| *known != source);
            bindings.sounds.push((source, sound));
        }
    }

    /// Neither picture nor sound come of `source` any more.
    pub(crate) fn forget(&self, source: Source) {
        self.0.borrow_mut().sounds.retain(|(known, _)| *known != source);
        self.set_picture(source, None);
    }

    /// What plays the sound of `source`.
    #[cfg(test)]
    pub(crate) fn sound(&self, source: Source) -> Option<web_sys::HtmlAudioElement> {
        let bindings = self.0.borrow();
        bindings.sounds.iter().find(|(known, _)| *known == source).map(|(_, sound)| sound.element())
    }
}

fn play(element: &HtmlVideoElement, picture: Option<&MediaStream>) {
    if element.src_object().as_ref() == picture {
        return;
    }
    element.set_src_object(picture);
    if picture.is_some() {
        // It fails where the element is taken away at once, which is no matter.
        js::call_quietly(element, "play", Array::new());
    }
}
