//! How many answers a source gets before it has authenticated, without memory that grows with the sources.
//!
//! Sources share the cells of a table of fixed size. Which cell is whose depends on a secret, so nobody can
//! choose to share one with a given other. Each source has a cell in each of two rows, and is answered while
//! either of them allows it, so that one loud source silences hardly anybody else.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;

const ROWS: usize = 2;
const CELLS: usize = 4096;

pub(crate) struct SourceLimit {
    secret: [u8; 16],
    /// Until when each cell's answers are paid for, in microseconds (the "theoretical arrival time" of the
    /// generic cell rate algorithm).
    paid_until_us: Box<[[u64; CELLS]; ROWS]>,
    answer_us: u64,
    burst_us: u64,
}

impl SourceLimit {
    pub(crate) fn new(secret: [u8; 16], per_second: u32, burst: u32) -> SourceLimit {
        let answer_us = 1_000_000 / u64::from(per_second.max(1));
        let burst_us = answer_us.saturating_mul(u64::from(burst.saturating_sub(1)));
        SourceLimit { secret, paid_until_us: Box::new([[0; CELLS]; ROWS]), answer_us, burst_us }
    }

    /// Counts an answer to `ip`. Returns whether it may be given.
    pub(crate) fn admits(&mut self, now_ms: u64, ip: IpAddr) -> bool {
        let now = now_ms.saturating_mul(1000);
        let hash = self.hash(ip);
        let places = [hash as usize % CELLS, (hash >> 32) as usize % CELLS];
        let (answer, burst) = (self.answer_us, self.burst_us);
        let mut admitted = false;
        for (row, place) in self.paid_until_us.iter_mut().zip(places) {
            let paid_until = row[place].max(now);
            if paid_until - now <= burst {
                row[place] = paid_until.saturating_add(answer);
                admitted = true;
            }
        }
        admitted
    }

    fn hash(&self, ip: IpAddr) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.secret.hash(&mut hasher);
        match ip {
            IpAddr::V4(ip) => ip.octets().hash(&mut hasher),
            // Whoever has one address of such a network has all of them.
            IpAddr::V6(ip) => ip.octets()[..8].hash(&mut hasher),
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(limit: &mut SourceLimit, now_ms: u64, ip: &str, times: usize) -> usize {
        let ip = ip.parse().unwrap();
        (0..times).filter(|_| limit.admits(now_ms, ip)).count()
    }

    #[test]
    fn a_burst_then_the_rate() {
        let mut limit = SourceLimit::new([7; 16], 10, 5);
        assert_eq!(admitted(&mut limit, 1000, "192.0.2.1", 9), 5);
        assert_eq!(admitted(&mut limit, 1099, "192.0.2.1", 9), 0);
        assert_eq!(admitted(&mut limit, 1100, "192.0.2.1", 9), 1);
        assert_eq!(admitted(&mut limit, 1100, "192.0.2.2", 9), 5, "another source");
        assert_eq!(admitted(&mut limit, 1100, "2001:db8::1", 9), 5);
        assert_eq!(admitted(&mut limit, 1100, "2001:db8::2", 9), 0, "of the same network");
    }

    #[test]
    fn a_loud_source_silences_nobody_else() {
        let mut limit = SourceLimit::new([7; 16], 10, 5);
        admitted(&mut limit, 0, "192.0.2.1", 100_000);
        let silenced = (0..4000u32)
            .filter(|number| {
                let [_, _, high, low] = number.to_be_bytes();
                // A fresh table would be needed to tell these from each other, so each asks once.
                !limit.clone_for_test().admits(0, IpAddr::from([198, 51, high, low]))
            })
            .count();
        assert_eq!(silenced, 0);
    }

    impl SourceLimit {
        fn clone_for_test(&self) -> SourceLimit {
            SourceLimit { paid_until_us: self.paid_until_us.clone(), ..*self }
        }
    }
}
