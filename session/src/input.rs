//! What reaches the machine.

use tincan_shared::{Description, IceCandidate};

use crate::device::{CaptureSettings, Captured, Device, Devices, PictureSize, TrackId};
use crate::files::{FileInput, FileIntent, SourceFile};
use crate::ids::{Generation, LineId, PeerConnectionId};
use crate::view::{CallKind, Kept, ServerTrouble};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The user wants something.
    Intent(Intent),
    /// Something happened to the WebSocket that was opened as `generation`.
    Signaling { generation: Generation, event: SignalingEvent },
    /// Something happened to a peer connection.
    Peer { id: PeerConnectionId, event: PeerEvent },
    /// What became of [`crate::Effect::Capture`].
    Captured(Captured),
    /// A local track ended by itself: unplugged, or its permission was taken back.
    TrackEnded(TrackId),
    /// The system has muted a local track, or unmuted it: `mute`, `unmute` (W3C Media Capture and Streams,
    /// section 4.3.1). Follows [`Input::Captured`] where a track is muted from the start.
    TrackMuted { track: TrackId, muted: bool },
    /// The page came into sight.
    PageShown,
    /// The network may be another one, or the page was asleep: what is connected is looked at at once.
    NetworkChanged,
    /// The browser's part of files.
    File(FileInput),
    /// Time has passed: at the latest at [`crate::Session::next_timeout`].
    Tick,
}

/// What a user can want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Sign in by this name, as typed.
    SignIn { name: String },
    /// The next sign-in, or the next room that is gone into, is by who the page before this one was.
    Remember(Kept),
    /// Give the name back.
    SignOut,
    /// Ring somebody by their name, as typed.
    Call { name: String, kind: CallKind },
    /// Ring somebody by text in order to send files, which are offered once they have accepted.
    CallWithFiles { name: String, files: Vec<SourceFile> },
    /// Stop ringing.
    Cancel,
    /// Accept the call that rings. `camera` says whether the camera may be used in a video call.
    Accept { camera: bool },
    /// Decline the call that rings.
    Decline,
    /// End the call.
    HangUp,
    /// Stand before a room, with these devices opened for the preview. The name is as typed, or as the link
    /// has it.
    OpenRoom { room: String, devices: Devices },
    /// Go into that room. A guest is called `name` there; whoever has signed in keeps their own.
    JoinRoom { name: String },
    /// Go out of the room; or, standing before it, go away.
    LeaveRoom,
    /// Send a line of text, perhaps as an answer to another.
    Send { text: String, reply: Option<LineId> },
    /// Have a line of one's own say something else.
    Edit { line: LineId, text: String },
    /// Take a line of one's own back.
    Retract { line: LineId },
    /// Put a reaction under a line, or take it away again.
    React { line: LineId, emoji: String },
    /// Something was typed.
    Typing,
    /// Show what was written to whoever comes into the room from now on, or no longer.
    OfferEarlier(bool),
    /// Offer a file.
    OfferFile { file: SourceFile, to: Recipients },
    /// Something with files that are on their way or were.
    File(FileIntent),
    /// Unmute or mute; opens the microphone if it isn't in use yet.
    SetMicrophone(bool),
    /// Turn the camera on or off. Off means released: its light goes out.
    SetCamera(bool),
    /// Show a screen, a window or a tab to the others, or stop it. The browser asks which.
    SetScreen(bool),
    /// Open microphone and camera in this way from now on. What is open already is replaced without a gap.
    Configure(CaptureSettings),
    /// Have everything go through a relay, so that others don't learn an address; or no longer. Connections
    /// that are there change with the next ICE restart.
    SetRelayOnly(bool),
    /// How large the page now shows what comes from the others. Whoever isn't listed stays as they are: large
    /// at first.
    Show(Vec<Shown>),
    /// The note about the last call, or about a device, was read.
    DismissNotice,
    /// The page is going away: say goodbye while it is still possible. Who is in a call may be back in a
    /// moment, and says that.
    Leave,
}

/// To whom a file is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipients {
    /// Everyone else in the call or room.
    Everyone,
    /// Whoever has this address.
    Address(String),
}

/// How large the page shows what one peer connection brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub peer_connection: PeerConnectionId,
    /// The other side's camera.
    pub camera: PictureSize,
    /// The other side's screen.
    pub screen: PictureSize,
}

/// What happens to the WebSocket to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalingEvent {
    Opened,
    /// A text frame came.
    Frame(String),
    /// It didn't open. With the reason, where somebody has answered. `Closed` follows.
    NotOpened(Option<ServerTrouble>),
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
    /// [`crate::PeerEffect::CreateOffer`], [`crate::PeerEffect::SetLocal`] or
    /// [`crate::PeerEffect::CreateAnswer`] is done.
    LocalDescription(Description),
    /// [`crate::PeerEffect::SetRemote`] is done.
    RemoteDescriptionSet,
    /// One of those failed; nothing changed.
    DescriptionFailed,
    /// A local candidate, `None` after the last.
    Candidate(Option<IceCandidate>),
    /// `icecandidateerror` (W3C WebRTC, section 4.8.1.4): a STUN or TURN server answered with an error. That
    /// one did not answer is not said.
    ServerRefused,
    /// `connectionState` changed.
    Connection(ConnectionState),
    /// The data channel is open, for messages of so many bytes at most.
    ChannelOpen { max_message_bytes: usize },
    /// The data channel closed.
    ChannelClosed,
    /// A text message came over the data channel.
    ChannelMessage(String),
    /// Whether much is lost on the connection, or it takes long.
    Quality { weak: bool },
    /// Remote media of this sort began (`live`) or ceased to arrive.
    RemoteTrack { device: Device, live: bool },
}

/// `RTCPeerConnectionState` (W3C WebRTC, section 4.3.3), less `new`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    Connecting,
    /// Media and data flow.
    Connected,
    /// Interrupted; may come back by itself.
    Disconnected,
    /// Will not come back without an ICE restart.
    Failed,
    Closed,
}
