//! One `RTCPeerConnection` and its data channel for text.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use serde::Serialize;
use tincan_session::{Device, IceSettings, Input, PeerConnectionId, PeerEvent, SendLimits};
use tincan_shared::{Description, DescriptionKind, IceCandidate};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaStream, MediaStreamTrack, RtcBundlePolicy, RtcConfiguration, RtcDataChannel, RtcDataChannelInit,
    RtcDataChannelState, RtcIceTransportPolicy, RtcPeerConnection, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType, RtcSessionDescriptionInit,
    RtcSignalingState,
};

use super::bindings::{SenderBindings, bindings};
use super::file_effects::FileSlot;
use super::monitor::Monitor;
use super::peer_events::{Listeners, max_message_bytes};
use super::sender_parameters::SenderParameters;
use super::transceivers::{before, is_silenced, kind, receives, transceiver, transceivers};
use crate::browser::js::{self, Events, Task};
use crate::browser::media::{MediaElements, Source};
use crate::browser::page::{guard, release};

/// How long nothing is sent over a data channel that has refused some of it.
const REOPEN_AFTER_MS: u32 = 1_000;

/// A peer connection. Dropping it closes it, and no event comes after.
pub(crate) struct Peer {
    connection: RtcPeerConnection,
    channel: RtcDataChannel,
    id: PeerConnectionId,
    events: Events,
    media: MediaElements,
    monitor: Monitor,
    /// The streams that are sent: one of camera and microphone, one of the screen and its sound. A receiver
    /// keeps sound and picture in step only within one stream.
    outgoing: [MediaStream; 2],
    /// The operation on descriptions that runs.
    operation: RefCell<Option<Task>>,
    /// Waits until more is sent over a channel that has refused some.
    reopening: RefCell<Option<Task>>,
    /// Which of [`Device::ALL`] the session knows to arrive.
    receiving: Rc<Cell<[bool; 4]>>,
    /// Of the camera's and of the screen's picture.
    sender_parameters: Rc<[SenderParameters; 2]>,
    /// Dropped, and so removed, with the connection.
    _listeners: Listeners,
}

/// Returns the `RTCConfiguration` of these settings.
pub(super) fn configuration(ice: &IceSettings) -> Result<RtcConfiguration, JsValue> {
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&to_js(&ice.servers)?);
    configuration.set_ice_transport_policy(if ice.relay_only {
        RtcIceTransportPolicy::Relay
    } else {
        RtcIceTransportPolicy::All
    });
    // Everything goes over one transport, so candidates are gathered for one and not for each section.
    configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
    Ok(configuration)
}

impl Peer {
    pub(crate) fn create(
        id: PeerConnectionId,
        ice: &IceSettings,
        events: Events,
        media: MediaElements,
        monitor: Monitor,
        files: &FileSlot,
    ) -> Result<Peer, JsValue> {
        let configuration = configuration(ice)?;
        let outgoing = [MediaStream::new()?, MediaStream::new()?];
        let connection = RtcPeerConnection::new_with_configuration(&configuration)?;
        // Before anything else that could throw.
        guard(&connection);
        let init = RtcDataChannelInit::new();
        // Both sides create it, so neither waits for the other, and glare can't double it.
        init.set_negotiated(true);
        init.set_id(0);
        let channel = connection.create_data_channel_with_data_channel_dict("tincan", &init);
        let listeners = Listeners::hear(id, &connection, &channel, &events, &media, files);
        monitor.add_peer(id, &connection, &events);
        Ok(Peer {
            connection,
            channel,
            id,
            events,
            media,
            monitor,
            outgoing,
            operation: RefCell::default(),
            reopening: RefCell::default(),
            receiving: Rc::default(),
            sender_parameters: Rc::new([
                SenderParameters::new(Device::Camera),
                SenderParameters::new(Device::Screen),
            ]),
            _listeners: listeners,
        })
    }

    /// Has the next ICE restart use these.
    pub(crate) fn set_ice(&self, ice: &IceSettings) {
        if let Ok(configuration) = configuration(ice) {
            js::call_quietly(&self.connection, "setConfiguration", Array::of1(&configuration));
        }
    }

    /// Returns the connection, for the data channels of files.
    pub(crate) fn connection(&self) -> RtcPeerConnection {
        self.connection.clone()
    }

    /// Creates and sets a local description: an offer or an answer, as the signaling state asks for.
    pub(crate) fn set_local_description(&self) {
        let connection = self.connection.clone();
        self.spawn(async move {
            // The other side may offer what wasn't wanted when the connection was made.
            if connection.signaling_state() == RtcSignalingState::HaveRemoteOffer {
                for (_, transceiver) in transceivers(&connection) {
                    if transceiver.direction() == RtcRtpTransceiverDirection::Inactive {
                        transceiver.set_direction(RtcRtpTransceiverDirection::Recvonly);
                    }
                }
            }
            JsFuture::from(bindings(&connection).set_local_description()?).await?;
            let local = connection.local_description().ok_or("no local description")?;
            let kind = match local.type_() {
                RtcSdpType::Offer => DescriptionKind::Offer,
                RtcSdpType::Answer => DescriptionKind::Answer,
                other => return Err(format!("a {other:?}").into()),
            };
            Ok(PeerEvent::LocalDescription(Description { kind, sdp: local.sdp() }))
        });
    }

    /// Creates an offer without setting it.
    pub(crate) fn create_offer(&self) {
        let connection = self.connection.clone();
        self.spawn(async move {
            let offer: RtcSessionDescriptionInit =
                JsFuture::from(connection.create_offer()).await?.unchecked_into();
            let sdp = offer.get_sdp().ok_or("an offer without SDP")?;
            Ok(PeerEvent::LocalDescription(Description { kind: DescriptionKind::Offer, sdp }))
        });
    }

    /// Sets the offer that was created last.
    pub(crate) fn set_offer(&self, offer: Description) {
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
        let added = candidate.and_then(|c| bindings(&self.connection).add_ice_candidate(&c));
        if let Ok(promise) = added {
            // It fails for a candidate of an offer that was ignored. For any other, the connection state
            // tells.
            spawn_local(async move { drop(JsFuture::from(promise).await) });
        }
    }

    pub(crate) fn restart_ice(&self) {
        bindings(&self.connection).restart_ice();
    }

    /// Sends `track`, or nothing. Either way, media of that kind can be received.
    pub(crate) fn set_track(&self, device: Device, track: Option<&MediaStreamTrack>) {
        let existing = transceiver(&self.connection, device);
        let Some(transceiver) = existing.or_else(|| self.create_transceiver(device, track?)) else { return };
        let sender = transceiver.sender();
        let replaced = sender.replace_track(track);
        let direction = match track {
            Some(_) => RtcRtpTransceiverDirection::Sendrecv,
            None => RtcRtpTransceiverDirection::Recvonly,
        };
        if transceiver.direction() != direction {
            if track.is_some() {
                // Not every browser has it. Without it only lip sync is worse.
                let _ = sender.unchecked_ref::<SenderBindings>().set_streams(self.outgoing(device));
            }
            transceiver.set_direction(direction);
        }
        let (connection, parameters) = (self.connection.clone(), self.sender_parameters.clone());
        spawn_local(async move {
            // The new track may have another height.
            if JsFuture::from(replaced).await.is_ok() {
                parameters.iter().for_each(|each| each.apply(&connection));
            }
        });
    }

    /// Creates the transceiver for `device`, which the other side has not offered. Returns it if its track is
    /// still to be set.
    fn create_transceiver(&self, device: Device, track: &MediaStreamTrack) -> Option<RtcRtpTransceiver> {
        let Some(first) = before(device) else {
            // `addTrack` makes one that can also take up a later offer of the other side (RFC 8829, section
            // 5.10).
            self.connection.add_track_0(track, self.outgoing(device));
            self.sender_parameters.iter().for_each(|each| each.apply(&self.connection));
            return None;
        };
        if transceiver(&self.connection, first).is_none() {
            self.add_media(first, false);
        }
        self.add_media(device, true);
        transceiver(&self.connection, device)
    }

    /// Limits how well the picture of `device` is sent.
    pub(crate) fn set_sending(&self, device: Device, limits: SendLimits) {
        let [camera, screen] = &*self.sender_parameters;
        match device {
            Device::Camera => camera.set(&self.connection, limits),
            Device::Screen => screen.set(&self.connection, limits),
            Device::Microphone | Device::ScreenAudio => {}
        }
    }

    /// Adds a media section for `device` to the first offer.
    pub(crate) fn add_media(&self, device: Device, receive: bool) {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(if receive {
            RtcRtpTransceiverDirection::Recvonly
        } else {
            RtcRtpTransceiverDirection::Inactive
        });
        init.set_streams(&Array::of1(self.outgoing(device)));
        // It fails only on a closed connection.
        let _ = bindings(&self.connection).add_transceiver(kind(device), &init);
    }

    fn outgoing(&self, device: Device) -> &MediaStream {
        let [camera, screen] = &self.outgoing;
        if matches!(device, Device::Screen | Device::ScreenAudio) { screen } else { camera }
    }

    pub(crate) fn send_text(&self, text: &str) {
        if self.channel.send_with_str(text).is_ok() || self.channel.ready_state() != RtcDataChannelState::Open
        {
            // Where it has just closed, the `close` event tells the session, which sends the text again.
            return;
        }
        // It has no room, or another fault. To the session it is closed for a moment, and then open again.
        let (id, events) = (self.id, self.events.clone());
        let (channel, connection) = (self.channel.clone(), self.connection.clone());
        events.tell(Input::Peer { id, event: PeerEvent::ChannelClosed });
        self.reopening.replace(Some(Task::spawn(async move {
            TimeoutFuture::new(REOPEN_AFTER_MS).await;
            if channel.ready_state() == RtcDataChannelState::Open {
                let event = PeerEvent::ChannelOpen { max_message_bytes: max_message_bytes(&connection) };
                events.tell(Input::Peer { id, event });
            }
        })));
    }

    fn spawn(&self, operation: impl Future<Output = Result<PeerEvent, JsValue>> + 'static) {
        // Boxed, so that `run` is compiled only once.
        self.run(Box::pin(operation));
    }

    fn run(&self, operation: Pin<Box<dyn Future<Output = Result<PeerEvent, JsValue>>>>) {
        let (id, events) = (self.id, self.events.clone());
        let (connection, receiving) = (self.connection.clone(), self.receiving.clone());
        let parameters = self.sender_parameters.clone();
        let task = Task::spawn(async move {
            let result = operation.await;
            let tell = |event| events.tell(Input::Peer { id, event });
            let answered =
                matches!(&result, Ok(PeerEvent::LocalDescription(it)) if it.kind == DescriptionKind::Answer);
            tell(result.unwrap_or(PeerEvent::DescriptionFailed));
            tell_remote_tracks(&connection, &receiving, tell);
            if answered && transceivers(&connection).iter().any(|(_, it)| is_silenced(it)) {
                tell(PeerEvent::NegotiationNeeded);
            }
            parameters.iter().for_each(|each| each.apply(&connection));
        });
        // The session runs one operation at a time, so the one before is done.
        self.operation.replace(Some(task));
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.operation.take();
        self.reopening.take();
        self.monitor.remove_peer(self.id);
        self.channel.close();
        self.connection.close();
        release(&self.connection);
        self.media.forget(Source::Remote { id: self.id });
        self.media.forget(Source::RemoteScreen { id: self.id });
    }
}

/// Tells the session which kinds of media the other side sends, as negotiated, where that has changed.
///
/// This is not read from the tracks: after a rollback, Chromium (156) leaves a track `muted` for good, though
/// it plays.
fn tell_remote_tracks(connection: &RtcPeerConnection, told: &Cell<[bool; 4]>, tell: impl Fn(PeerEvent)) {
    if connection.signaling_state() != RtcSignalingState::Stable {
        return;
    }
    let transceivers = transceivers(connection);
    let now = Device::ALL
        .map(|device| transceivers.iter().any(|(whose, found)| *whose == device && receives(found)));
    let before = told.replace(now);
    for ((device, before), live) in Device::ALL.into_iter().zip(before).zip(now) {
        if before != live {
            tell(PeerEvent::RemoteTrack { device, live });
        }
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

fn to_js(value: &(impl Serialize + ?Sized)) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}
