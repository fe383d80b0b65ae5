//! The pictures of a call.

use tincan_session::{DeviceView, RemoteMedia};
use yew::prelude::*;

use crate::browser::Source;
use crate::ui::cans::initial;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::locale::use_texts;
use crate::ui::phrase::Phrase;
use crate::ui::video::{SelfView, Video};

#[derive(Properties, PartialEq)]
pub(super) struct StageProps {
    pub(super) peer: AttrValue,
    /// See [`tincan_session::InCall::epoch`].
    pub(super) epoch: Option<u32>,
    pub(super) remote: RemoteMedia,
    pub(super) camera: DeviceView,
}

/// The other side large, and oneself in a corner.
#[component]
pub(super) fn Stage(props: &StageProps) -> Html {
    let texts = use_texts();
    let source = props.epoch.map(|epoch| Source::Remote { epoch });
    // Without a picture the element only leaves sight: its sound goes on.
    let unseen = (!props.remote.camera).then_some("video--unseen");
    html! {
        <div class="stage">
            <Video class={classes!("stage__remote", unseen)} {source} label={props.peer.clone()} />
            if !props.remote.camera {
                <div class="stage__nobody" aria-hidden="true">
                    <span class="avatar avatar--large">{ initial(&props.peer) }</span>
                    <bdi class="stage__name">{ &props.peer }</bdi>
                </div>
            }
            <p class="stage__muted" role="status">
                if props.remote.muted {
                    <Icon glyph={Glyph::MicrophoneOff} />
                    <span><Phrase text={texts.peer_muted} name={props.peer.clone()} /></span>
                }
            </p>
            <SelfView class="stage__self" camera={props.camera} />
        </div>
    }
}
