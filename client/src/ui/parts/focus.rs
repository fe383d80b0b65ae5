//! Where the keyboard goes when the screen changes.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::effect::use_effect_on;
use crate::browser::pointer_is_coarse;

/// Moves the focus to `element`, if it is drawn.
pub(crate) fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // If the browser refuses, the focus stays where it is.
        let _ = element.focus();
    }
}

/// Moves the focus once, when the component is drawn for the first time: to `input`, or to `heading` where no
/// text box is drawn. On a touch screen it always goes to `heading`: in a text box it would open a keyboard
/// that nobody asked for.
///
/// `heading` needs a `tabindex`.
#[hook]
pub(crate) fn use_initial_focus(heading: &NodeRef, input: Option<&NodeRef>) {
    let (heading, input) = (heading.clone(), input.cloned());
    use_effect_on((), move || {
        focus_first(&heading, input.as_ref());
        None
    });
}

/// Moves the focus to where it is at first: see [`use_initial_focus`].
pub(crate) fn focus_first(heading: &NodeRef, input: Option<&NodeRef>) {
    let input = input.filter(|input| input.get().is_some() && !pointer_is_coarse());
    focus(input.unwrap_or(heading));
}
