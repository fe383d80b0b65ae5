//! Home, and whoever rings there. What is typed at home, and what is read there, stays while it rings.

use tincan_session::{CallKind, PastConversation};
use tincan_shared::FileNotice;
use yew::prelude::*;

use super::home::HomeScreen;
use super::incoming::IncomingScreen;
use crate::browser::is_typing;

/// A call that rings.
#[derive(Clone, PartialEq)]
pub(crate) struct Ring {
    pub(crate) peer: String,
    pub(crate) kind: CallKind,
    /// The files that the call is made for.
    pub(crate) files: Option<FileNotice>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct AtHomeProps {
    pub(crate) me: String,
    pub(crate) past: Option<PastConversation>,
    pub(crate) ring: Option<Ring>,
}

/// Shows who rings above the rest, which can't be reached meanwhile; unless the user is typing: then the
/// text box keeps the focus, and the call can be answered when they are done.
#[component]
pub(crate) fn AtHome(props: &AtHomeProps) -> Html {
    let rings = props.ring.is_some();
    let typing = use_memo(rings, |rings| *rings && is_typing());
    let modal = rings && !*typing;
    html! {
        <div class="at-home">
            if let Some(Ring { peer, kind, files }) = props.ring.clone() {
                <IncomingScreen {peer} {kind} {files} {modal} />
            }
            <HomeScreen me={props.me.clone()} past={props.past.clone()} inert={modal} />
        </div>
    }
}
