//! The dialogs over a meeting.

use tincan_session::{Intent, Meeting, MeetingKind};
use yew::prelude::*;

use super::callee;
use super::keys::help;
use super::state::{self, Change, Dispatcher};
use crate::ui::chat::save_button;
use crate::ui::context::page::Page;
use crate::ui::parts::device_settings::DeviceSettings;
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::invite::Invite;

/// Draws the dialog that is open.
pub(super) fn dialog(open: state::Dialog, meeting: &Meeting, dispatcher: &Dispatcher, page: &Page) -> Html {
    let texts = page.texts();
    let (title, content) = match open {
        state::Dialog::Settings => (texts.settings, settings(meeting, page)),
        state::Dialog::Invite => (texts.invite_others, invite(meeting)),
        state::Dialog::Shortcuts => {
            let in_room = matches!(meeting.kind, MeetingKind::Room { .. });
            (texts.keyboard_shortcuts, help(in_room, &page.settings, texts))
        }
    };
    let onclose = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |_: Event| dispatcher.dispatch(Change::Close))
    };
    html! { <Dialog {title} {onclose}>{ content }</Dialog> }
}

fn invite(meeting: &Meeting) -> Html {
    match &meeting.kind {
        MeetingKind::Room { name, .. } => html! { <Invite room={name.clone()} /> },
        MeetingKind::Call { .. } => Html::default(),
    }
}

fn settings(meeting: &Meeting, page: &Page) -> Html {
    html! {
        <>
            <DeviceSettings all=true />
            { conversation_settings(meeting, page) }
        </>
    }
}

/// What can be done with the conversation.
fn conversation_settings(meeting: &Meeting, page: &Page) -> Html {
    let texts = page.texts();
    let (whom, in_room) = match &meeting.kind {
        MeetingKind::Room { name, .. } => (name.as_str(), true),
        MeetingKind::Call { .. } => (callee(meeting), false),
    };
    let on = meeting.offers_earlier;
    let offer = {
        let handle = page.handle.clone();
        Callback::from(move |_: Event| handle.intent(Intent::OfferEarlier(!on)))
    };
    html! {
        <div class="device-settings">
            <h3 class="dialog__part">{ texts.conversation }</h3>
            if in_room {
                <label class="switch">
                    <input type="checkbox" checked={on} onchange={offer} />
                    <span>{ texts.offer_earlier }</span>
                </label>
            }
            { save_button(whom, &meeting.conversation, page) }
        </div>
    }
}
