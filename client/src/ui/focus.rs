//! Where the keyboard goes when the screen changes.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::pointer_is_coarse;

/// Moves the focus to `element` once it is drawn, so that the keyboard and screen readers are not left on something
/// that is gone.
#[hook]
pub(crate) fn use_focus_on_mount(element: &NodeRef) {
    use_effect_with(element.clone(), focus);
}

/// Moves the focus to the text box `input` once it is drawn; on a touch screen, where that would open a keyboard
/// nobody asked for, to `otherwise` (which needs a `tabindex`).
#[hook]
pub(crate) fn use_input_focus_on_mount(input: &NodeRef, otherwise: &NodeRef) {
    use_effect_with((input.clone(), otherwise.clone()), |(input, otherwise)| {
        focus(if pointer_is_coarse() { otherwise } else { input });
    });
}

/// Moves the focus to `element`, if it is drawn.
pub(crate) fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // A refusal leaves the focus where it is, which is all that could be done about it.
        let _ = element.focus();
    }
}
