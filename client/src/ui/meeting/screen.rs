//! A call or a room as a whole.

use std::rc::Rc;

use tincan_session::{CallKind, Intent, Meeting, MeetingKind};
use yew::prelude::*;

use super::arrangement::Arrangement;
use super::bar::Bar;
use super::callee;
use super::connections::Connections;
use super::controls::Controls;
use super::dialogs::dialog;
use super::keys::{Keys, use_keys};
use super::layout::Layout;
use super::people::People;
use super::stage::Stage;
use super::state::{Change, Dialog, MeetingState, dispatching};
use super::visibility::use_visibility;
use super::voice::use_voice;
use crate::ui::chat::Chat;
use crate::ui::context::page::use_page;
use crate::ui::files::{offer, on_drop};
use crate::ui::parts::device_note::device_notes;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::use_initial_focus;

#[derive(Properties, PartialEq)]
pub(crate) struct MeetingProps {
    pub(crate) meeting: Rc<Meeting>,
}

/// Shows pictures, text and buttons. Every element stays in its place in the document, whatever comes and
/// goes, so that no picture starts anew and no draft is lost.
#[component]
pub(crate) fn MeetingScreen(props: &MeetingProps) -> Html {
    let meeting = &props.meeting;
    let page = use_page();
    let texts = page.texts();
    let state = use_reducer_eq(MeetingState::default);
    let dispatcher = state.dispatcher();
    use_visibility(dispatcher.clone());
    let section = use_node_ref();
    let message = use_node_ref();
    // A text chat begins with writing; in other calls, a screen reader says first that the call is there.
    let text_chat = meeting.kind == MeetingKind::Call { kind: CallKind::Text };
    use_initial_focus(&section, text_chat.then_some(&message));

    let arrangement = Arrangement::of(meeting, &state.choice);
    let shown = arrangement.shown(meeting, &state.visibility);
    {
        let handle = page.handle.clone();
        use_effect_on(shown.clone(), move || {
            handle.intent(Intent::Show(shown));
            None
        });
    }
    let room = match &meeting.kind {
        MeetingKind::Room { name, .. } => Some(name),
        MeetingKind::Call { .. } => None,
    };
    let in_room = room.is_some();
    use_voice(meeting.local.microphone, in_room, &page, dispatcher.clone());
    use_keys(Keys {
        page: page.clone(),
        dispatcher: dispatcher.clone(),
        local: meeting.local,
        everybody: arrangement.everybody(),
        in_room,
        lines: meeting.conversation.lines().len(),
        chat_hidden: state.chat_hidden_at.is_some(),
        message: message.clone(),
    });

    let name = match room {
        Some(room) => texts.room(room),
        None => texts.call_with(callee(meeting)),
    };
    let peer = (!in_room).then(|| AttrValue::from(callee(meeting).to_owned()));
    let chat_hidden_at = state.chat_hidden_at;
    let inviting = state.dialog == Some(Dialog::Invite);
    let class = [
        Layout::of(meeting).class(),
        if in_room { "" } else { "call--direct" },
        if chat_hidden_at.is_some() { "call--no-chat" } else { "" },
    ];
    let class = class.join(" ");
    let close_connections = dispatching(&dispatcher, Change::ToggleConnections);
    let ondrop = {
        let page = page.clone();
        on_drop(Callback::from(move |files| offer(files, None, &page)))
    };
    html! {
        <section ref={section} tabindex="-1" aria-label={name.into_string()} {class} {ondrop}>
            <div class="call__top">
                <Bar meeting={meeting.clone()} {chat_hidden_at} dispatcher={dispatcher.clone()} />
                { device_notes(&meeting.local) }
            </div>
            <Stage meeting={meeting.clone()} {arrangement} {inviting} dispatcher={dispatcher.clone()} />
            <p class="voice-note" role="status">
                if state.speaking_while_muted { { texts.you_are_muted } }
            </p>
            <div class="call__side">
                if in_room { <People meeting={meeting.clone()} /> }
                <Chat meeting={meeting.clone()} {peer} {message} />
            </div>
            <Controls local={meeting.local} {in_room} />
            if state.connections {
                <Connections meeting={meeting.clone()} onclose={close_connections} />
            }
            // Not `for`: what is before a list's end is matched from its end, and would be begun anew.
            if let Some(open) = state.dialog { { dialog(open, meeting, &dispatcher, &page) } }
        </section>
    }
}
