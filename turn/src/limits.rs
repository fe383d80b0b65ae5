//! What each party may cost the server, in one place: the budgets.
//!
//! - A **source** that hasn't authenticated gets [`unauthenticated_per_second`] answers, and
//!   [`unauthenticated_burst`] at once. Beyond: no answer. Nothing is remembered of it but its place in a
//!   table of fixed size.
//! - A **user** may have [`user_allocations`], relay [`user_bytes_per_second`] (both directions together) and
//!   [`user_burst_bytes`] at once. Beyond: 486; the datagram is dropped, and counted.
//! - An **allocation** lives for [`longest_lifetime_s`] unless it is refreshed, and never longer than the
//!   credential. It may have [`permissions`] and [`channels`]. Beyond: 508.
//! - Of **allocations** there may be [`allocations`]. Beyond: 508.
//!
//! [`unauthenticated_per_second`]: Limits::unauthenticated_per_second
//! [`unauthenticated_burst`]: Limits::unauthenticated_burst
//! [`user_allocations`]: Limits::user_allocations
//! [`user_bytes_per_second`]: Limits::user_bytes_per_second
//! [`user_burst_bytes`]: Limits::user_burst_bytes
//! [`longest_lifetime_s`]: Limits::longest_lifetime_s
//! [`permissions`]: Limits::permissions
//! [`channels`]: Limits::channels
//! [`allocations`]: Limits::allocations

/// Everything that grows with what clients do has its bound here.
#[derive(Clone, Debug)]
pub struct Limits {
    pub allocations: usize,
    /// How many relayed addresses one user may have. A browser makes an allocation for every peer connection,
    /// every network and every transport, so a member of a large room has many.
    pub user_allocations: usize,
    pub user_bytes_per_second: u64,
    pub user_burst_bytes: u64,
    pub permissions: usize,
    pub channels: usize,
    /// How long an allocation lives if its client doesn't say how long it wants.
    pub default_lifetime_s: u32,
    pub longest_lifetime_s: u32,
    pub unauthenticated_per_second: u32,
    pub unauthenticated_burst: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            allocations: 16_384,
            user_allocations: 256,
            user_bytes_per_second: 5_000_000,
            user_burst_bytes: 5_000_000,
            permissions: 64,
            channels: 64,
            default_lifetime_s: 600,
            longest_lifetime_s: 3_600,
            unauthenticated_per_second: 100,
            unauthenticated_burst: 400,
        }
    }
}
