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
    /// How many frames of the hub's own making (errors, `leave` of one who is gone, …) may wait on top, so that
    /// none of these is lost when a queue is full of relayed ones. A receiver who lets even this fill is closed.
    pub reserve_frames: usize,
    /// How many users may be signed in.
    pub users: usize,
    /// How many connections there may be. The caller of [`Hub::connect`](super::Hub::connect) obeys it.
    pub connections: usize,
    /// With how many others one user is remembered to be in a call. Beyond it the oldest is forgotten.
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
            reserve_frames: 128,
            users: 10_000,
            connections: 20_000,
            pairs: 64,
            frames_per_second: 100,
            burst: 400,
        }
    }
}
