//! Where the keyboard goes when the screen changes.

use web_sys::HtmlElement;
use yew::prelude::*;

/// Moves the focus to `element`, if it is drawn.
pub(crate) fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // A refusal leaves the focus where it is, which is all that could be done about it.
        let _ = element.focus();
    }
}
