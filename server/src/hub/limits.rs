//! How much of everything the hub allows.

use std::ops::RangeInclusive;

/// The smallest and the largest limit that may be set for the members of a room.
pub const ROOM_LIMITS: RangeInclusive<usize> = 2..=50;

/// The bounds of everything that grows with what clients do.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long a user whose connection was lost may be away before they count as gone, in milliseconds.
    pub grace_ms: u64,
    /// How many relayed frames may wait for one receiver: not yet written or, where frames are numbered, not
    /// yet acknowledged.
    pub queue_frames: usize,
    /// The same in bytes.
    pub queue_bytes: usize,
    /// How many of these frames may come from one sender, so that nobody keeps others from being heard.
    pub sender_frames: usize,
    /// The same in bytes.
    pub sender_bytes: usize,
    /// How many frames that the hub itself makes (errors, `leave` of a user who is gone, members who enter
    /// and leave a room, …) may wait on top, so that none of these is lost when a queue is full of relayed
    /// ones. The `leave` of a call may use the reserve as well. A receiver who lets even the reserve fill is
    /// closed.
    pub reserve_frames: usize,
    /// The same in bytes, because the list of a room's members is longer than a few words.
    pub reserve_bytes: usize,
    /// How long a connection may be open without anybody signed in, in milliseconds. The time starts anew
    /// after a refused login.
    pub sign_in_ms: u64,
    /// After how many refused logins a connection is closed.
    pub refused_logins: u32,
    /// How many users may be signed in.
    pub users: usize,
    /// How many connections there may be. The caller of [`Hub::connect`](super::Hub::connect) enforces it.
    pub connections: usize,
    /// How many direct calls of one user the hub remembers. Beyond that, it forgets the oldest call that
    /// nobody has answered. The calls with the other members of a room come on top.
    pub pairs: usize,
    /// How many members a room may have.
    pub room_members: usize,
    /// How many frames a second a connection may send in the long run.
    pub frames_per_second: u64,
    /// How many frames a connection may send at once after a silence.
    pub burst: u64,
}

/// As many direct calls as anybody needs.
const PAIRS: usize = 64;
/// The other members of the largest room.
const OTHER_MEMBERS: usize = *ROOM_LIMITS.end() - 1;
/// A user who reads nothing for a while must not be closed for what others rightly do meanwhile: each call
/// may end, and each member of the room may enter, call anew, change their name and leave. As much again is
/// for answers to the user's own frames.
const RESERVE_FRAMES: usize = 2 * (PAIRS + 4 * OTHER_MEMBERS);

/// The frames that a newcomer to a room sends to each member at once, and gets from each: a description and
/// its candidates.
const FRAMES_PER_MEMBER: usize = 24;

impl Limits {
    /// Returns the same limits for rooms of up to `room_members` members, each of whom speaks with all the
    /// others.
    #[must_use]
    pub fn with_room_members(self, room_members: usize) -> Limits {
        let frames = room_members.saturating_mul(FRAMES_PER_MEMBER);
        Limits {
            room_members,
            queue_frames: self.queue_frames.max(frames),
            burst: self.burst.max(frames as u64),
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            grace_ms: tincan_shared::RESUME_GRACE_MS,
            queue_frames: 256,
            queue_bytes: 1024 * 1024,
            sender_frames: 64,
            sender_bytes: 256 * 1024,
            reserve_frames: RESERVE_FRAMES,
            reserve_bytes: 512 * 1024,
            sign_in_ms: 30_000,
            refused_logins: 20,
            users: 10_000,
            connections: 20_000,
            pairs: PAIRS,
            room_members: tincan_shared::ROOM_LIMIT,
            frames_per_second: 100,
            burst: 400,
        }
    }
}
