//! Puts media into `<video>` elements.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::mpsc::unbounded;
use futures_util::StreamExt;
use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DomException, HtmlVideoElement, MediaStream, window};

/// What an element shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The local camera opened by this capture.
    Local {
        /// See [`tincan_session::DeviceView`].
        capture: u32,
    },
    /// The media of the other side of this peer connection, sound included.
    Remote {
        /// See [`tincan_session::InCall::epoch`].
        epoch: u32,
    },
}

/// Knows the streams, and the elements that show them.
///
/// Streams come from the browser's side, elements from the page's, and either may be first.
#[derive(Clone, Default)]
pub struct Stage(Rc<RefCell<Bindings>>);

#[derive(Default)]
struct Bindings {
    streams: HashMap<Source, MediaStream>,
    elements: Vec<(Source, HtmlVideoElement)>,
}

impl PartialEq for Stage {
    fn eq(&self, other: &Stage) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Stage {
    /// Shows `source` in `element` from now on, also when its stream comes later or changes.
    pub fn show(&self, source: Source, element: &HtmlVideoElement) {
        let mut bindings = self.0.borrow_mut();
        bindings.elements.retain(|(_, known)| known != element);
        bindings.elements.push((source, element.clone()));
        let stream = bindings.streams.get(&source).cloned();
        drop(bindings);
        play(element, stream.as_ref());
    }

    /// Shows nothing in `element` any more.
    pub fn hide(&self, element: &HtmlVideoElement) {
        self.0.borrow_mut().elements.retain(|(_, known)| known != element);
        play(element, None);
    }

    /// The stream of `source` is now this one, or none.
    pub(crate) fn set_stream(&self, source: Source, stream: Option<MediaStream>) {
        let mut bindings = self.0.borrow_mut();
        match &stream {
            Some(stream) => bindings.streams.insert(source, Clone::clone(stream)),
            None => bindings.streams.remove(&source),
        };
        let shown = bindings.elements.iter().filter(|(shown, _)| *shown == source);
        let elements: Vec<_> = shown.map(|(_, element)| element.clone()).collect();
        drop(bindings);
        for element in elements {
            play(&element, stream.as_ref());
        }
    }
}

fn play(element: &HtmlVideoElement, stream: Option<&MediaStream>) {
    if element.src_object().as_ref() == stream {
        return;
    }
    element.set_src_object(stream);
    if stream.is_some() {
        spawn_local(start(element.clone()));
    }
}

/// Plays, without sound where the browser allows sound only after a touch or a key (Safari, and Firefox on demand);
/// then with the next of those.
async fn start(element: HtmlVideoElement) {
    let Err(error) = begin(&element).await else { return };
    let not_allowed = error.dyn_ref::<DomException>().is_some_and(|error| error.name() == "NotAllowedError");
    // Any other error: the element was taken away at once, which is no matter.
    if !not_allowed || element.muted() {
        return;
    }
    element.set_muted(true);
    let (_, Some(window)) = (begin(&element).await, window()) else { return };
    let (sender, mut gesture) = unbounded();
    let listeners = ["pointerdown", "keydown"].map(|name| {
        let sender = sender.clone();
        // Only whether one came matters.
        EventListener::new(&window, name, move |_| drop(sender.unbounded_send(())))
    });
    gesture.next().await;
    drop(listeners);
    element.set_muted(false);
    let _ = begin(&element).await;
}

async fn begin(element: &HtmlVideoElement) -> Result<(), JsValue> {
    JsFuture::from(element.play()?).await.map(drop)
}
