//! How much of everything the hub allows.

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
    /// How many frames of the hub's own making (errors, `leave` of one who is gone, …) may wait on top, so that
    /// none of these is lost when a queue is full of relayed ones. The `leave` of a call is let in as well. A receiver who lets even this fill is closed.
    pub reserve_frames: usize,
    /// How long a connection may be open without anybody signed in, in milliseconds; anew after a refused login.
    pub sign_in_ms: u64,
    /// After how many refused logins a connection is closed.
    pub refused_logins: u32,
    /// How many users may be signed in.
    pub users: usize,
    /// How many connections there may be. The caller of [`Hub::connect`](super::Hub::connect) obeys it.
    pub connections: usize,
    /// How many calls of one user are remembered. Beyond it the oldest that nobody has answered is forgotten.
    pub pairs: usize,
    /// How many frames a second a connection may send for long.
    pub frames_per_second: u64,
    /// How many frames a connection may send at once after a silence.
    pub burst: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            grace_ms: tincan_shared::RESUME_GRACE_MS,
            queue_frames: 256,
            queue_bytes: 1024 * 1024,
            sender_frames: 64,
            sender_bytes: 256 * 1024,
            reserve_frames: 128,
            sign_in_ms: 30_000,
            refused_logins: 20,
            users: 10_000,
            connections: 20_000,
            pairs: 64,
            frames_per_second: 100,
            burst: 400,
        }
    }
}
