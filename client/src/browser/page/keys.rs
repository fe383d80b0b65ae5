//! Hears keys wherever in the page they are pressed.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, window};

/// What happened to a key.
pub enum Key<'a> {
    Pressed(&'a KeyboardEvent),
    Released(&'a KeyboardEvent),
    /// No key counts as held any more: the window was left, or hidden, and no event tells what happens to the
    /// keys meanwhile; or a modifier was released, under which macOS tells nothing of other keys.
    AllReleased,
}

/// Reports every key that is pressed or released, before any element gets the event, until it is dropped.
pub struct KeyWatch(#[expect(dead_code, reason = "hears until it is dropped")] Vec<EventListener>);

const MODIFIERS: [&str; 4] = ["Meta", "Control", "Alt", "OS"];

impl KeyWatch {
    pub fn new(on_key: impl Fn(Key<'_>) + 'static) -> KeyWatch {
        let on_key: Rc<dyn Fn(Key<'_>)> = Rc::new(on_key);
        // Not passive, so that `on_key` can prevent the default action.
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        let Some(window) = window() else { return KeyWatch(Vec::new()) };
        let mut listeners = Vec::new();
        let hear = on_key.clone();
        listeners.push(EventListener::new_with_options(&window, "keydown", options, move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                hear(Key::Pressed(event));
            }
        }));
        let hear = on_key.clone();
        listeners.push(EventListener::new_with_options(&window, "keyup", options, move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                hear(Key::Released(event));
                if MODIFIERS.contains(&&*event.key()) {
                    hear(Key::AllReleased);
                }
            }
        }));
        let hear = on_key.clone();
        listeners.push(EventListener::new(&window, "blur", move |_| hear(Key::AllReleased)));
        if let Some(document) = window.document() {
            let target = document.clone();
            listeners.push(EventListener::new(&target, "visibilitychange", move |_| {
                if document.hidden() {
                    on_key(Key::AllReleased);
                }
            }));
        }
        KeyWatch(listeners)
    }
}
