//! The top of a call.

use tincan_session::ConnectionView;
use yew::prelude::*;

use crate::ui::cans::initial;
use crate::ui::locale::use_texts;
use crate::ui::phrase::Phrase;
use crate::ui::top_bar::LanguagePicker;

#[derive(Properties, PartialEq)]
pub(super) struct CallBarProps {
    pub(super) peer: AttrValue,
    pub(super) connection: ConnectionView,
}

/// Says with whom, and how the connection is.
#[component]
pub(super) fn CallBar(props: &CallBarProps) -> Html {
    let texts = use_texts();
    let (text, class) = match props.connection {
        ConnectionView::Connecting => (texts.connecting, "connection--waiting"),
        ConnectionView::Connected => (texts.connected, "connection--there"),
        ConnectionView::Reconnecting => (texts.reconnecting, "connection--waiting"),
    };
    html! {
        <div class="call-bar">
            <span class="avatar" aria-hidden="true">{ initial(&props.peer) }</span>
            <div class="call-bar__words">
                <h1 class="call-bar__peer"><bdi>{ &props.peer }</bdi></h1>
                <p class={classes!("connection", class)} role="status">
                    <Phrase {text} name={props.peer.clone()} />
                </p>
            </div>
            <LanguagePicker />
        </div>
    }
}
