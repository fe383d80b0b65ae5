//! Binds streams to the elements that show them, and plays their sound.

use std::cell::RefCell;
use std::rc::Rc;
use tincan_session::{CaptureId, PeerConnectionId};

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{HtmlVideoElement, MediaStream, window};

use super::sound::Sound;
use crate::browser::js;

/// What an element can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The local camera that this capture opened, without sound.
    Camera { capture: CaptureId },
    /// The local screen that this capture opened, without sound.
    Screen { capture: CaptureId },
    /// The camera of the other side of this peer connection. The sound of its microphone plays by itself.
    Remote { id: PeerConnectionId },
    /// The screen that the other side of this peer connection shows. Its sound plays by itself.
    RemoteScreen { id: PeerConnectionId },
}

/// The elements that show pictures, and those that play sound. Clones share them.
///
/// Streams come from `devices` and `connection`, `<video>` elements from `ui/`, and either may be first.
/// Sound needs no element of `ui/`: it plays once, as long as it comes, whoever shows the picture.
#[derive(Clone, Default)]
pub struct MediaElements(Rc<RefCell<Bindings>>);

#[derive(Default)]
struct Bindings {
    pictures: Vec<(Source, MediaStream)>,
    elements: Vec<(Source, HtmlVideoElement)>,
    sounds: Vec<(Source, Sound)>,
    /// The output device. Empty for the system's choice.
    speaker: String,
}

impl PartialEq for MediaElements {
    fn eq(&self, other: &MediaElements) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl MediaElements {
    /// Shows `source` in `element` from now on, also when its picture comes later or changes. Mutes the
    /// element.
    pub fn show(&self, source: Source, element: &HtmlVideoElement) {
        let mut bindings = self.0.borrow_mut();
        bindings.elements.retain(|(_, known)| known != element);
        bindings.elements.push((source, element.clone()));
        let picture = bindings.pictures.iter().find(|(known, _)| *known == source);
        let picture = picture.map(|(_, picture)| Clone::clone(picture));
        drop(bindings);
        // Muted, so that no browser waits for a touch or a key before it plays.
        element.set_muted(true);
        play(element, picture.as_ref());
    }

    /// Stops showing anything in `element`.
    pub fn hide(&self, element: &HtmlVideoElement) {
        self.0.borrow_mut().elements.retain(|(_, known)| known != element);
        play(element, None);
    }

    /// Plays all sound on this output device from now on (`setSinkId`). `None` is the system's choice.
    pub fn set_speaker(&self, device_id: Option<String>) {
        let bindings = &mut *self.0.borrow_mut();
        bindings.speaker = device_id.unwrap_or_default();
        bindings.sounds.iter().for_each(|(_, sound)| sound.use_speaker(&bindings.speaker));
    }

    /// Returns whether the browser lets a page choose the output device.
    pub fn speaker_selectable() -> bool {
        let element = window().map_or(JsValue::UNDEFINED, |window| js::get(&window, "HTMLMediaElement"));
        Reflect::has(&js::get(&element, "prototype"), &"setSinkId".into()) == Ok(true)
    }

    /// Plays on whatever the system or the browser has paused.
    pub(crate) fn resume(&self) {
        let bindings = &mut *self.0.borrow_mut();
        bindings.sounds.iter_mut().for_each(|(_, sound)| sound.resume());
        for (_, element) in &bindings.elements {
            if element.paused() && element.src_object().is_some() {
                js::call_quietly(element, "play", Array::new());
            }
        }
    }

    /// Sets or removes the picture of `source`.
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

    /// Plays the sound of `source`.
    pub(crate) fn set_sound(&self, source: Source, sound: &MediaStream) {
        let mut bindings = self.0.borrow_mut();
        // Every browser that can make calls can create the element.
        if let Ok(sound) = Sound::new(sound, &bindings.speaker) {
            bindings.sounds.retain(|(known, _)| *known != source);
            bindings.sounds.push((source, sound));
        }
    }

    /// Removes the picture and the sound of `source`.
    pub(crate) fn forget(&self, source: Source) {
        self.0.borrow_mut().sounds.retain(|(known, _)| *known != source);
        self.set_picture(source, None);
    }

    /// Returns the element that plays the sound of `source`.
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
        // It fails where the element is removed at once. That does no harm.
        js::call_quietly(element, "play", Array::new());
    }
}
