//! Hears keys wherever in the page they are pressed.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, window};

/// Gets whether the key went down, and which it is.
type OnKey = dyn Fn(bool, &KeyboardEvent);

/// Reports every key that is pressed or released, before any element gets the event, until it is dropped.
pub struct KeyWatch(#[expect(dead_code, reason = "hears until it is dropped")] Vec<EventListener>);

impl KeyWatch {
    /// Calls `on_key` with whether the key went down. A key that is held when the window is left counts as
    /// released: no event tells of that later, and a microphone that the key opened would stay open.
    pub fn new(on_key: impl Fn(bool, &KeyboardEvent) + 'static) -> KeyWatch {
        let on_key: Rc<OnKey> = Rc::new(on_key);
        // Not passive, so that `on_key` can prevent the default action.
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
