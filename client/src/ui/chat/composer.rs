//! The box to write in.

use tincan_session::{Intent, MAX_LINE_BYTES};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::ui::catalogue::fill;
use crate::ui::focus::focus;
use crate::ui::icon::{Glyph, icon};
use crate::ui::page::use_page;
use crate::ui::texts::use_texts;

/// `KeyboardEvent.keyCode` of a key that an input method has taken. Safari says so only by this one: it ends the
/// composition before it tells of the Enter that ended it.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// More of a draft than this can't make the box any higher.
const MIRRORED_CHARS: usize = 1000;

#[derive(Properties, PartialEq)]
pub(super) struct ComposerProps {
    /// Whom one writes to; nobody by name in a room.
    pub(super) peer: Option<AttrValue>,
    /// The session found the last line too long.
    pub(super) refused: bool,
    /// The text box.
    pub(super) message: NodeRef,
}

/// Writes a line: Enter sends it, Shift and Enter break it.
#[component]
pub(super) fn Composer(props: &ComposerProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    let too_long = use_state_eq(|| false);

    let oninput = {
        let too_long = too_long.setter();
        Callback::from(move |event: InputEvent| {
            mirror(&event.target_unchecked_into());
            too_long.set(false);
        })
    };
    let send = {
        let (too_long, message) = (too_long.setter(), props.message.clone());
        Callback::from(move |()| {
            let Some(element) = message.cast::<HtmlTextAreaElement>() else { return };
            let text = element.value();
            if text.trim().is_empty() {
                return;
            }
            if text.len() > MAX_LINE_BYTES {
                too_long.set(true);
                return;
            }
            handle.intent(Intent::Send { text });
            element.set_value("");
            mirror(&element);
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let composing = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
            if event.key() == "Enter" && !event.shift_key() && !composing {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let onsubmit = {
        let (send, message) = (send.clone(), props.message.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(());
            // The button has taken the focus, and on a phone the keyboard with it.
            focus(&message);
        })
    };
    let placeholder = match &props.peer {
        Some(peer) => fill(texts.message_hint, &[("name", peer)]),
        None => texts.room_message_hint.to_owned(),
    };
    html! {
        <form class="composer" {onsubmit}>
            <div class="alert composer__alert" role="alert">
                if *too_long || props.refused { <p>{ texts.line_too_long }</p> }
            </div>
            // The style sheet draws the mirrored text under the box, which takes its height.
            <div class="composer__box">
                <textarea ref={props.message.clone()} class="field composer__text" rows="1" aria-label={texts.message}
                    {placeholder} enterkeyhint="send" dir="auto"
                    aria-invalid={too_long.then_some("true")} {oninput} {onkeydown} />
            </div>
            <button type="submit" class="button button--primary composer__send" aria-label={texts.send}
                title={texts.send}>
                { icon(Glyph::Send) }
            </button>
        </form>
    }
}

/// Hands the draft to the style sheet, straight to the element: the page isn't drawn anew for each letter.
fn mirror(text: &HtmlTextAreaElement) {
    let mirrored: String = text.value().chars().take(MIRRORED_CHARS).collect();
    if let Some(drawn) = text.parent_element() {
        // An element takes any attribute.
        let _ = drawn.set_attribute("data-mirror", &mirrored);
    }
}
