//! The lobby of a room: what the camera sees, and the way in.

use tincan_session::{Device, Intent, Lobby, LobbyProblem};
use tincan_shared::RoomRefusal;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::explain::{refusal, room_name_refused, support_note};
use super::last_conversation::last_conversation;
use crate::browser::Support;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;
use crate::ui::context::settings::{remember_name, remembered_name};
use crate::ui::parts::cans::initial;
use crate::ui::parts::device_note::device_notes;
use crate::ui::parts::device_settings::DeviceSettings;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::use_initial_focus;
use crate::ui::parts::form::{NameField, alert, card, on_submit, status, submit_button};
use crate::ui::parts::invite::Invite;
use crate::ui::parts::toggle::toggle;
use crate::ui::parts::video::self_view;

#[derive(Properties, PartialEq)]
pub(crate) struct LobbyProps {
    pub(crate) lobby: Lobby,
}

/// Shows what the camera sees, the devices and the room's link, and asks a guest for a name.
#[component]
pub(crate) fn LobbyScreen(props: &LobbyProps) -> Html {
    let lobby = &props.lobby;
    let page = use_page();
    let texts = page.texts();
    let (heading, input) = (use_node_ref(), use_node_ref());
    {
        // Set once, and not by the attribute: what is typed must stay whatever else changes on the screen.
        let input = input.clone();
        use_effect_on((), move || {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(&remembered_name());
            }
            None
        });
    }
    use_initial_focus(&heading, Some(&input));
    let guest = lobby.me.is_none();
    let onsubmit = {
        let handle = page.handle.clone();
        on_submit(&input, move |name| {
            if guest {
                remember_name(&name);
            }
            handle.intent(Intent::JoinRoom { name });
        })
    };
    let not_allowed = lobby.problem == Some(LobbyProblem::Room(RoomRefusal::Name));
    let picture = self_view(lobby.local.camera, "video video--mirrored preview__picture", texts);
    let name = NameField {
        id: "your-name",
        label: texts.your_name,
        hint: texts.guest_name_hint,
        complete: "nickname",
        invalid: matches!(lobby.problem, Some(LobbyProblem::Name { .. })),
        oninput: None,
    };
    html! {
        <div class="lobby">
            <section class="preview">
                <div class="preview__stage">
                    if picture == Html::default() {
                        <span class="avatar avatar--large" aria-hidden="true">
                            { initial(&lobby.me.clone().unwrap_or_else(remembered_name)) }
                        </span>
                        <p>{ texts.camera_is_off }</p>
                    }
                    { picture }
                    <div class="controls preview__controls">
                        { toggle(Device::Microphone, lobby.local.microphone, &page, texts) }
                        { toggle(Device::Camera, lobby.local.camera, &page, texts) }
                    </div>
                </div>
                { device_notes(&lobby.local) }
            </section>
            <section class="card">
                <h1 class="card__title" ref={heading} tabindex="-1">{ texts.room(&lobby.room) }</h1>
                { support_note(page.support, texts) }
                <form class="form" {onsubmit} novalidate=true>
                    if let Some(me) = &lobby.me {
                        <p>{ texts.joins_as(me) }</p>
                    } else {
                        { name.draw(&input) }
                    }
                    { alert(lobby.problem.as_ref().map(|problem| explain(problem, texts))) }
                    if page.support != Support::NoWebRtc {
                        { submit_button(texts.join) }
                    }
                    <button type="button" class="button button--wide" onclick={page.press(Intent::LeaveRoom)}>
                        { texts.back }
                    </button>
                    { status(lobby.joining.then_some(texts.joining)) }
                </form>
            </section>
            if let Some(past) = &lobby.past { { last_conversation(past, &page) } }
            { card(texts.devices, html! { <DeviceSettings all=false /> }) }
            if !not_allowed {
                { card(texts.invite_others, html! { <Invite room={lobby.room.clone()} /> }) }
            }
        </div>
    }
}

fn explain(problem: &LobbyProblem, texts: &'static Catalogue) -> Html {
    match problem {
        LobbyProblem::Name { name, reason } => refusal(name, *reason, texts),
        LobbyProblem::Room(RoomRefusal::Full) => texts.room_full.into(),
        LobbyProblem::Room(RoomRefusal::Name) => room_name_refused(texts),
        LobbyProblem::Room(RoomRefusal::Elsewhere) => texts.room_elsewhere.into(),
        LobbyProblem::Room(RoomRefusal::TooMany) => texts.refused_too_many.into(),
        LobbyProblem::Room(RoomRefusal::Other) => texts.room_refused.into(),
        LobbyProblem::Offline => texts.room_offline.into(),
    }
}
