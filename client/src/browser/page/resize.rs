//! Watches the size of an element.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Reports every change of an element's size until it is dropped.
pub struct ResizeWatch {
    observer: ResizeObserver,
    // The observer calls it, so it must live as long.
    _callback: Closure<dyn FnMut()>,
}

impl ResizeWatch {
    /// Watches `element`. Returns `None` if the browser can't.
    pub fn new(element: &Element, on_resize: impl FnMut() + 'static) -> Option<ResizeWatch> {
        let callback = Closure::<dyn FnMut()>::new(on_resize);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(ResizeWatch { observer, _callback: callback })
    }
}

impl Drop for ResizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
