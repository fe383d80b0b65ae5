//! The conversation: what was written, and the box to write in.
//!
//! Everything about a line comes from the session. This folder uses `files/` to attach files, and knows no
//! meeting and no screen.

mod composer;
mod line;
mod links;
mod log;
mod markup;
mod save;
mod stick;
mod window;

use std::rc::Rc;

use tincan_session::{Author, Line, LineId, Meeting};
use yew::prelude::*;

use self::composer::Composer;
pub(crate) use self::log::Log;
pub(crate) use self::save::save_button;
use crate::ui::context::page::use_page;

/// What the next line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// It answers this line.
    Reply(LineId),
    /// It replaces this line.
    Edit(LineId),
}

/// Which lines the user is doing something with.
#[derive(Clone, PartialEq)]
pub(crate) struct Chosen {
    /// The one whose actions are shown.
    open: UseStateHandle<Option<LineId>>,
    /// The one that the next line is about.
    subject: UseStateHandle<Option<Subject>>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChatProps {
    pub(crate) meeting: Rc<Meeting>,
    /// The name of whom one writes to. `None` in a room.
    pub(crate) peer: Option<AttrValue>,
    /// The box to write in, for whatever moves the focus there.
    pub(crate) message: NodeRef,
}

/// Shows the conversation of a running call or room.
#[component]
pub(crate) fn Chat(props: &ChatProps) -> Html {
    let meeting = &props.meeting;
    let page = use_page();
    let texts = page.texts();
    let subject = use_state_eq(|| None::<Subject>);
    let open = use_state_eq(|| None::<LineId>);
    let conversation = &meeting.conversation;
    let empty = match &props.peer {
        Some(peer) => texts.conversation_empty(peer),
        None => texts.room_conversation_empty.into(),
    };
    let about = match *subject {
        Some(Subject::Reply(line) | Subject::Edit(line)) => conversation.line(line).cloned(),
        None => None,
    };
    let own = |line: &&Rc<Line>| line.author == Author::Me && line.text().is_some();
    let last_own = conversation.lines().iter().rev().find(own).map(|line| line.id);
    let typing: Vec<&str> =
        meeting.others.iter().filter(|other| other.typing).map(|other| &*other.name).collect();
    html! {
        <div class="chat">
            if !conversation.lines().iter().any(|line| line.text().is_some()) {
                <p class="chat__empty hint">{ empty }</p>
            }
            <Log conversation={conversation.clone()} chosen={Chosen { open, subject: subject.clone() }} />
            <p class="typing">
                if !typing.is_empty() { { texts.is_typing(&typing.join(", ")) } }
            </p>
            <Composer peer={props.peer.clone()} sent={meeting.sent} {subject}
                {about} {last_own} message={props.message.clone()} />
        </div>
    }
}
