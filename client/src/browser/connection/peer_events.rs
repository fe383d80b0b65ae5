//! Tells the session of the events of a peer connection and its data channel.

use std::cell::RefCell;

use gloo_events::EventListener;
use js_sys::Array;
use tincan_session::{ConnectionState, Device, Input, PeerConnectionId, PeerEvent};
use tincan_shared::IceCandidate;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaStream, MessageEvent, RtcDataChannel, RtcDataChannelEvent, RtcDataChannelState, RtcPeerConnection,
    RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcTrackEvent,
};

use super::bindings::bindings;
use super::file_effects::FileSlot;
use super::transceivers::transceivers;
use crate::browser::js;
use crate::browser::js::Events;
use crate::browser::media::{MediaElements, Source};

/// The largest message, in bytes, where the browser doesn't say (RFC 8841, section 6.1).
const DEFAULT_MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// The `errorCode` of a STUN or TURN server that doesn't answer (W3C WebRTC, section 4.8.1.4). What is below
/// comes from a server (RFC 8489, section 14.8).
const NO_ANSWER: f64 = 701.0;

/// Returns whether an `icecandidateerror` is the answer of a server.
pub(super) fn is_refusal(event: &JsValue) -> bool {
    js::number(event, "errorCode").is_some_and(|code| code < NO_ANSWER)
}

/// The listeners of one connection.
pub(super) struct Listeners {
    id: PeerConnectionId,
    events: Events,
    all: Vec<EventListener>,
}

impl Listeners {
    pub(super) fn hear(
        id: PeerConnectionId,
        connection: &RtcPeerConnection,
        channel: &RtcDataChannel,
        events: &Events,
        media: &MediaElements,
        files: &FileSlot,
    ) -> Listeners {
        let mut listeners = Listeners { id, events: events.clone(), all: Vec::new() };
        listeners.hear_connection(connection);
        listeners.hear_channel(channel, connection);
        listeners.hear_tracks(connection, media);
        listeners.hear_files(connection, files);
        listeners
    }

    /// Returns what tells the session of an event of this connection.
    fn teller(&self) -> impl Fn(PeerEvent) + Clone + 'static {
        let (id, events) = (self.id, self.events.clone());
        move |event| events.tell(Input::Peer { id, event })
    }

    fn hear_connection(&mut self, connection: &RtcPeerConnection) {
        let tell = self.teller();
        self.all.push(EventListener::new(connection, "negotiationneeded", move |_| {
            tell(PeerEvent::NegotiationNeeded);
        }));
        let tell = self.teller();
        self.all.push(EventListener::new(connection, "icecandidate", move |event| {
            if let Some(event) = event.dyn_ref::<RtcPeerConnectionIceEvent>() {
                tell(PeerEvent::Candidate(event.candidate().map(|candidate| ice_candidate(&candidate))));
            }
        }));
        let tell = self.teller();
        self.all.push(EventListener::new(connection, "icecandidateerror", move |event| {
            if is_refusal(event) {
                tell(PeerEvent::ServerRefused);
            }
        }));
        let tell = self.teller();
        let subject = connection.clone();
        self.all.push(EventListener::new(connection, "connectionstatechange", move |_| {
            let state = match subject.connection_state() {
                RtcPeerConnectionState::Connecting => ConnectionState::Connecting,
                RtcPeerConnectionState::Connected => ConnectionState::Connected,
                RtcPeerConnectionState::Disconnected => ConnectionState::Disconnected,
                RtcPeerConnectionState::Failed => ConnectionState::Failed,
                RtcPeerConnectionState::Closed => ConnectionState::Closed,
                _ => return,
            };
            tell(PeerEvent::Connection(state));
        }));
    }

    fn hear_channel(&mut self, channel: &RtcDataChannel, connection: &RtcPeerConnection) {
        let tell = self.teller();
        let (subject, connection) = (channel.clone(), connection.clone());
        self.all.push(EventListener::new(channel, "open", move |_| {
            // A channel may close before its `open` event is handled.
            if subject.ready_state() == RtcDataChannelState::Open {
                tell(PeerEvent::ChannelOpen { max_message_bytes: max_message_bytes(&connection) });
            }
        }));
        let tell = self.teller();
        self.all.push(EventListener::new(channel, "close", move |_| tell(PeerEvent::ChannelClosed)));
        let tell = self.teller();
        self.all.push(EventListener::new(channel, "message", move |event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            if let Some(text) = text {
                tell(PeerEvent::ChannelMessage(text));
            }
        }));
    }

    /// The other side opens a channel for each file that it sends.
    fn hear_files(&mut self, connection: &RtcPeerConnection, files: &FileSlot) {
        let (id, files) = (self.id, files.clone());
        self.all.push(EventListener::new(connection, "datachannel", move |event| {
            if let (Some(event), Some(files)) = (event.dyn_ref::<RtcDataChannelEvent>(), files.get()) {
                files.accept(id, event.channel());
            }
        }));
    }

    /// Hands remote tracks to the media elements as they come.
    fn hear_tracks(&mut self, connection: &RtcPeerConnection, media: &MediaElements) {
        let (id, media, subject) = (self.id, media.clone(), connection.clone());
        let known = RefCell::new(Vec::new());
        self.all.push(EventListener::new(connection, "track", move |event| {
            let Some(event) = event.dyn_ref::<RtcTrackEvent>() else { return };
            let transceiver = event.transceiver();
            let mut all = transceivers(&subject).into_iter();
            // Tincan sends no more than these.
            let Some((device, _)) = all.find(|(_, found)| *found == transceiver) else { return };
            let track = event.track();
            // The same track may come again after it has gone.
            if known.borrow().contains(&(device, Clone::clone(&track))) {
                return;
            }
            let Ok(stream) = MediaStream::new_with_tracks(&Array::of1(&track)) else { return };
            known.borrow_mut().push((device, track));
            match device {
                Device::Microphone => media.set_sound(Source::Remote { id }, &stream),
                Device::ScreenAudio => media.set_sound(Source::RemoteScreen { id }, &stream),
                Device::Camera => media.set_picture(Source::Remote { id }, Some(stream)),
                Device::Screen => media.set_picture(Source::RemoteScreen { id }, Some(stream)),
            }
        }));
    }
}

/// Returns what the other side is told of a candidate.
fn ice_candidate(candidate: &JsValue) -> IceCandidate {
    IceCandidate {
        candidate: js::text(candidate, "candidate").unwrap_or_default(),
        sdp_mid: js::text(candidate, "sdpMid"),
        sdp_m_line_index: js::number(candidate, "sdpMLineIndex").map(|index| index as u16),
        username_fragment: js::text(candidate, "usernameFragment"),
    }
}

/// Returns the largest message that may be sent, in bytes (`RTCSctpTransport.maxMessageSize`, which may be
/// infinite).
pub(crate) fn max_message_bytes(connection: &RtcPeerConnection) -> usize {
    let Some(sctp) = bindings(connection).sctp() else {
        return DEFAULT_MAX_MESSAGE_BYTES;
    };
    let bytes = sctp.max_message_size();
    if bytes.is_finite() && bytes >= 1.0 { bytes as usize } else { DEFAULT_MAX_MESSAGE_BYTES }
}
