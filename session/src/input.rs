//! What reaches the machine.

use serde::{Deserialize, Serialize};
use tincan_shared::{Description, IceCandidate};

use crate::files::{FileInput, FileIntent, SourceFile};
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
    /// Something about files: the browser's part of it.
    File(FileInput),
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
    /// Ring somebody by text in order to send files, which are offered once they have accepted.
    CallWithFiles {
        /// Whom, as typed.
        name: String,
        /// Each with 128 bits that nobody can foresee.
        files: Vec<(SourceFile, u128)>,
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
    /// Stand before a room: its name is known, and the devices can be looked at.
    OpenRoom {
        /// The room's name, as typed or as it stands in the link.
        room: String,
        /// What is to be opened for the preview.
        devices: Devices,
    },
    /// Go into the room that one stands before.
    JoinRoom {
        /// What to be called in it, as typed. Of no consequence for who has signed in.
        name: String,
    },
    /// Go out of the room; or, standing before it, go away.
    LeaveRoom,
    /// Send a line of text.
    Send {
        /// The text.
        text: String,
        /// The line that it answers.
        reply: Option<u64>,
    },
    /// Have a line of one's own say something else.
    Edit {
        /// Its number.
        line: u64,
        /// What it is to say.
        text: String,
    },
    /// Take a line of one's own back.
    Retract {
        /// Its number.
        line: u64,
    },
    /// Put a sign under a line, or take it away again.
    React {
        /// The line's number.
        line: u64,
        /// The sign.
        emoji: String,
    },
    /// Something was typed.
    Typing,
    /// Show what was written to whoever comes into the room from now on, or no longer.
    OfferEarlier(bool),
    /// Something with files.
    File(FileIntent),
    /// Unmute or mute; asks for the microphone if it isn't in use yet.
    SetMicrophone(bool),
    /// Turn the camera on or off. Off means released: its light goes out.
    SetCamera(bool),
    /// Show a screen, a window or a tab to the others, or stop it. The browser asks which.
    SetScreen(bool),
    /// Open microphone and camera in this way from now on. What is open already is replaced without a gap.
    Configure(CaptureSettings),
    /// How large the page now shows what comes from the others. Whoever isn't listed stays as they are: large at first.
    Show(Vec<Shown>),
    /// The note about the last call, or about a device, was read.
    DismissNotice,
    /// The page is going away: say goodbye while it is still possible.
    Leave,
}

/// How microphone and camera are to be opened: for the constraints of `getUserMedia` (W3C Media Capture and
/// Streams, section 4.3). These are wishes: a device that is gone, or can't do it, is opened otherwise.
///
/// What belongs to one device is compared as a whole, so a new setting is never forgotten there. The page keeps them
/// as JSON: what lacks is as in the beginning.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CaptureSettings {
    pub microphone: MicrophoneSettings,
    pub camera: CameraSettings,
}

/// See [`CaptureSettings`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MicrophoneSettings {
    /// The `deviceId`; `None` for the browser's choice.
    pub device_id: Option<String>,
    /// `echoCancellation`
    pub echo_cancellation: bool,
    /// `noiseSuppression`
    pub noise_suppression: bool,
    /// `autoGainControl`
    pub auto_gain_control: bool,
}

impl Default for MicrophoneSettings {
    fn default() -> MicrophoneSettings {
        MicrophoneSettings {
            device_id: None,
            echo_cancellation: true,
            noise_suppression: true,
            auto_gain_control: true,
        }
    }
}

/// See [`CaptureSettings`].
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CameraSettings {
    /// The `deviceId`; `None` for the browser's choice.
    pub device_id: Option<String>,
    /// `backgroundBlur` (W3C Media Capture and Streams Extensions).
    pub background_blur: bool,
}

/// How large the page shows what one peer connection brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The peer connection.
    pub epoch: u32,
    /// The other side's camera.
    pub camera: PictureSize,
    /// The other side's screen.
    pub screen: PictureSize,
}

/// How large a picture is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum PictureSize {
    /// Not at all.
    None,
    /// As one of many: up to about a quarter of a desktop window.
    Small,
    /// As large as there is room.
    #[default]
    Large,
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
    /// Whether the connection is a weak one: much is lost on it, or it takes long.
    Quality {
        /// Whether it is.
        weak: bool,
    },
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
    /// The picture of a screen, a window or a tab.
    Screen,
    /// The sound that belongs to [`Device::Screen`], where there is one.
    ScreenAudio,
}

impl Device {
    /// All, in the order of their media sections in a Tincan offer.
    pub const ALL: [Device; 4] = [Device::Microphone, Device::Camera, Device::Screen, Device::ScreenAudio];

    /// Whether it gives sound; otherwise picture.
    pub fn is_audio(self) -> bool {
        matches!(self, Device::Microphone | Device::ScreenAudio)
    }
}

/// Microphone and camera, or one of them, or none.
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
    /// The screen. [`DeviceError::Denied`] where the user changed their mind.
    pub screen: Option<Result<(), DeviceError>>,
    /// The screen's sound; `None` where the browser, or what is shown, has none.
    pub screen_audio: Option<Result<(), DeviceError>>,
}

impl Captured {
    /// What became of one device.
    pub fn result(&self, device: Device) -> Option<Result<(), DeviceError>> {
        match device {
            Device::Microphone => self.microphone,
            Device::Camera => self.camera,
            Device::Screen => self.screen,
            Device::ScreenAudio => self.screen_audio,
        }
    }
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
