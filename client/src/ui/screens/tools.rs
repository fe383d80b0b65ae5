//! What a screen draws with.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::Page;

/// What a screen draws with.
pub(crate) struct Tools {
    pub(crate) page: Page,
    pub(crate) texts: &'static Catalogue,
    /// Has the focus in the beginning, where there is no text box to have it, or it would open a keyboard on a touch screen
    /// that nobody asked for. Needs a `tabindex`.
    pub(crate) heading: NodeRef,
    /// The text box that has the focus otherwise.
    pub(crate) input: NodeRef,
    /// Another.
    pub(crate) second: NodeRef,
    /// The element that files are chosen by.
    pub(crate) chooser: NodeRef,
    /// The text box was left empty and must not be.
    pub(crate) missing: UseStateHandle<bool>,
}

impl Tools {
    /// What a form does that hands over what its text box holds.
    pub(crate) fn submit(&self, input: &NodeRef, act: fn(&Page, String)) -> Callback<SubmitEvent> {
        let (page, input) = (self.page.clone(), input.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            act(&page, typed(&input));
        })
    }
}

/// What is typed into a text box, if it is drawn.
pub(crate) fn typed(input: &NodeRef) -> String {
    input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}
