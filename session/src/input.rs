//! What reaches the machine.

use tincan_shared::{Description, IceCandidate};

use crate::view::CallKind;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The user wants something.
    Intent(Intent),
    /// The signaling connection opened as number `generation` has news.
    Link {
        /// Which one: see [`crate::LinkEffect::Open`].
        generation: u32,
        /// What happened to it.
        event: LinkEvent,
    },
    /// The peer connection created under `epoch` has news.
    Peer {
        /// Which one: see [`crate::Effect::Peer`].
        epoch: u32,
        /// What happened to it.
        event: PeerEvent,
    },
    /// What became of [`crate::Effect::Capture`].
    Captured(Captured),
    /// A local track ended by itself: unplugged, or its permission was taken back.
    TrackEnded(TrackId),
    /// Time has passed: at the latest at [`crate::Session::next_timeout`].
    Tick,
}

/// What a user can want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Take this name.
    SignIn {
        /// As typed.
        name: String,
    },
    /// Give the name back.
    SignOut,
    /// Ring somebody.
    Call {
        /// Whom, as typed.
        name: String,
        /// How.
        kind: CallKind,
    },
    /// Stop ringing.
    Cancel,
    /// Take the call.
    Accept {
        /// Whether the camera may be used, where the call is a video call.
        camera: bool,
    },
    /// Refuse the call.
    Decline,
    /// End the call.
    HangUp,
    /// Send a line of text.
    Send {
        /// The text.
        text: String,
    },
    /// Unmute or mute; asks for the microphone if it isn't in use yet.
    SetMicrophone(bool),
    /// Turn the camera on or off. Off means released: its light goes out.
    SetCamera(bool),
    /// The note about the last call was read.
    DismissNotice,
    /// The page is going away: say goodbye while it is still possible.
    Leave,
}

/// What happens to a signaling connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// It is open.
    Opened,
    /// A text frame came.
    Frame(String),
    /// It is closed, or never opened.
    Closed,
}

/// What happens to a peer connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerEvent {
    /// It could not be created, or not be used at all.
    Broken,
    /// `negotiationneeded` (W3C WebRTC, section 4.7.3).
    NegotiationNeeded,
    /// [`crate::PeerEffect::CreateOffer`], [`crate::PeerEffect::SetLocal`] or [`crate::PeerEffect::CreateAnswer`] is
    /// done.
    LocalDescription(Description),
    /// [`crate::PeerEffect::SetRemote`] is done.
    RemoteDescriptionSet,
    /// One of those failed; nothing changed.
    DescriptionFailed,
    /// A local candidate, `None` after the last.
    Candidate(Option<IceCandidate>),
    /// `connectionState` changed.
    Connection(ConnectionState),
    /// The data channel is open.
    ChannelOpen {
        /// The longest message it takes, in bytes.
        max_message_bytes: usize,
    },
    /// The data channel closed.
    ChannelClosed,
    /// A text message came over the data channel.
    ChannelMessage(String),
    /// Remote media began or ceased to arrive.
    RemoteTrack {
        /// What sort.
        device: Device,
        /// Whether it is arriving.
        live: bool,
    },
}

/// `RTCPeerConnectionState` (W3C WebRTC, section 4.3.3), less `new`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// On the way.
    Connecting,
    /// Media and data flow.
    Connected,
    /// Interrupted; may come back by itself.
    Disconnected,
    /// Will not come back without an ICE restart.
    Failed,
    /// Closed.
    Closed,
}

/// What a track comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Device {
    /// Sound.
    Microphone,
    /// Picture.
    Camera,
}

/// A set of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Devices {
    /// Whether the microphone is in it.
    pub microphone: bool,
    /// Whether the camera is in it.
    pub camera: bool,
}

/// Names one local track: the device, and the capture that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId {
    /// What it comes from.
    pub device: Device,
    /// See [`crate::Effect::Capture`].
    pub capture: u32,
}

/// What became of a capture. A device that was not asked for is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// Which capture.
    pub capture: u32,
    /// The microphone.
    pub microphone: Option<Result<(), DeviceError>>,
    /// The camera.
    pub camera: Option<Result<(), DeviceError>>,
}

/// Why a device can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// The user, or a rule of the browser's or system's, said no.
    Denied,
    /// There is none.
    NotFound,
    /// Another program has it.
    InUse,
    /// It was there and is gone.
    Lost,
    /// Something else.
    Other,
}
