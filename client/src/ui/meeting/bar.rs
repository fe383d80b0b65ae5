//! The top of a meeting.

use tincan_session::{ConnectionView, Meeting, Place};
use yew::prelude::*;

use super::callee;
use super::desk::{Change, Desk, Dispatcher, Window, press};
use crate::ui::catalogue::Catalogue;
use crate::ui::parts::button::{drawn_button, icon_button};
use crate::ui::parts::cans::initial;
use crate::ui::parts::icon::Glyph;

/// Says with whom one is or in which room, and how the connection is; and opens what there is to open.
pub(super) fn bar(
    meeting: &Meeting,
    desk: &Desk,
    dispatcher: &Dispatcher,
    texts: &'static Catalogue,
) -> Html {
    let open = |window| press(dispatcher, Change::Open(window));
    let lines = meeting.conversation.lines().len();
    let (class, text) = match desk.put_away {
        None => ("icon-button", texts.hide_conversation),
        Some(then) if then < lines => ("icon-button icon-button--news", texts.show_new_lines),
        Some(_) => ("icon-button", texts.show_conversation),
    };
    let in_room = matches!(meeting.place, Place::Room { .. });
    html! {
        <div class="call-bar">
            { about(meeting, texts) }
            <div class="call-bar__buttons">
                if in_room {
                    { icon_button(Glyph::Invite, texts.invite, open(Window::Invite)) }
                }
                { drawn_button(class, Glyph::Message, text.into(), press(dispatcher, Change::ToggleChat(lines))) }
                { icon_button(Glyph::Gauge, texts.connections, press(dispatcher, Change::ToggleConnections)) }
                { icon_button(Glyph::Settings, texts.settings, open(Window::Settings)) }
                <span class="for-keyboards">
                    { icon_button(Glyph::Keyboard, texts.keyboard_shortcuts, open(Window::Shortcuts)) }
                </span>
            </div>
        </div>
    }
}

fn about(meeting: &Meeting, texts: &'static Catalogue) -> Html {
    if let Place::Room { name, limit, .. } = &meeting.place {
        let here = (meeting.others.len() + 1).to_string();
        return html! {
            <div class="call-bar__words">
                <h1 class="call-bar__peer"><bdi>{ name.clone() }</bdi></h1>
                <p class="connection">
                    { texts.people_here(&here, &limit.to_string()).into_string() }
                </p>
            </div>
        };
    }
    let peer = callee(meeting);
    let connection = meeting.others.first().map(|other| (other.connection, other.weak));
    let (text, class) = match connection {
        Some((ConnectionView::Connected, false)) => {
            (texts.connected.into(), "connection connection--dot connection--there")
        }
        Some((ConnectionView::Connected, true)) => {
            (texts.connected_weakly.into(), "connection connection--dot connection--waiting")
        }
        Some((ConnectionView::Connecting, _)) | None => {
            (texts.connecting(peer), "connection connection--dot connection--waiting")
        }
        Some((ConnectionView::Reconnecting, _)) => {
            (texts.reconnecting(peer), "connection connection--dot connection--waiting")
        }
        Some((ConnectionView::Failed, _)) => {
            (texts.not_connected_to(peer), "connection connection--dot connection--waiting")
        }
    };
    html! {
        <>
            <span class="avatar" aria-hidden="true">{ initial(peer) }</span>
            <div class="call-bar__words">
                <h1 class="call-bar__peer"><bdi>{ peer.to_owned() }</bdi></h1>
                <p {class} role="status">{ text }</p>
            </div>
        </>
    }
}
