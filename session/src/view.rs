//! What the screen shows, and nothing else.

use tincan_shared::LoginRefusal;

use crate::chat::Conversation;
use crate::input::DeviceError;

/// Everything that the page draws from.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// How the connection to the server is.
    pub server: ServerView,
    /// What is in front of the user.
    pub screen: Screen,
}

/// How the connection to the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerView {
    /// Not wanted: nobody is signed in.
    Idle,
    /// Being made for the first time.
    Connecting,
    /// There.
    Online,
    /// Lost, or not to be had; being tried again.
    Reconnecting,
}

/// The screens.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// Nobody is signed in.
    Start {
        /// A sign-in is on its way.
        signing_in: bool,
        /// Why the last one was refused.
        problem: Option<StartProblem>,
    },
    /// Signed in, and in no call.
    Home {
        /// The user's name.
        me: String,
        /// How the last call ended.
        notice: Option<Notice>,
        /// What was written in the last call, if anything was.
        past: Option<PastConversation>,
    },
    /// Calling somebody.
    Calling {
        /// Whom.
        peer: String,
        /// How.
        kind: CallKind,
        /// How far it is.
        stage: CallingStage,
        /// The local devices.
        microphone: DeviceView,
        /// The local devices.
        camera: DeviceView,
    },
    /// Somebody calls.
    Incoming {
        /// Who.
        peer: String,
        /// How.
        kind: CallKind,
    },
    /// In a call.
    InCall(InCall),
}

/// What was written in a call that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct PastConversation {
    /// The other side's name.
    pub peer: String,
    /// The lines.
    pub conversation: Conversation,
}

/// A call that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct InCall {
    /// The other side's name.
    pub peer: String,
    /// The peer connection, whose remote media are to be shown. `None` while the devices are being opened.
    pub epoch: Option<u32>,
    /// How it was started.
    pub kind: CallKind,
    /// How the connection is.
    pub connection: ConnectionView,
    /// The local microphone.
    pub microphone: DeviceView,
    /// The local camera.
    pub camera: DeviceView,
    /// What comes from the other side.
    pub remote: RemoteMedia,
    /// What was written.
    pub conversation: Conversation,
    /// Whether the last line was too long to be sent.
    pub line_refused: bool,
}

/// What comes from the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RemoteMedia {
    /// Pictures arrive.
    pub camera: bool,
    /// Sound arrives.
    pub microphone: bool,
    /// The other side has muted itself.
    pub muted: bool,
}

/// How far an outgoing call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallingStage {
    /// Devices are being opened.
    Preparing,
    /// The call is on its way.
    Calling,
    /// The server has handed it over.
    Ringing,
}

/// How the connection to the other side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionView {
    /// Being made.
    Connecting,
    /// There.
    Connected,
    /// Interrupted, and being mended.
    Reconnecting,
}

/// How a local device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceView {
    /// Not in use.
    Off,
    /// Being opened: the browser may be asking for permission.
    Starting,
    /// In use.
    On {
        /// The capture whose track it is.
        capture: u32,
    },
    /// In use, and sending silence.
    Muted {
        /// The capture whose track it is.
        capture: u32,
    },
    /// Asked for and not to be had.
    Failed(DeviceError),
}

/// What a call is for. Only a beginning: devices can come and go in every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Text.
    Text,
    /// Text and sound.
    Voice,
    /// Text, sound and picture.
    Video,
}

/// Why nobody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartProblem {
    /// The name was refused.
    Refused {
        /// As typed.
        name: String,
        /// Why.
        reason: LoginRefusal,
    },
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The other side's name.
    pub peer: String,
    /// Why.
    pub reason: EndReason,
}

/// Why a call ended, or never began, as seen from this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// They declined.
    Declined,
    /// I declined.
    DeclinedByMe,
    /// They are in another call.
    Busy,
    /// They did not answer in time.
    NoAnswer,
    /// I did not answer in time.
    Missed,
    /// Nobody of that name is here.
    Unavailable,
    /// That is my own name.
    Yourself,
    /// They gave up before I accepted.
    Cancelled,
    /// I gave up.
    CancelledByMe,
    /// They hung up.
    HungUp,
    /// I hung up.
    HungUpByMe,
    /// They left the server, or lost it.
    PeerLost,
    /// I lost the server.
    ServerLost,
    /// I am not connected to the server just now.
    Offline,
    /// The two browsers found no way to each other.
    NoConnection,
    /// The connection between the two was lost and could not be mended.
    ConnectionLost,
}
