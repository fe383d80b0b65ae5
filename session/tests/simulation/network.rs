//! How long things take, and what goes wrong, by the seed.

/// A source of delays and faults.
pub(crate) struct Network {
    pub(crate) rng: fastrand::Rng,
    /// While the network does its worst; afterwards it only delays.
    pub(crate) hostile: bool,
}

impl Network {
    pub(crate) fn new(seed: u64) -> Network {
        Network { rng: fastrand::Rng::with_seed(seed), hostile: true }
    }

    /// One in `n`, while the network is hostile.
    pub(crate) fn strikes(&mut self, n: u32) -> bool {
        self.hostile && self.rng.u32(..n) == 0
    }

    /// A way through the network, in milliseconds: mostly short, at times long. Once all is calm, not so long
    /// that a sign of life would be missed.
    pub(crate) fn latency(&mut self) -> u64 {
        let longest = if self.hostile { 2_000 } else { 600 };
        match self.rng.u32(..20) {
            0 => self.rng.u64(200..longest),
            1..=4 => self.rng.u64(50..300),
            _ => self.rng.u64(1..50),
        }
    }

    /// How long the browser takes for an operation, in milliseconds.
    pub(crate) fn operation(&mut self) -> u64 {
        let longest = if self.hostile { 1_500 } else { 300 };
        if self.rng.u32(..20) == 0 { self.rng.u64(100..longest) } else { self.rng.u64(0..30) }
    }

    /// How long a device, or the user who is asked for it, takes.
    pub(crate) fn capture(&mut self) -> u64 {
        match self.rng.u32(..20) {
            0 => self.rng.u64(5_000..30_000),
            1..=3 => self.rng.u64(500..5_000),
            _ => self.rng.u64(10..200),
        }
    }
}
