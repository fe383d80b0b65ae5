//! What the machine wants done.

use tincan_shared::{Description, IceCandidate, IceServer};

use crate::files::FileEffect;
use crate::input::{CaptureSettings, Device, Devices, TrackId};

/// One thing to do. None of them answers by itself: what comes of it is an [`crate::Input`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// To the signaling connection.
    Link(LinkEffect),
    /// To the peer connection `epoch`. An epoch names one peer connection and is never used again, so that
    /// an event of an earlier one can't be taken for one of this.
    Peer {
        /// Which one.
        epoch: u32,
        /// What.
        effect: PeerEffect,
    },
    /// Open devices, and answer with [`crate::Input::Captured`]. Each capture has a number of its own.
    Capture {
        /// The number.
        capture: u32,
        /// Which devices.
        devices: Devices,
        /// How.
        settings: CaptureSettings,
    },
    /// Have the user choose a screen, a window or a tab to show, with its sound where there is one
    /// (`getDisplayMedia`), and answer with [`crate::Input::Captured`].
    CaptureScreen {
        /// The number.
        capture: u32,
    },
    /// Stop a local track and forget it. Its device is released.
    StopTrack(TrackId),
    /// Something about files.
    File(FileEffect),
    /// Let a local track through (`true`), or send silence in its place.
    EnableTrack(TrackId, bool),
}

/// To the signaling connection. At most one is open at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEffect {
    /// Open one; its events carry `generation`.
    Open {
        /// The number.
        generation: u32,
    },
    /// Send a text frame.
    Send(String),
    /// Close it.
    Close {
        /// Whether the user goes too (WebSocket close code 1000). Otherwise the link will be resumed
        /// ([`tincan_shared::CLOSE_TO_RESUME`]).
        goodbye: bool,
    },
}

/// To a peer connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerEffect {
    /// Create it, and its data channel (negotiated out of band, id 0, ordered and reliable).
    Create {
        /// For `RTCConfiguration.iceServers`.
        ice_servers: Vec<IceServer>,
    },
    /// Close it and forget it: no event follows.
    Close,
    /// Make an offer, and set it as the local description; where it is `provisional`, only make it.
    CreateOffer {
        /// See [`PeerEffect::SetLocal`].
        provisional: bool,
    },
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
    /// Have a media section for that device in the first offer, to receive, or `inactive` for later. They are asked for
    /// in the order of [`Device::ALL`], so that both sides know which is which: the first section of sound is the
    /// microphone's and the second the screen's, and so with pictures.
    AddMedia {
        /// Whose.
        device: Device,
        /// Whether it is wanted now.
        receive: bool,
    },
    /// Send this track, or none; either way be ready to receive from the other side's.
    SetTrack {
        /// Whose.
        device: Device,
        /// The track.
        track: Option<TrackId>,
    },
    /// Send a picture only so well (`RTCRtpSender.setParameters`).
    SetSending {
        /// Which picture: the camera's or the screen's.
        device: Device,
        /// How well.
        limits: SendLimits,
    },
    /// Send a text message over the data channel.
    SendText(String),
}

/// How well a picture is sent. See `session/src/sending.rs` for the rule.
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
