//! Standing before a room: a look at oneself, and the way in.

use tincan_session::{Device, Intent, Lobby, LobbyProblem};
use tincan_shared::{MAX_ROOM_NAME_CHARS, RoomRefusal};
use yew::prelude::*;

use super::start::{filled, refusal, support_note};
use super::tools::Tools;
use crate::browser::Support;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::Page;
use crate::ui::context::settings::{remember_name, remembered_name};
use crate::ui::parts::cans::initial;
use crate::ui::parts::device_note::device_notes;
use crate::ui::parts::device_settings::DeviceSettings;
use crate::ui::parts::form::{NameField, alert, card, status, submit_button};
use crate::ui::parts::invite::Invite;
use crate::ui::parts::phrase::named;
use crate::ui::parts::toggle::toggle;
use crate::ui::parts::video::self_view;

/// Shows what the camera sees and which devices there are, asks a guest's name, and has the room's link.
pub(crate) fn lobby(lobby: &Lobby, tools: &Tools) -> Html {
    let Tools { page, texts, heading, input, missing, .. } = tools;
    let guest = lobby.me.is_none();
    let onsubmit = tools.submit(input, if guest { join_as_guest } else { join });
    let not_allowed = lobby.problem == Some(LobbyProblem::Room(RoomRefusal::Name));
    let picture = self_view(lobby.local.camera, "video video--mirrored preview__picture", texts);
    let name = NameField {
        id: "your-name",
        label: texts.your_name,
        hint: texts.guest_name_hint,
        complete: "nickname",
        invalid: matches!(lobby.problem, Some(LobbyProblem::Name { .. })),
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
                        { toggle(Device::Microphone, lobby.local.microphone, page, texts) }
                        { toggle(Device::Camera, lobby.local.camera, page, texts) }
                    </div>
                </div>
                { device_notes(&lobby.local) }
            </section>
            <section class="card">
                <h1 class="card__title" ref={heading.clone()} tabindex="-1">{ named(texts.room, &lobby.room) }</h1>
                { support_note(page.support, texts) }
                <form class="form" {onsubmit} novalidate=true>
                    if let Some(me) = &lobby.me {
                        <p>{ named(texts.joins_as, me) }</p>
                    } else {
                        { name.draw(input, missing.setter()) }
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
            { card(texts.devices, html! { <DeviceSettings all=false /> }) }
            if !not_allowed {
                { card(texts.invite_others, html! { <Invite room={lobby.room.clone()} /> }) }
            }
        </div>
    }
}

fn join(page: &Page, name: String) {
    page.handle.intent(Intent::JoinRoom { name });
}

fn join_as_guest(page: &Page, name: String) {
    remember_name(&name);
    join(page, name);
}

fn explain(problem: &LobbyProblem, texts: &'static Catalogue) -> Html {
    match problem {
        LobbyProblem::Name { name, reason } => refusal(name, *reason, texts),
        LobbyProblem::Room(RoomRefusal::Full) => texts.room_full.into(),
        LobbyProblem::Room(RoomRefusal::Name) => filled(texts.room_name_refused, MAX_ROOM_NAME_CHARS),
        LobbyProblem::Room(RoomRefusal::Elsewhere) => texts.room_elsewhere.into(),
        LobbyProblem::Room(RoomRefusal::Other) => texts.room_refused.into(),
        LobbyProblem::Offline => texts.room_offline.into(),
    }
}
