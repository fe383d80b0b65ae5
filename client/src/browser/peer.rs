//! `RTCPeerConnection` and its data channel.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use gloo_events::EventListener;
use serde::Serialize;
use tincan_session::{ConnectionState, Device, Input, PeerEvent};
use tincan_shared::{Description, DescriptionKind, IceCandidate, IceServer};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaStream, MediaStreamTrack, MessageEvent, RtcConfiguration, RtcDataChannel, RtcDataChannelInit,
    RtcDataChannelState, RtcPeerConnection, RtcPeerConnectionIceEvent, RtcPeerConnectionState,
    RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType,
    RtcSessionDescriptionInit, RtcSignalingState, RtcTrackEvent,
};

use super::events::Events;
use super::stage::{Source, Stage};

/// What a browser takes in one message where it doesn't say (RFC 8841, section 6.1).
const DEFAULT_MAX_MESSAGE_BYTES: usize = 64 * 1024;

#[wasm_bindgen]
extern "C" {
    /// The parts of `RTCPeerConnection` whose bindings ask for more than the standard does.
    #[wasm_bindgen(js_name = RTCPeerConnection)]
    type Standard;

    /// `setLocalDescription()` without an argument: the browser makes the right one (W3C WebRTC, section 4.4.1.5).
    #[wasm_bindgen(method, catch, js_name = setLocalDescription)]
    fn set_local_description(this: &Standard) -> Result<js_sys::Promise, JsValue>;

    /// `addIceCandidate()` with what the other browser's `toJSON()` gave, or nothing for the end.
    #[wasm_bindgen(method, catch, js_name = addIceCandidate)]
    fn add_ice_candidate(this: &Standard, candidate: &JsValue) -> Result<js_sys::Promise, JsValue>;

    /// `restartIce()`
    #[wasm_bindgen(method, js_name = restartIce)]
    fn restart_ice(this: &Standard);

    /// `addTransceiver()` with everything that its dictionary can say.
    #[wasm_bindgen(method, catch, js_name = addTransceiver)]
    fn add_transceiver(this: &Standard, kind: &str, init: &RtcRtpTransceiverInit)
    -> Result<JsValue, JsValue>;

    /// `RTCRtpSender`
    type Sender;

    /// `setStreams()`: what the sender's track belongs to, and with it what it is kept in step with.
    #[wasm_bindgen(method, catch, js_name = setStreams)]
    fn set_streams(this: &Sender, stream: &MediaStream) -> Result<(), JsValue>;

    /// `sctp`
    #[wasm_bindgen(method, getter)]
    fn sctp(this: &Standard) -> Option<Sctp>;

    /// `RTCSctpTransport`
    type Sctp;

    /// `maxMessageSize`
    #[wasm_bindgen(method, getter, js_name = maxMessageSize)]
    fn max_message_size(this: &Sctp) -> f64;
}

/// One peer connection. Dropping it closes it, and no event comes after.
pub(crate) struct Peer {
    connection: RtcPeerConnection,
    channel: RtcDataChannel,
    epoch: u32,
    events: Events,
    stage: Stage,
    /// What all that is sent belongs to: a receiver keeps sound and picture in step only within one stream.
    outgoing: MediaStream,
    /// The operation that runs. Ended with the connection: the browser never settles it then (W3C WebRTC, section
    /// 4.4.1.5), and whoever waits for it would hold the connection for ever.
    operation: Cell<Option<AbortHandle>>,
    /// Whether sound and picture were last told to arrive.
    receiving: Rc<Cell<[bool; 2]>>,
    /// Dropped, and so removed, with the connection.
    _listeners: Vec<EventListener>,
}

impl Peer {
    /// Creates the connection and its data channel.
    pub(crate) fn create(
        epoch: u32,
        ice_servers: &[IceServer],
        events: Events,
        stage: Stage,
    ) -> Result<Peer, JsValue> {
        let configuration = RtcConfiguration::new();
        configuration.set_ice_servers(&to_js(&ice_servers)?);
        let connection = RtcPeerConnection::new_with_configuration(&configuration)?;
        let init = RtcDataChannelInit::new();
        // Both sides create it, so neither waits for the other's, and it can't be doubled by glare.
        init.set_negotiated(true);
        init.set_id(0);
        let channel = connection.create_data_channel_with_data_channel_dict("tincan", &init);
        let mut listeners = Listeners { epoch, events: events.clone(), all: Vec::new() };
        listeners.hear_connection(&connection);
        listeners.hear_channel(&channel, &connection);
        listeners.hear_tracks(&connection, &stage);
        Ok(Peer {
            connection,
            channel,
            epoch,
            events,
            stage,
            outgoing: MediaStream::new()?,
            operation: Cell::default(),
            receiving: Rc::default(),
            _listeners: listeners.all,
        })
    }

    /// Sets a local description: an offer or an answer, as the signaling state asks for.
    pub(crate) fn describe(&self) {
        let connection = self.connection.clone();
        self.spawn(async move {
            // What is offered now was perhaps not wanted when the connection was made.
            if connection.signaling_state() == RtcSignalingState::HaveRemoteOffer {
                for transceiver in transceivers(&connection) {
                    if transceiver.direction() == RtcRtpTransceiverDirection::Inactive {
                        transceiver.set_direction(RtcRtpTransceiverDirection::Recvonly);
                    }
                }
            }
            JsFuture::from(connection.unchecked_ref::<Standard>().set_local_description()?).await?;
            let local = connection.local_description().ok_or("no local description")?;
            let kind = match local.type_() {
                RtcSdpType::Offer => DescriptionKind::Offer,
                RtcSdpType::Answer => DescriptionKind::Answer,
                other => return Err(format!("a {other:?}").into()),
            };
            Ok(PeerEvent::LocalDescription(Description { kind, sdp: local.sdp() }))
        });
    }

    /// Makes an offer without setting it.
    pub(crate) fn make_offer(&self) {
        let connection = self.connection.clone();
        self.spawn(async move {
            let offer: RtcSessionDescriptionInit =
                JsFuture::from(connection.create_offer()).await?.unchecked_into();
            let sdp = offer.get_sdp().ok_or("an offer without SDP")?;
            Ok(PeerEvent::LocalDescription(Description { kind: DescriptionKind::Offer, sdp }))
        });
    }

    /// Sets the offer that was made last.
    pub(crate) fn set_local(&self, offer: Description) {
        let connection = self.connection.clone();
        self.spawn(async move {
            JsFuture::from(connection.set_local_description(&init(&offer))).await?;
            Ok(PeerEvent::LocalDescription(offer))
        });
    }

    pub(crate) fn set_remote(&self, description: Description) {
        let connection = self.connection.clone();
        self.spawn(async move {
            JsFuture::from(connection.set_remote_description(&init(&description))).await?;
            Ok(PeerEvent::RemoteDescriptionSet)
        });
    }

    pub(crate) fn add_candidate(&self, candidate: Option<&IceCandidate>) {
        let candidate = candidate.map_or(Ok(JsValue::UNDEFINED), to_js);
        let added = candidate.and_then(|c| self.connection.unchecked_ref::<Standard>().add_ice_candidate(&c));
        if let Ok(promise) = added {
            // One that doesn't fit belongs to an offer that was ignored; connectivity tells about the others.
            spawn_local(async move { drop(JsFuture::from(promise).await) });
        }
    }

    pub(crate) fn restart_ice(&self) {
        self.connection.unchecked_ref::<Standard>().restart_ice();
    }

    /// Sends `track`, or nothing; either way media of that sort can be received.
    pub(crate) fn set_track(&self, device: Device, track: Option<&MediaStreamTrack>) {
        let kind = kind(device);
        let existing = transceivers(&self.connection).into_iter().find(|transceiver| {
            transceiver.receiver().track().kind() == kind
                && transceiver.direction() != RtcRtpTransceiverDirection::Stopped
        });
        match (existing, track) {
            (Some(transceiver), track) => {
                let direction = match track {
                    Some(_) => RtcRtpTransceiverDirection::Sendrecv,
                    None => RtcRtpTransceiverDirection::Recvonly,
                };
                let replaced = transceiver.sender().replace_track(track);
                spawn_local(async move { drop(JsFuture::from(replaced).await) });
                if track.is_some() {
                    // Not in every browser; without it only lip sync is the worse.
                    let _ = transceiver.sender().unchecked_ref::<Sender>().set_streams(&self.outgoing);
                }
                transceiver.set_direction(direction);
            }
            // Made by addTrack, so that it can serve for what the other side offers, too (RFC 8829, section 5.10).
            (None, Some(track)) => drop(self.connection.add_track_0(track, &self.outgoing)),
            (None, None) => {}
        }
    }

    /// Has a media section of that sort in the first offer.
    pub(crate) fn add_media(&self, device: Device, receive: bool) {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(if receive {
            RtcRtpTransceiverDirection::Recvonly
        } else {
            RtcRtpTransceiverDirection::Inactive
        });
        init.set_streams(&js_sys::Array::of1(&self.outgoing));
        // It fails only on a connection that is closed.
        let _ = self.connection.unchecked_ref::<Standard>().add_transceiver(kind(device), &init);
    }

    pub(crate) fn send_text(&self, text: &str) {
        // It fails when the channel has just closed; `close` says so, and the text is sent again when it can.
        let _ = self.channel.send_with_str(text);
    }

    fn spawn(&self, operation: impl Future<Output = Result<PeerEvent, JsValue>> + 'static) {
        let (epoch, events) = (self.epoch, self.events.clone());
        let (connection, receiving) = (self.connection.clone(), self.receiving.clone());
        let (operation, handle) = abortable(operation);
        // The session runs one at a time, so the one before is done.
        self.operation.set(Some(handle));
        spawn_local(async move {
            let Ok(result) = operation.await else { return };
            let tell = |event| events.tell(Input::Peer { epoch, event });
            tell(result.unwrap_or(PeerEvent::DescriptionFailed));
            tell_remote_tracks(&connection, &receiving, tell);
        });
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(operation) = self.operation.take() {
            operation.abort();
        }
        self.channel.close();
        self.connection.close();
        self.stage.set_stream(Source::Remote { epoch: self.epoch }, None);
    }
}

fn init(description: &Description) -> RtcSessionDescriptionInit {
    let init = RtcSessionDescriptionInit::new(match description.kind {
        DescriptionKind::Offer => RtcSdpType::Offer,
        DescriptionKind::Answer => RtcSdpType::Answer,
    });
    init.set_sdp(&description.sdp);
    init
}

fn kind(device: Device) -> &'static str {
    match device {
        Device::Microphone => "audio",
        Device::Camera => "video",
    }
}

/// Collects what hears a connection.
struct Listeners {
    epoch: u32,
    events: Events,
    all: Vec<EventListener>,
}

impl Listeners {
    /// What to call with an event of this connection's.
    fn teller(&self) -> impl Fn(PeerEvent) + Clone + 'static {
        let (epoch, events) = (self.epoch, self.events.clone());
        move |event| events.tell(Input::Peer { epoch, event })
    }

    fn hear_connection(&mut self, connection: &RtcPeerConnection) {
        let tell = self.teller();
        self.all.push(EventListener::new(connection, "negotiationneeded", move |_| {
            tell(PeerEvent::NegotiationNeeded);
        }));
        let tell = self.teller();
        self.all.push(EventListener::new(connection, "icecandidate", move |event| {
            if let Some(event) = event.dyn_ref::<RtcPeerConnectionIceEvent>() {
                let candidate = event.candidate().map(|candidate| candidate.to_json());
                tell(PeerEvent::Candidate(
                    candidate.and_then(|c| serde_wasm_bindgen::from_value(c.into()).ok()),
                ));
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
            // Said only while it is; a channel may close before its `open` is heard.
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

    /// Remote tracks are put on the stage as they come.
    fn hear_tracks(&mut self, connection: &RtcPeerConnection, stage: &Stage) {
        let (source, stage) = (Source::Remote { epoch: self.epoch }, stage.clone());
        let Ok(stream) = MediaStream::new() else { return };
        self.all.push(EventListener::new(connection, "track", move |event| {
            let Some(event) = event.dyn_ref::<RtcTrackEvent>() else { return };
            stream.add_track(&event.track());
            stage.set_stream(source, Some(Clone::clone(&stream)));
        }));
    }
}

/// Tells which sorts of media the other side sends, as negotiated, where that has changed.
///
/// Not read from the tracks: after a rollback Chromium (156) leaves a track `muted` for good, though it plays.
fn tell_remote_tracks(connection: &RtcPeerConnection, told: &Cell<[bool; 2]>, tell: impl Fn(PeerEvent)) {
    if connection.signaling_state() != RtcSignalingState::Stable {
        return;
    }
    let transceivers = transceivers(connection);
    let devices = [Device::Microphone, Device::Camera];
    let now = devices.map(|device| {
        transceivers.iter().any(|transceiver| {
            let direction = transceiver.current_direction();
            let receives = matches!(
                direction,
                Some(RtcRtpTransceiverDirection::Sendrecv | RtcRtpTransceiverDirection::Recvonly)
            );
            receives && transceiver.receiver().track().kind() == kind(device)
        })
    });
    let before = told.replace(now);
    for ((device, before), live) in devices.into_iter().zip(before).zip(now) {
        if before != live {
            tell(PeerEvent::RemoteTrack { device, live });
        }
    }
}

fn transceivers(connection: &RtcPeerConnection) -> Vec<RtcRtpTransceiver> {
    connection.get_transceivers().iter().filter_map(|transceiver| transceiver.dyn_into().ok()).collect()
}

/// `RTCSctpTransport.maxMessageSize`; may be infinite.
fn max_message_bytes(connection: &RtcPeerConnection) -> usize {
    let Some(sctp) = connection.unchecked_ref::<Standard>().sctp() else { return DEFAULT_MAX_MESSAGE_BYTES };
    let bytes = sctp.max_message_size();
    if bytes.is_finite() && bytes >= 1.0 { bytes as usize } else { DEFAULT_MAX_MESSAGE_BYTES }
}

fn to_js(value: &(impl Serialize + ?Sized)) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}
