//! What the screen shows, and nothing else.

use tincan_shared::{CallId, FileNotice, LoginRefusal, RoomRefusal};

use crate::chat::Conversation;
use crate::device::{Device, DeviceError, Devices};
use crate::files::{OfferError, TransferView};
use crate::ids::{CaptureId, PeerConnectionId};
use crate::time::Time;

/// Everything that the page draws from.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// How the connection to the server is.
    pub server: ServerView,
    /// What is in front of the user.
    pub screen: Screen,
    /// The files on their way, and those that are there, oldest first.
    pub transfers: Vec<TransferView>,
    /// The file of this name could not be offered.
    pub file_refused: Option<(String, OfferError)>,
    /// What the page needs to be who it is, should it be loaded anew; `None` while nobody is signed in.
    pub kept: Option<Kept>,
}

/// What a page that is loaded anew needs in order to be who the one before it was:
/// [`crate::Intent::Remember`]. Nobody else may learn it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Tells the server that the login is the same user's.
    pub token: String,
    /// Tells that to a server that was restarted.
    pub ticket: Option<String>,
    /// The call that one is in.
    pub call: Option<KeptCall>,
    /// The call that one was in last, and that is over: the other side may not have heard so yet.
    pub over: Option<CallId>,
}

/// A call that goes on when the page is loaded anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCall {
    pub id: CallId,
    /// Whom it is with.
    pub peer: String,
    pub kind: CallKind,
    /// This side gives way where both make the connection anew.
    pub gives_way: bool,
    /// The devices that are to be opened again: those that the other side sees and hears.
    pub devices: Devices,
}

/// How the connection to the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerView {
    /// Not wanted: nobody is signed in.
    Idle,
    /// Being made for the first time.
    Connecting,
    Online,
    /// Lost, or not to be had; being tried again. With the reason, where it is known: mostly nothing answers.
    Reconnecting(Option<ServerTrouble>),
}

/// Why a WebSocket didn't open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerTrouble {
    /// The server takes none from pages of this address. Perhaps it says where people find it.
    WrongAddress(Option<String>),
    /// There are too many connections.
    Busy,
    /// The server answers, but something in between passes no WebSockets on.
    NoWebSockets,
    /// Somebody else answers in the server's place.
    NoServer,
    /// It doesn't let one back in, though one is in a call: mostly somebody else has the name now.
    NameTaken,
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
        me: String,
        /// How the last call ended.
        notice: Option<Notice>,
        /// What was written in the last call, if anything was.
        past: Option<PastConversation>,
    },
    /// Calling somebody.
    Calling {
        peer: String,
        kind: CallKind,
        /// How far it is.
        stage: CallingStage,
        local: LocalMediaView,
    },
    /// Somebody calls one who is at home, and still is: what is there stays.
    Incoming {
        me: String,
        /// As at home.
        past: Option<PastConversation>,
        peer: String,
        kind: CallKind,
        /// The files that the call is made for. Accepting it accepts them.
        files: Option<FileNotice>,
    },
    /// Standing before a room.
    Lobby(Lobby),
    /// In a call, or in a room.
    Meeting(Meeting),
}

/// What was written in a call that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct PastConversation {
    pub peer: String,
    pub conversation: Conversation,
}

/// Standing before a room.
#[derive(Clone, Debug, PartialEq)]
pub struct Lobby {
    pub room: String,
    /// The name of who has signed in; who hasn't is asked for one.
    pub me: Option<String>,
    /// The local devices, for the preview.
    pub local: LocalMediaView,
    /// One is on the way in.
    pub joining: bool,
    /// Why one isn't in.
    pub problem: Option<LobbyProblem>,
    /// One was in the room, and has left it.
    pub left: bool,
    /// What was written there, if anything was.
    pub past: Option<PastConversation>,
}

/// Why somebody isn't in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LobbyProblem {
    /// The guest's name was refused.
    Name {
        /// As typed.
        name: String,
        reason: LoginRefusal,
    },
    /// The room is not to be had.
    Room(RoomRefusal),
    /// There is no connection to the server just now.
    Offline,
}

/// A call that was accepted, or a room that one is in.
#[derive(Clone, Debug, PartialEq)]
pub struct Meeting {
    pub kind: MeetingKind,
    /// What one is called there.
    pub me: String,
    pub local: LocalMediaView,
    /// Whoever else is there. In a call exactly one; in a room in the order that they came.
    pub others: Vec<Participant>,
    /// What was written.
    pub conversation: Conversation,
    /// What became of what was sent from the text box.
    pub sent: Sent,
    /// Whoever comes into the room from now on is shown what was written.
    pub offers_earlier: bool,
}

/// What became of the lines that were sent, and the changes to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many have been looked at. When this has grown, the last was taken or refused.
    pub count: u32,
    /// Why the last was not taken. Its text is nowhere but in the text box, which is emptied only for a line
    /// that was taken.
    pub refused: Option<LineRefusal>,
}

/// Why a line can't be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineRefusal {
    /// It is longer than [`crate::MAX_LINE_BYTES`].
    TooLong,
    /// So much waits for the other side already that no more fits.
    QueueFull,
}

/// Whether people are in a call or in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingKind {
    /// In a call.
    Call { kind: CallKind },
    /// In a room.
    Room {
        name: String,
        /// How many fit in.
        limit: usize,
        /// Somebody else in it has the name that was wished for: one is called otherwise.
        renamed: bool,
        /// Who rang meanwhile, and was told that one is busy.
        missed: Option<String>,
        /// The server forgot the room, or it was lost: one is going in again.
        returning: bool,
    },
}

/// Somebody else in a call or room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// What tells them from all others.
    pub address: String,
    /// What they are called.
    pub name: String,
    /// They are a guest of the room: the name is only what they say they are called.
    pub guest: bool,
    /// Whether the server passes on what is said to them. Where it doesn't, a connection that works goes on.
    pub reachable: bool,
    /// Whether their page was closed, or is being loaded anew, and they are waited for.
    pub away: bool,
    /// The peer connection whose media are to be shown. `None` while there is none.
    pub peer_connection: Option<PeerConnectionId>,
    /// How the connection is.
    pub connection: ConnectionView,
    /// Whether it is a weak one.
    pub weak: bool,
    /// Whether they are writing something.
    pub typing: bool,
    /// What comes from them.
    pub remote: RemoteMedia,
}

/// The local devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalMediaView {
    pub microphone: DeviceView,
    pub camera: DeviceView,
    pub screen: DeviceView,
    /// This one was pulled out while it was in use, and another is used in its place.
    pub replaced: Option<Device>,
}

/// What comes from somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RemoteMedia {
    /// Pictures of the camera arrive.
    pub camera: bool,
    /// Sound arrives.
    pub microphone: bool,
    /// They have muted themselves, or their system did.
    pub muted: bool,
    /// Pictures of their screen arrive.
    pub screen: bool,
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
    Connected,
    /// Interrupted since then, and being mended.
    Reconnecting {
        since: Time,
    },
    /// There is no way to each other just now; it is being tried anew.
    Failed(NoPath),
}

/// How a local device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceView {
    /// Not in use.
    Off,
    /// Being opened: the browser may be asking for permission.
    Starting,
    /// In use.
    On { capture: CaptureId },
    /// In use, and sending silence.
    Muted { capture: CaptureId },
    /// In use, but the system gives nothing of it, as during a phone call.
    Interrupted { capture: CaptureId },
    /// Asked for and not to be had.
    Failed(DeviceError),
}

/// What a call is for. Only a beginning: devices can come and go in every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
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
        reason: LoginRefusal,
    },
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub peer: String,
    pub reason: EndReason,
}

/// Why two browsers found no way to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPath {
    /// The browsers could not even begin: one of them made no connection, or they did not agree on it.
    NotBegun,
    /// A browser tells no address at all, not even a relayed one.
    NoCandidates(Side),
    /// There is no direct way, and the server has no relay.
    NoRelay,
    /// Everything is to go through a relay, and the server has none.
    RelayWanted,
    /// The relay refused this side.
    RelayRefused,
    /// The relay did not answer.
    RelayUnreachable(Side),
    /// Both reach a relay, and yet nothing gets through.
    Blocked,
}

/// Whose browser something concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Mine,
    Theirs,
    Both,
}

/// Why a call ended, or never began, as seen from this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// They declined.
    Declined,
    /// I declined.
    DeclinedByMe,
    /// They don't want the files that I called for.
    FilesRefused,
    /// I don't want theirs.
    FilesRefusedByMe,
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
    NoConnection(NoPath),
    /// The connection between the two was lost and could not be mended.
    ConnectionLost,
}
