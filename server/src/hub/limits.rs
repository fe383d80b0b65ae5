//! What each party may cost the server, in one place: the budgets.
//!
//! - An **address** may have [`address_connections`] WebSockets, opened as often as [`address_handshakes`]
//!   says, [`address_users`] users, [`address_sign_ins`], [`address_refusals`] (names tried in vain), and
//!   [`address_joins`] (rooms gone into). Beyond: the WebSocket is refused with 503, the login and the join
//!   with `too-many`.
//! - A **connection** may send [`frames`], of which a frame takes one, and one more for each 2 KiB. Until
//!   somebody is signed in on it: [`sign_in_ms`], [`refused_logins`], and no frame over [`login_bytes`].
//!   Answers to its own frames have [`reserve_frames`] and [`reserve_bytes`] on top of its queue. Beyond: it
//!   is closed, and the user is gone.
//! - Of **names** there may be [`users`], each with one outbox that is kept for [`grace_ms`]. Beyond: the
//!   login is refused with `server-full`.
//! - A **caller** may call as often as [`rings`] says, and have [`pairs`] calls. Beyond: `busy`.
//! - A **callee** may have [`waiting_calls`] that ring, one of each caller, and [`pairs`] calls in all.
//!   Beyond: the caller is told `busy`, and what rings stays.
//! - A **stranger**, whose call isn't answered, may have [`stranger_frames`] and [`stranger_bytes`] in
//!   another's queue, and all strangers together [`strangers_frames`] and [`strangers_bytes`]. Beyond: the
//!   frame is refused with `queue-full`.
//! - A **partner**, in an answered call or in the same room, may have [`sender_frames`] and
//!   [`sender_bytes`], within [`queue_frames`] and [`queue_bytes`], which is more than strangers can fill.
//!   Beyond: likewise.
//! - A **claim** of a call that the hub has forgotten takes one of [`tincan_shared::MAX_CLAIMS`] places of
//!   its user. Beyond: the oldest is forgotten.
//! - A **room** has [`room_members`], and lets them in as often as [`address_entries`] says for each address,
//!   while somebody is there: whoever comes and goes without end is heard of by all. Beyond: `too-many`. News
//!   of who comes and goes takes [`room_news_frames`] of a member's queue. Beyond: the join is refused with
//!   `full`; the member is told who is there once the queue has room.
//!
//! How much is read of an address and of a connection is in `pace.rs`. To open a connection and to answer a
//! request count there, too (`open_streams.rs`, `app.rs`).
//!
//! Each has its test in `tests/budgets.rs`, and `cargo xtask bench hostile` tries them on the binary.
//!
//! [`address_connections`]: Limits::address_connections
//! [`address_entries`]: Limits::address_entries
//! [`address_handshakes`]: Limits::address_handshakes
//! [`address_joins`]: Limits::address_joins
//! [`address_refusals`]: Limits::address_refusals
//! [`address_users`]: Limits::address_users
//! [`address_sign_ins`]: Limits::address_sign_ins
//! [`frames`]: Limits::frames
//! [`sign_in_ms`]: Limits::sign_in_ms
//! [`refused_logins`]: Limits::refused_logins
//! [`login_bytes`]: Limits::login_bytes
//! [`reserve_frames`]: Limits::reserve_frames
//! [`reserve_bytes`]: Limits::reserve_bytes
//! [`users`]: Limits::users
//! [`grace_ms`]: Limits::grace_ms
//! [`rings`]: Limits::rings
//! [`pairs`]: Limits::pairs
//! [`waiting_calls`]: Limits::waiting_calls
//! [`stranger_frames`]: Limits::stranger_frames
//! [`stranger_bytes`]: Limits::stranger_bytes
//! [`strangers_frames`]: Limits::strangers_frames
//! [`strangers_bytes`]: Limits::strangers_bytes
//! [`sender_frames`]: Limits::sender_frames
//! [`sender_bytes`]: Limits::sender_bytes
//! [`queue_frames`]: Limits::queue_frames
//! [`queue_bytes`]: Limits::queue_bytes
//! [`room_members`]: Limits::room_members
//! [`room_news_frames`]: Limits::room_news_frames

use std::ops::RangeInclusive;

use super::token_bucket::Rate;

/// How many members a room may be allowed to have.
pub const ROOM_LIMITS: RangeInclusive<usize> = 2..=50;

/// Everything that grows with what clients do has its bound here. Times are in milliseconds.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long a lost connection may stay away before its user counts as gone.
    pub grace_ms: u64,
    /// How many relayed frames may wait for one receiver: not yet written or, where frames are numbered, not
    /// yet acknowledged.
    pub queue_frames: usize,
    pub queue_bytes: usize,
    /// How many of these may be from one partner: somebody in an answered call with the receiver, or in the
    /// same room.
    pub sender_frames: usize,
    pub sender_bytes: usize,
    /// How many may be from one stranger: somebody whose call the receiver has not answered.
    pub stranger_frames: usize,
    pub stranger_bytes: usize,
    /// How many may be from all strangers together. Partners have the rest of the queue for themselves.
    pub strangers_frames: usize,
    pub strangers_bytes: usize,
    /// How many frames of the hub's own making (errors, the `leave` of one who is gone, …) may wait on top,
    /// so that none of these is lost when a queue is full of relayed ones. The `leave` of a call is let in as
    /// well. A receiver who lets even this fill is closed.
    pub reserve_frames: usize,
    pub reserve_bytes: usize,
    /// How many frames may wait for a member of a room before news of who comes and goes is no longer queued.
    /// The member is told who is there once the queue has room.
    pub room_news_frames: usize,
    /// How often a member may be told so before that, because somebody whom they don't know yet speaks to
    /// them.
    pub early_room_news: usize,
    /// How long a connection may be open without anybody signed in; anew after a refused login.
    pub sign_in_ms: u64,
    /// After how many refused logins a connection is closed.
    pub refused_logins: u32,
    /// The longest frame before anybody has signed in.
    pub login_bytes: usize,
    /// How many users may be signed in.
    pub users: usize,
    /// How many connections there may be.
    pub connections: usize,
    /// How many of these from one address.
    pub address_connections: usize,
    /// How many users may be signed in from one address.
    pub address_users: usize,
    /// How often somebody may sign in from one address. Resuming doesn't count.
    pub address_sign_ins: Rate,
    /// How often a WebSocket may be opened from one address. After a restart, all pages of an office come at
    /// once, some of them several times.
    pub address_handshakes: Rate,
    /// How many logins from one address may be refused: who is signed in is not to be found out by trying.
    pub address_refusals: Rate,
    /// How often somebody from one address may go into a room: which there are is not to be found out either.
    pub address_joins: Rate,
    /// How often somebody from one address may go into the same room, while somebody is there.
    pub address_entries: Rate,
    /// How many direct calls one user may have. Those with the other members of a room come on top.
    pub pairs: usize,
    /// How many direct calls may wait for one user to answer.
    pub waiting_calls: usize,
    /// How often one user may call.
    pub rings: Rate,
    /// How many members a room may have.
    pub room_members: usize,
    /// How many frames a connection may send.
    pub frames: Rate,
}

/// As many direct calls as anybody needs.
const PAIRS: usize = 64;
/// The other members of the largest room.
const OTHER_MEMBERS: usize = *ROOM_LIMITS.end() - 1;
/// Nobody who reads nothing for a while is closed for what others rightly do meanwhile: each call may end,
/// and each member of the room may call anew and go. As much again for answers to one's own frames, and for
/// what strangers cause, whose calls may all be cancelled.
const RESERVE_FRAMES: usize = 2 * (PAIRS + 4 * OTHER_MEMBERS) + STRANGERS_FRAMES;
const STRANGERS_FRAMES: usize = 96;

/// What whoever comes into a room says to each member at once, and hears from each: a description (which
/// counts as several) and its candidates.
const FRAMES_PER_MEMBER: usize = 32;

impl Limits {
    /// Returns the same limits for rooms of up to `room_members` members, each of whom speaks with all the
    /// others.
    #[must_use]
    pub fn with_room_members(self, room_members: usize) -> Limits {
        let frames = room_members.saturating_mul(FRAMES_PER_MEMBER);
        Limits {
            room_members,
            queue_frames: self.queue_frames.max(frames),
            frames: Rate { burst: self.frames.burst.max(frames as u64), ..self.frames },
            address_entries: Rate {
                burst: self.address_entries.burst.max(3 * room_members as u64),
                ..self.address_entries
            },
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
            stranger_frames: 32,
            stranger_bytes: 128 * 1024,
            strangers_frames: STRANGERS_FRAMES,
            strangers_bytes: 384 * 1024,
            reserve_frames: RESERVE_FRAMES,
            reserve_bytes: 512 * 1024,
            room_news_frames: 64,
            early_room_news: 8,
            sign_in_ms: 30_000,
            refused_logins: 20,
            login_bytes: 4 * 1024,
            users: 10_000,
            connections: 20_000,
            address_connections: 512,
            address_users: 256,
            address_sign_ins: Rate { burst: 256, per_minute: 120 },
            address_handshakes: Rate { burst: 1024, per_minute: 600 },
            address_refusals: Rate { burst: 60, per_minute: 20 },
            address_joins: Rate { burst: 256, per_minute: 120 },
            address_entries: Rate { burst: 3 * tincan_shared::ROOM_LIMIT as u64, per_minute: 30 },
            pairs: PAIRS,
            waiting_calls: 4,
            rings: Rate { burst: 16, per_minute: 30 },
            room_members: tincan_shared::ROOM_LIMIT,
            frames: Rate { burst: 400, per_minute: 6_000 },
        }
    }
}
