//! How much of everything the hub allows.

use std::ops::RangeInclusive;

/// How many members a room may be allowed to have.
pub const ROOM_LIMITS: RangeInclusive<usize> = 2..=50;

/// Everything that grows with what clients do has its bound here.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long a lost connection may stay away before its user counts as gone, in milliseconds.
    pub grace_ms: u64,
    /// How many relayed frames may wait for one receiver: not yet written or, where frames are numbered,
    /// not yet acknowledged.
    pub queue_frames: usize,
    /// The same in bytes.
    pub queue_bytes: usize,
    /// How many of these may be from one sender, so that nobody keeps others from being heard.
    pub sender_frames: usize,
    /// The same in bytes.
    pub sender_bytes: usize,
    /// How many frames of the hub's own making (errors, `leave` of one who is gone, who comes and goes in a
    /// room, …) may wait on top, so that none of these is lost when a queue is full of relayed ones. The
    /// `leave` of a call is let in as well. A receiver who lets even this fill is closed.
    pub reserve_frames: usize,
    /// The same in bytes, for who is in a room takes more than one word.
    pub reserve_bytes: usize,
    /// How long a connection may be open without anybody signed in, in milliseconds; anew after a refused
    /// login.
    pub sign_in_ms: u64,
    /// After how many refused logins a connection is closed.
    pub refused_logins: u32,
    /// How many users may be signed in.
    pub users: usize,
    /// How many connections there may be. The caller of [`Hub::connect`](super::Hub::connect) obeys it.
    pub connections: usize,
    /// How many direct calls of one user are remembered. Beyond it the oldest that nobody has answered is
    /// forgotten. Those with the other members of a room come on top.
    pub pairs: usize,
    /// How many members a room may have.
    pub room_members: usize,
    /// How many frames a second a connection may send for long.
    pub frames_per_second: u64,
    /// How many frames a connection may send at once after a silence.
    pub burst: u64,
}

/// As many direct calls as anybody has.
const PAIRS: usize = 64;
/// Everyone else in the largest room.
const OTHER_MEMBERS: usize = *ROOM_LIMITS.end() - 1;
/// Nobody who reads nothing for a while is closed for what others rightly do meanwhile: each call may end,
/// and each member of the room may come, call anew, change their name and go. As much again for answers to
/// one's own frames.
const RESERVE_FRAMES: usize = 2 * (PAIRS + 4 * OTHER_MEMBERS);

/// What whoever comes into a room says to each member at once, and hears from each: a description and its
/// candidates.
const FRAMES_PER_MEMBER: usize = 24;

impl Limits {
    /// The same limits where rooms have up to so many members, each of whom speaks with all the others.
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
