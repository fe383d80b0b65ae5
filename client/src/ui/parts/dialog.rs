//! A dialog over the page.

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::button::icon_button;
use super::effect::use_effect_on;
use super::icon::Glyph;
use crate::ui::context::page::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub(crate) title: &'static str,
    pub(crate) onclose: Callback<Event>,
    /// Whether it stays when the user goes back, which closes others on phones (HTML, section 6.3.2: close
    /// watchers).
    #[prop_or_default]
    pub(crate) stays_on_back: bool,
    pub(crate) children: Html,
}

/// Is open for as long as it is drawn. Nothing else on the page can be reached meanwhile: the browser keeps
/// the focus inside, and gives it back afterwards. The user closes it by its button or by Escape.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let texts = use_texts();
    let element = use_node_ref();
    {
        let element = element.clone();
        use_effect_on((), move || {
            if let Some(dialog) = element.cast::<HtmlDialogElement>() {
                // Fails only where it is open already.
                let _ = dialog.show_modal();
            }
            None
        });
    }
    let close: Rc<dyn Fn()> = {
        let element = element.clone();
        Rc::new(move || {
            if let Some(dialog) = element.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    let onkeydown = {
        // Without the browser's way to close it, Escape is left to the page.
        let (close, ours) = (close.clone(), props.stays_on_back);
        Callback::from(move |event: KeyboardEvent| {
            if ours && event.key() == "Escape" {
                close();
            }
        })
    };
    let close = Callback::from(move |_| close());
    let closedby = props.stays_on_back.then_some("none");
    html! {
        <dialog ref={element} class="dialog" aria-label={props.title} onclose={props.onclose.clone()}
            {closedby} {onkeydown}>
            <header class="dialog__top">
                <h2 class="dialog__title">{ props.title }</h2>
                { icon_button(Glyph::Cross, texts.close, close) }
            </header>
            { props.children.clone() }
        </dialog>
    }
}
