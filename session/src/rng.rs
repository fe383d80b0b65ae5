//! What a session needs from outside once and for all: randomness, and letters.

/// What a session needs from outside in order to choose: from the browser's cryptographic randomness in a page, from the
/// seed in a simulation.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    /// For ids and jitter.
    pub seed: u64,
    /// For what nobody may guess.
    pub secret: u128,
    /// Unicode's lower case of a text. A page has the browser's; its own tables would make it 5 % larger.
    pub lower_case: fn(&str) -> String,
}

/// Texts that nobody else can guess, each different. Only the server sees them, so what follows one may be plain.
#[derive(Debug)]
pub(crate) struct Secrets {
    secret: u128,
    count: u32,
}

impl Secrets {
    pub(crate) fn new(secret: u128) -> Secrets {
        Secrets { secret, count: 0 }
    }

    /// 40 hexadecimal digits.
    pub(crate) fn next(&mut self) -> String {
        self.count += 1;
        format!("{:032x}{:08x}", self.secret, self.count)
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014). Good for ids that need only be different and for jitter;
/// nothing here is a secret.
#[derive(Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which must not be 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
