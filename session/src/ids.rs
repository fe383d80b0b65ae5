//! The numbers that name things. Each kind has a type of its own, so that one can't be taken for another.

/// Names one peer connection. Never used twice in a session, so that an event of an earlier connection can't
/// be taken for one of the present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerConnectionId(pub u32);

/// Names somebody else in a call or room, for as long as they are there. Never used twice in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub u32);

/// Names one call of `getUserMedia` or `getDisplayMedia`. Never used twice in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureId(pub u32);

/// Names a line in one conversation. Later lines have higher numbers; the first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub u64);

/// Names one WebSocket to the server. Never used twice in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u32);
