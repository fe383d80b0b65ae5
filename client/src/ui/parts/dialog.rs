//! A window of the page's own.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::button::icon_button;
use super::effect::use_effect_on;
use super::icon::Glyph;
use crate::ui::catalogue::Catalogue;

/// Opens the dialog that is drawn as `element` whenever it is `open`.
#[hook]
pub(crate) fn use_dialog(open: bool) -> NodeRef {
    let element = use_node_ref();
    let drawn = element.clone();
    use_effect_on(open, move || {
        if let Some(dialog) = drawn.cast::<HtmlDialogElement>() {
            // Fails only where it is open already.
            let _ = dialog.show_modal();
        }
        None
    });
    element
}

/// Stands over the page, of which nothing else can be reached meanwhile. The browser keeps the focus inside, and gives
/// it back afterwards. It is closed by its button or by Escape.
pub(crate) fn dialog(
    element: &NodeRef,
    title: &'static str,
    onclose: Callback<Event>,
    content: Html,
    texts: &Catalogue,
) -> Html {
    let close = {
        let element = element.clone();
        Callback::from(move |_| {
            if let Some(dialog) = element.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    html! {
        <dialog ref={element.clone()} class="dialog" aria-label={title} {onclose}>
            <header class="dialog__top">
                <h2 class="dialog__title">{ title }</h2>
                { icon_button(Glyph::Cross, texts.close, close) }
            </header>
            { content }
        </dialog>
    }
}
