//! Brings back what the system has interrupted, as for a phone call: sound and pictures that it paused, and
//! the measuring of the microphone. It is in the lazy part.
//!
//! No event tells that an interruption is over. The page's return, a change of devices, a track's `unmute`
//! and a touch or key may each be it, and some browsers let a page sound only after the last.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::{EventTarget, window};

use super::capabilities::media_devices;
use super::microphone_level::MicrophoneLevel;
use crate::browser::media::MediaElements;
use crate::browser::page::page_is_visible;

/// Brings back what was interrupted for as long as the page is there, and tells when that comes into sight.
pub(crate) fn recover(
    media: &MediaElements,
    microphone: &Rc<MicrophoneLevel>,
    on_shown: impl Fn() + 'static,
) {
    let window: Option<EventTarget> = window().map(Into::into);
    let document = web_sys::window().and_then(|window| window.document()).map(Into::into);
    let (media, microphone) = (media.clone(), microphone.clone());
    let hear: Rc<dyn Fn(&str)> = Rc::new(move |event| {
        if page_is_visible() {
            media.resume();
            microphone.resume();
            if event == "visibilitychange" {
                on_shown();
            }
        }
    });
    for (target, name) in [
        (document, "visibilitychange"),
        (media_devices().map(Into::into), "devicechange"),
        (window.clone(), "pointerup"),
        (window, "keydown"),
    ] {
        let hear = hear.clone();
        if let Some(target) = target {
            EventListener::new(&target, name, move |event| hear(&event.type_())).forget();
        }
    }
}
