//! Keys, wherever in the page they are pressed.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, window};

/// Told whether a key went down, and which.
type OnKey = dyn Fn(bool, &KeyboardEvent);

/// Tells, until it is dropped, of every key pressed or released, before any element of the page gets to know.
pub struct KeyWatch(#[expect(dead_code, reason = "hears until it is dropped")] Vec<EventListener>);

impl KeyWatch {
    /// Watches. `on_key` is told whether the key went down. The one that is held when the window is left
    /// counts as released: nobody says so later, and a microphone that it opened would stay open.
    pub fn new(on_key: impl Fn(bool, &KeyboardEvent) + 'static) -> KeyWatch {
        let on_key: Rc<OnKey> = Rc::new(on_key);
        // Not passive: who hears a key may keep it from doing anything else.
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        let Some(window) = window() else { return KeyWatch(Vec::new()) };
        let held = Rc::new(RefCell::new(None::<KeyboardEvent>));
        let listen = |(name, pressed): (&'static str, bool)| {
            let (on_key, held) = (on_key.clone(), held.clone());
            EventListener::new_with_options(&window, name, options, move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    held.replace(pressed.then(|| event.clone()));
                    on_key(pressed, event);
                }
            })
        };
        let mut listeners: Vec<_> = [("keydown", true), ("keyup", false)].map(listen).into();
        listeners.push(EventListener::new(&window, "blur", move |_| {
            if let Some(event) = held.take() {
                on_key(false, &event);
            }
        }));
        KeyWatch(listeners)
    }
}
