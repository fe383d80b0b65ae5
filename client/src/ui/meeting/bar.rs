//! The top of a meeting.

use std::rc::Rc;

use tincan_session::{ConnectionView, Meeting, MeetingKind};
use yew::prelude::*;

use super::callee;
use super::state::{Change, Dialog, Dispatcher, dispatching};
use crate::browser::local_time;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::{Page, use_page};
use crate::ui::parts::button::{drawn_button, icon_button};
use crate::ui::parts::cans::initial;
use crate::ui::parts::icon::Glyph;

#[derive(Properties, PartialEq)]
pub(super) struct BarProps {
    pub(super) meeting: Rc<Meeting>,
    /// See [`MeetingState::chat_hidden_at`](super::state::MeetingState::chat_hidden_at).
    pub(super) chat_hidden_at: Option<usize>,
    pub(super) dispatcher: Dispatcher,
}

/// Shows who is called or which room this is, how the connection is, and buttons for the dialogs and panels.
#[component]
pub(super) fn Bar(props: &BarProps) -> Html {
    let BarProps { meeting, chat_hidden_at, dispatcher } = props;
    let page = use_page();
    let texts = page.texts();
    let open = |dialog| dispatching(dispatcher, Change::Open(dialog));
    let lines = meeting.conversation.lines().len();
    let (class, text) = match *chat_hidden_at {
        None => ("icon-button", texts.hide_conversation),
        Some(then) if then < lines => ("icon-button icon-button--news", texts.show_new_lines),
        Some(_) => ("icon-button", texts.show_conversation),
    };
    let toggle_chat = dispatching(dispatcher, Change::ToggleChat(lines));
    let toggle_connections = dispatching(dispatcher, Change::ToggleConnections);
    html! {
        <div class="call-bar">
            if let MeetingKind::Room { name, limit, .. } = &meeting.kind {
                { room(name, meeting.others.len() + 1, *limit, texts) }
            } else {
                { call(meeting, &page) }
            }
            <div class="call-bar__buttons">
                if matches!(meeting.kind, MeetingKind::Room { .. }) {
                    { icon_button(Glyph::Invite, texts.invite, open(Dialog::Invite)) }
                }
                { drawn_button(class, Glyph::Message, text.into(), toggle_chat) }
                { icon_button(Glyph::Gauge, texts.connections, toggle_connections) }
                { icon_button(Glyph::Settings, texts.settings, open(Dialog::Settings)) }
                <span class="for-keyboards">
                    { icon_button(Glyph::Keyboard, texts.keyboard_shortcuts, open(Dialog::Shortcuts)) }
                </span>
            </div>
        </div>
    }
}

fn room(name: &str, here: usize, limit: usize, texts: &'static Catalogue) -> Html {
    let people = texts.people_here(&here.to_string(), &limit.to_string()).into_string();
    html! {
        <div class="call-bar__words">
            <h1 class="call-bar__peer"><bdi>{ name.to_owned() }</bdi></h1>
            <p class="connection">{ people }</p>
        </div>
    }
}

fn call(meeting: &Meeting, page: &Page) -> Html {
    let texts = page.texts();
    const THERE: &str = "connection connection--dot connection--there";
    const WAITING: &str = "connection connection--dot connection--waiting";
    let peer = callee(meeting);
    let other = meeting.others.first();
    let interrupted_at = match other.map(|other| other.connection) {
        Some(ConnectionView::Reconnecting { since }) => local_time(since.0, &page.time_tag),
        _ => String::new(),
    };
    let (text, class) = match other.map(|other| (other.connection, other.weak, other.reachable)) {
        Some(_) if other.is_some_and(|other| other.away) => (texts.page_is_gone(peer), WAITING),
        Some((ConnectionView::Connected, true, _)) => (texts.connected_weakly.into(), WAITING),
        Some((ConnectionView::Connected, _, false)) => (texts.connected_without_server(peer), THERE),
        Some((ConnectionView::Connected, ..)) => (texts.connected.into(), THERE),
        Some((ConnectionView::Connecting, ..)) | None => (texts.connecting(peer), WAITING),
        Some((ConnectionView::Reconnecting { .. }, ..)) => {
            (texts.reconnecting(peer, &interrupted_at), WAITING)
        }
        Some((ConnectionView::Failed(_), ..)) => (texts.not_connected_to(peer), WAITING),
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
