//! Two connected peer connections, and as many data channels between them as a test wants.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    RtcDataChannel, RtcDataChannelInit, RtcDataChannelState, RtcPeerConnection, RtcSdpType,
    RtcSessionDescriptionInit,
};

use super::until;
use crate::browser::js;

/// Closed when dropped.
pub(super) struct Connections {
    connections: [RtcPeerConnection; 2],
    channels: Cell<u16>,
}

impl Connections {
    pub(super) async fn connect() -> Connections {
        let connections = [0, 1].map(|_| RtcPeerConnection::new().unwrap());
        let made = Connections { connections, channels: Cell::new(0) };
        let [caller, callee] = &made.connections;
        let first = made.make_channels();
        let offer = JsFuture::from(caller.create_offer()).await.unwrap().unchecked_into();
        describe(caller, callee, &offer).await;
        let answer = JsFuture::from(callee.create_answer()).await.unwrap().unchecked_into();
        describe(callee, caller, &answer).await;
        until_open(&first).await;
        made
    }

    /// Returns the two ends of a new, open channel.
    pub(super) async fn channels(&self) -> [RtcDataChannel; 2] {
        let channels = self.make_channels();
        until_open(&channels).await;
        channels
    }

    fn make_channels(&self) -> [RtcDataChannel; 2] {
        let id = self.channels.replace(self.channels.get() + 1);
        let init = RtcDataChannelInit::new();
        init.set_negotiated(true);
        init.set_id(id);
        self.connections.each_ref().map(|it| it.create_data_channel_with_data_channel_dict("file", &init))
    }
}

impl Drop for Connections {
    fn drop(&mut self) {
        for connection in &self.connections {
            connection.close();
        }
    }
}

/// Sets the description on both, with every candidate in it.
async fn describe(from: &RtcPeerConnection, to: &RtcPeerConnection, description: &RtcSessionDescriptionInit) {
    JsFuture::from(from.set_local_description(description)).await.unwrap();
    let gathered = || js::text(from, "iceGatheringState").as_deref() == Some("complete");
    until("candidates are gathered", gathered).await;
    let local = from.local_description().unwrap();
    let complete = RtcSessionDescriptionInit::new(match local.type_() {
        RtcSdpType::Offer => RtcSdpType::Offer,
        _ => RtcSdpType::Answer,
    });
    complete.set_sdp(&local.sdp());
    JsFuture::from(to.set_remote_description(&complete)).await.unwrap();
}

async fn until_open(channels: &[RtcDataChannel; 2]) {
    let is_open = |channel: &RtcDataChannel| channel.ready_state() == RtcDataChannelState::Open;
    until("the channel opens", || channels.iter().all(is_open)).await;
}
