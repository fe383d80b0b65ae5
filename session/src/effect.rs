//! What the machine wants done.

use tincan_shared::{Description, IceCandidate, IceServer};

use crate::device::{CaptureSettings, Device, Devices, TrackId};
use crate::files::FileEffect;
use crate::ids::{CaptureId, Generation, PeerConnectionId};

/// One thing to do. None of them returns anything: what comes of it is an [`crate::Input`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// To the WebSocket.
    Signaling(SignalingEffect),
    /// To a peer connection.
    Peer { id: PeerConnectionId, effect: PeerEffect },
    /// Open devices in this way. [`crate::Input::Captured`] follows.
    Capture { capture: CaptureId, devices: Devices, settings: CaptureSettings },
    /// Have the user choose a screen, a window or a tab to show, with its sound where there is one
    /// (`getDisplayMedia`). [`crate::Input::Captured`] follows.
    CaptureScreen { capture: CaptureId },
    /// Stop a local track and forget it. Its device is released.
    StopTrack(TrackId),
    /// Something about files.
    File(FileEffect),
    /// Let a local track through (`true`), or send silence in its place.
    EnableTrack(TrackId, bool),
}

/// To the WebSocket. At most one is open at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalingEffect {
    /// Open one; its events carry `generation`.
    Open { generation: Generation },
    /// Send a text frame.
    Send(String),
    /// Close it. With `goodbye` the user goes too (WebSocket close code 1000); otherwise the login will be
    /// resumed ([`tincan_shared::CLOSE_TO_RESUME`]).
    Close { goodbye: bool },
}

/// How a peer connection looks for ways, as `RTCConfiguration` has it (W3C WebRTC, section 4.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IceSettings {
    /// `iceServers`. Their credentials expire.
    pub servers: Vec<IceServer>,
    /// `iceTransportPolicy`: whether nothing but a relay is used, so that the other side learns no address.
    pub relay_only: bool,
}

/// To a peer connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerEffect {
    /// Create it, and its data channel (negotiated out of band, id 0, ordered and reliable).
    Create(IceSettings),
    /// From the next ICE restart on, use these.
    SetIce(IceSettings),
    /// Close it and forget it: no event follows.
    Close,
    /// Make an offer, and set it as the local description. A `provisional` one is only made: see
    /// [`PeerEffect::SetLocal`].
    CreateOffer { provisional: bool },
    /// Set the local offer that was made provisionally.
    SetLocal(Description),
    /// Set a local answer.
    CreateAnswer,
    /// Set a remote description.
    SetRemote(Description),
    /// Add a remote candidate, `None` for the end. A failure is of no consequence.
    AddCandidate(Option<IceCandidate>),
    /// Have the next offer restart ICE; `negotiationneeded` follows.
    RestartIce,
    /// Have a media section for that device in the first offer, to `receive`, or `inactive` for later. They
    /// are asked for in the order of [`Device::ALL`], so that both sides know which is which: the first
    /// section of sound is the microphone's and the second the screen's, and so with pictures.
    AddMedia { device: Device, receive: bool },
    /// Send this track, or none; either way be ready to receive from the other side's.
    SetTrack { device: Device, track: Option<TrackId> },
    /// Send the picture of the camera or the screen only so well (`RTCRtpSender.setParameters`).
    SetSending { device: Device, limits: SendLimits },
    /// Send a text message over the data channel.
    SendText(String),
}

/// How well a picture is sent. `session/src/member/send_limits.rs` has the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendLimits {
    /// Whether it is sent at all: `RTCRtpEncodingParameters.active`.
    pub active: bool,
    /// At most so many lines: for `scaleResolutionDownBy`.
    pub max_height: u32,
    /// At most so many bits a second: `maxBitrate`.
    pub max_bitrate: u32,
    /// At most so many pictures a second: `maxFramerate`.
    pub max_framerate: u32,
}
