//! The box to write in.

use tincan_session::{Intent, MAX_LINE_BYTES};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::ui::catalogue::fill;
use crate::ui::focus::focus;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::locale::use_texts;
use crate::ui::page::use_page;

/// `KeyboardEvent.keyCode` of a key that an input method has taken. Safari says so only by this one: it ends the
/// composition before it tells of the Enter that ended it.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// More of a draft than this can't make the box any higher.
const MIRRORED_CHARS: usize = 1000;

#[derive(Properties, PartialEq)]
pub(super) struct ComposerProps {
    pub(super) peer: AttrValue,
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
    let draft = use_state(String::new);
    let too_long = use_state_eq(|| false);

    let oninput = {
        let (draft, too_long) = (draft.setter(), too_long.setter());
        Callback::from(move |event: InputEvent| {
            draft.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
            too_long.set(false);
        })
    };
    let send = {
        let (draft, too_long, message) = (draft.setter(), too_long.setter(), props.message.clone());
        Callback::from(move |()| {
            // From the element rather than the state, which may lag behind a fast typist.
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
            draft.set(String::new());
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
    let mirrored: String = draft.chars().take(MIRRORED_CHARS).collect();
    html! {
        <form class="composer" {onsubmit}>
            <div class="alert composer__alert" role="alert">
                if *too_long || props.refused { <p>{ texts.line_too_long }</p> }
            </div>
            // The style sheet draws the mirrored text under the box, which takes its height.
            <div class="composer__box" data-mirror={mirrored}>
                <textarea ref={props.message.clone()} class="field composer__text" rows="1" aria-label={texts.message}
                    placeholder={fill(texts.message_hint, &[("name", &props.peer)])} enterkeyhint="send" dir="auto"
                    aria-invalid={too_long.then_some("true")} value={(*draft).clone()} {oninput} {onkeydown} />
            </div>
            <button type="submit" class="button button--primary composer__send" aria-label={texts.send}
                title={texts.send}>
                <Icon glyph={Glyph::Send} />
            </button>
        </form>
    }
}
