//! In a call, or in a room.

mod arrangement;
mod away;
mod bar;
mod connections;
mod controls;
mod desk;
#[cfg(test)]
mod examples;
mod keys;
mod layout;
mod people;
mod stage;
mod tile;
mod voice;

use tincan_session::{CallKind, Intent, Meeting, Place};
use yew::prelude::*;

use self::arrangement::Arrangement;
use self::away::use_sight;
use self::bar::bar;
use self::connections::{connections, use_figures};
use self::controls::controls;
use self::desk::{Change, Desk, Window, press};
use self::keys::{Keys, help, use_keys};
use self::layout::Layout;
use self::people::people;
use self::stage::stage;
use self::voice::use_voice;
use crate::ui::catalogue::Catalogue;
use crate::ui::chat::{Chat, save_button};
use crate::ui::context::page::{Page, use_page};
use crate::ui::files::{offer, on_drop};
use crate::ui::parts::device_note::device_notes;
use crate::ui::parts::device_settings::DeviceSettings;
use crate::ui::parts::dialog::{dialog, use_dialog};
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::use_initial_focus;
use crate::ui::parts::invite::Invite;

/// The other side of a call.
pub(crate) fn callee(meeting: &Meeting) -> &str {
    meeting.others.first().map_or("", |other| &other.name)
}

#[derive(Properties, PartialEq)]
pub(crate) struct MeetingProps {
    pub(crate) meeting: Meeting,
}

/// Pictures, text and buttons. Everything stays in its place in the document whatever comes and goes, so that no picture
/// is begun anew and no draft lost.
#[component]
pub(crate) fn MeetingScreen(props: &MeetingProps) -> Html {
    let meeting = &props.meeting;
    let page = use_page();
    let texts = page.texts();
    let desk = use_reducer_eq(Desk::default);
    use_sight(desk.dispatcher());
    let section = use_node_ref();
    let message = use_node_ref();
    // A text chat begins with writing; in other calls, a screen reader says first that the call is there.
    let text_chat = meeting.place == Place::Call { kind: CallKind::Text };
    use_initial_focus(&section, text_chat.then_some(&message));
    use_figures(desk.connections, &page);
    let window_element = use_dialog(desk.window.is_some());

    let arrangement = Arrangement::of(meeting, &desk.choice);
    let shown = arrangement.shown(meeting, &desk.sight);
    {
        let handle = page.handle.clone();
        use_effect_on(shown.clone(), move || {
            handle.intent(Intent::Show(shown));
            None
        });
    }
    let room = match &meeting.place {
        Place::Room { name, .. } => Some(name),
        Place::Call { .. } => None,
    };
    use_voice(meeting.local.microphone, room.is_some(), &page, desk.dispatcher());
    use_keys(Keys {
        page: page.clone(),
        desk: desk.dispatcher(),
        local: meeting.local,
        everybody: arrangement.everybody(),
        in_room: room.is_some(),
        lines: meeting.conversation.lines().len(),
        put_away: desk.put_away.is_some(),
        message: message.clone(),
    });

    let name = match room {
        Some(room) => texts.room(room),
        None => texts.call_with(callee(meeting)),
    };
    let peer = room.is_none().then(|| AttrValue::from(callee(meeting).to_owned()));
    let dispatcher = desk.dispatcher();
    let inviting = desk.window == Some(Window::Invite);
    let class = [
        Layout::of(meeting).class(),
        if room.is_none() { "call--direct" } else { "" },
        if desk.put_away.is_some() { "call--no-chat" } else { "" },
    ];
    let class = class.join(" ");
    let close = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |_| dispatcher.dispatch(Change::Close))
    };
    let ondrop = {
        let page = page.clone();
        on_drop(Callback::from(move |files| offer(files, None, &page)))
    };
    html! {
        <section ref={section} tabindex="-1" aria-label={name.into_string()} {class} {ondrop}>
            <div class="call__top">
                { bar(meeting, &desk, &dispatcher, texts) }
                { device_notes(&meeting.local) }
            </div>
            { stage(meeting, &arrangement, &dispatcher, inviting, texts) }
            <p class="voice-note" role="status">
                if desk.unheard { { texts.you_are_muted } }
            </p>
            <div class="call__side">
                if room.is_some() { { people(meeting, &page) } }
                <Chat meeting={meeting.clone()} {peer} {message} />
            </div>
            { controls(&meeting.local, room.is_some(), &page, texts) }
            if desk.connections {
                { connections(meeting, press(&dispatcher, Change::ToggleConnections), texts) }
            }
            if let Some(window) = desk.window {
                { dialog(&window_element, title(window, texts), close, content(window, meeting, &page, texts), texts) }
            }
        </section>
    }
}

/// What a window over the meeting is called.
fn title(window: Window, texts: &'static Catalogue) -> &'static str {
    match window {
        Window::Settings => texts.settings,
        Window::Invite => texts.invite_others,
        Window::Shortcuts => texts.keyboard_shortcuts,
    }
}

/// What is in it.
fn content(window: Window, meeting: &Meeting, page: &Page, texts: &'static Catalogue) -> Html {
    match (window, &meeting.place) {
        (Window::Settings, _) => html! {
            <><DeviceSettings all=true />{ conversation_settings(meeting, page, texts) }</>
        },
        (Window::Invite, Place::Room { name, .. }) => html! { <Invite room={name.clone()} /> },
        (Window::Invite, Place::Call { .. }) => Html::default(),
        (Window::Shortcuts, place) => help(matches!(place, Place::Room { .. }), &page.settings, texts),
    }
}

/// What can be done with what was written.
fn conversation_settings(meeting: &Meeting, page: &Page, texts: &'static Catalogue) -> Html {
    let (whom, in_room) = match &meeting.place {
        Place::Room { name, .. } => (name.as_str(), true),
        Place::Call { .. } => (callee(meeting), false),
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
