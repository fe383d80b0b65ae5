//! The box to write in.

use std::collections::VecDeque;
use std::rc::Rc;

use tincan_session::{Author, Intent, Line, LineId, LineRefusal, Sent};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::Subject;
use super::line::excerpt;
use crate::browser::pasted_files;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;
use crate::ui::context::page::use_texts;
use crate::ui::files::{attach_button, offer};
use crate::ui::parts::button::icon_button;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::focus;
use crate::ui::parts::icon::{Glyph, icon};

/// The `KeyboardEvent.keyCode` of a key that an input method has taken. Safari says so only by this code: it
/// ends the composition before it reports the Enter that ended it.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// How much of a draft is mirrored. More than this can't make the box any higher.
const MIRRORED_CHARS: usize = 1000;

/// The attribute of the box while what is in it is a line that was sent.
const EDITED: &str = "data-edit";

#[derive(Properties, PartialEq)]
pub(super) struct ComposerProps {
    /// The name of whom one writes to. `None` in a room.
    pub(super) peer: Option<AttrValue>,
    /// What became of the lines sent so far.
    pub(super) sent: Sent,
    /// What the next line is about, if it doesn't begin something new.
    pub(super) subject: UseStateHandle<Option<Subject>>,
    /// The line that the next one is about.
    pub(super) about: Option<Rc<Line>>,
    /// The user's last line, which the arrow key upwards edits.
    pub(super) last_own: Option<LineId>,
    /// The text box.
    pub(super) message: NodeRef,
}

/// The box to write a line in. Enter sends the line, Shift and Enter break it.
#[component]
pub(super) fn Composer(props: &ComposerProps) -> Html {
    let texts = use_texts();
    let page = use_page();
    let handle = page.handle.clone();
    let attached = use_node_ref();
    let refused = use_state_eq(|| None::<LineRefusal>);
    // What was sent, until the session has taken or refused it.
    let pending = use_mut_ref(VecDeque::<String>::new);
    let before = use_mut_ref(|| props.sent.count);

    let subject = props.subject.clone();
    {
        let (message, about, subject) = (props.message.clone(), props.about.clone(), subject.clone());
        use_effect_on(*subject, move || {
            take_up(&message, *subject, about.as_deref());
            None
        });
    }

    {
        // A line leaves the box only once it was taken.
        let (message, subject, refused) = (props.message.clone(), subject.clone(), refused.setter());
        let (pending, sent, before) = (pending.clone(), props.sent, before.clone());
        use_effect_on(sent.count, move || {
            let answered = sent.count.saturating_sub(before.replace(sent.count));
            let mut pending = pending.borrow_mut();
            for _ in 0..answered.min(pending.len() as u32) {
                let text = pending.pop_front().unwrap_or_default();
                refused.set(sent.refused);
                if sent.refused.is_none() {
                    empty(&message, &text);
                    subject.set(None);
                }
            }
            None
        });
    }

    let oninput = {
        let (refused, handle) = (refused.setter(), handle.clone());
        Callback::from(move |event: InputEvent| {
            let element: HtmlTextAreaElement = event.target_unchecked_into();
            mirror(&element);
            refused.set(None);
            if !element.value().trim().is_empty() {
                handle.intent(Intent::Typing);
            }
        })
    };
    let send = {
        let (message, subject) = (props.message.clone(), props.subject.clone());
        Callback::from(move |()| {
            let Some(element) = message.cast::<HtmlTextAreaElement>() else { return };
            let text = element.value();
            // The same text once more is a second press of the key, before the box could be emptied.
            if text.trim().is_empty() || pending.borrow().back() == Some(&text) {
                return;
            }
            pending.borrow_mut().push_back(text.clone());
            handle.intent(match *subject {
                Some(Subject::Edit(line)) => Intent::Edit { line, text },
                Some(Subject::Reply(line)) => Intent::Send { text, reply: Some(line) },
                None => Intent::Send { text, reply: None },
            });
        })
    };
    let onkeydown = {
        let (send, subject, last_own) = (send.clone(), props.subject.clone(), props.last_own);
        Callback::from(move |event: KeyboardEvent| {
            let composing = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
            if composing {
                return;
            }
            let empty = || event.target_unchecked_into::<HtmlTextAreaElement>().value().is_empty();
            match &*event.key() {
                "Enter" if !event.shift_key() => send.emit(()),
                "Escape" if subject.is_some() => subject.set(None),
                "ArrowUp" if last_own.is_some() && empty() => subject.set(last_own.map(Subject::Edit)),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onsubmit = {
        let (send, message) = (send.clone(), props.message.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(());
            // The button has taken the focus, and on a phone that closed the keyboard.
            focus(&message);
        })
    };
    let onpaste = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let files = pasted_files(&event);
            if !files.is_empty() {
                event.prevent_default();
                offer(files, None, &page);
            }
        })
    };
    let placeholder = match &props.peer {
        Some(peer) => texts.message_hint(peer).into_string(),
        None => texts.room_message_hint.to_owned(),
    };
    html! {
        <form class="composer" {onsubmit}>
            <div class="alert composer__alert" role="alert">
                if let Some(refusal) = *refused { <p>{ refusal_text(refusal, texts) }</p> }
            </div>
            { for props.about.as_deref().and_then(|line| about(line, &props.subject, texts)) }
            // The style sheet draws the mirrored text under the box, which gets its height from that.
            <div class="composer__box">
                <textarea ref={props.message.clone()} class="field composer__text" rows="1"
                    aria-label={texts.message} {placeholder} enterkeyhint="send" dir="auto" {onpaste}
                    aria-invalid={refused.map(|_| "true")} {oninput} {onkeydown} />
            </div>
            <div class="composer__attach">{ attach_button(&attached, &page) }</div>
            <button type="submit" class="button button--primary composer__send" aria-label={texts.send}
                title={texts.send}>
                { icon(Glyph::Send) }
            </button>
        </form>
    }
}

fn refusal_text(refusal: LineRefusal, texts: &'static Catalogue) -> &'static str {
    match refusal {
        LineRefusal::TooLong => texts.line_too_long,
        LineRefusal::QueueFull => texts.lines_waiting,
    }
}

/// Takes the line that was sent out of the box. What was typed since stays.
fn empty(message: &NodeRef, sent: &str) {
    let Some(element) = message.cast::<HtmlTextAreaElement>() else { return };
    if let Some(rest) = element.value().strip_prefix(sent) {
        element.set_value(rest);
        mirror(&element);
    }
}

/// Says that the next line is about `line`, with a button to take that back.
fn about(line: &Line, subject: &UseStateHandle<Option<Subject>>, texts: &'static Catalogue) -> Option<Html> {
    let words = match ((**subject)?, &line.author) {
        (Subject::Edit(_), _) => texts.editing.into(),
        (Subject::Reply(_), Author::Me) => texts.replying_to(texts.you),
        (Subject::Reply(_), Author::Other(name)) => texts.replying_to(name),
    };
    let subject = subject.setter();
    Some(html! {
        <div class="composer__about">
            <p>{ words }{ " " }<bdi class="composer__excerpt">{ excerpt(line, texts) }</bdi></p>
            { icon_button(Glyph::Cross, texts.cancel, Callback::from(move |_| subject.set(None))) }
        </div>
    })
}

/// Puts the line that is to be edited into the box, or takes it out again. A draft stays when the user begins
/// a reply.
fn take_up(message: &NodeRef, subject: Option<Subject>, about: Option<&Line>) {
    let Some(element) = message.cast::<HtmlTextAreaElement>() else { return };
    let was_edit = element.get_attribute(EDITED).is_some();
    if let (Some(Subject::Edit(_)), Some(text)) = (subject, about.and_then(Line::text)) {
        element.set_value(text);
        let _ = element.set_attribute(EDITED, "");
    } else if was_edit {
        element.set_value("");
        let _ = element.remove_attribute(EDITED);
    }
    mirror(&element);
    if subject.is_some() {
        focus(message);
    }
}

/// Hands the draft to the style sheet by an attribute, so that the page isn't drawn anew for each letter.
fn mirror(text: &HtmlTextAreaElement) {
    let mirrored: String = text.value().chars().take(MIRRORED_CHARS).collect();
    if let Some(drawn) = text.parent_element() {
        // Can't fail: the name is valid.
        let _ = drawn.set_attribute("data-mirror", &mirrored);
    }
}
