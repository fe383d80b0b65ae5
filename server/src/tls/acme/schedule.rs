//! When to ask for a certificate. Times are seconds since 1970, and `jitter` is a random number from 0 to 1,
//! so that not all hosts ask at once.

use std::time::Duration;

/// From when until when a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) not_before: i64,
    pub(super) not_after: i64,
}

/// What kind of failure is waited after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing that a CA would count against us.
    Free,
    /// The CA looked, and the name was not ours. Let's Encrypt allows five of these an hour.
    Counted,
    /// The CA wants to be left alone.
    RateLimited,
}

/// How long one waits after failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// After the first failure that a CA doesn't count. Each further one doubles it.
    pub first: Duration,
    /// After the first that a CA counts.
    pub first_counted: Duration,
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff {
            first: Duration::from_secs(10),
            // The tries of the first hour are at 0, 4, 12 and 28 minutes and at an hour.
            first_counted: Duration::from_secs(4 * 60),
            longest: Duration::from_secs(6 * 60 * 60),
        }
    }
}

impl Backoff {
    /// Returns how long to wait after the last of so many failures in a row. Jitter is up to a fifth of it.
    pub(super) fn after(self, failure: Failure, failures: u32, jitter: f64) -> Duration {
        let doubled = |first: Duration| {
            let doublings = failures.saturating_sub(1).min(31);
            first.checked_mul(1_u32 << doublings).unwrap_or(self.longest).min(self.longest)
        };
        let wait = match failure {
            Failure::Free => doubled(self.first),
            Failure::Counted => doubled(self.first_counted),
            Failure::RateLimited => self.longest,
        };
        wait + wait.mul_f64(jitter.clamp(0.0, 1.0) / 5.0)
    }
}

/// Returns when to renew: at two thirds of the lifetime, or up to a thirtieth of it earlier.
pub(super) fn renew_at(validity: Validity, jitter: f64) -> i64 {
    let lifetime = validity.not_after.saturating_sub(validity.not_before).max(0);
    let two_thirds = validity.not_before.saturating_add(lifetime / 3 * 2 + lifetime % 3 * 2 / 3);
    two_thirds.saturating_sub(part(lifetime / 30, jitter))
}

/// Returns when to renew within the time that the CA suggests (RFC 9773).
pub(super) fn renew_within(start: i64, end: i64, jitter: f64) -> i64 {
    start.saturating_add(part(end.saturating_sub(start).max(0), jitter))
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "seconds matter little here"
)]
fn part(of: i64, jitter: f64) -> i64 {
    (of as f64 * jitter.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    #[test]
    fn renewed_at_two_thirds() {
        let validity = Validity { not_before: 1000, not_after: 1000 + 90 * DAY };
        assert_eq!(renew_at(validity, 0.0), 1000 + 60 * DAY);
        assert_eq!(renew_at(validity, 1.0), 1000 + 57 * DAY);
        assert_eq!(renew_at(Validity { not_before: 0, not_after: 7 }, 0.0), 4);
        // Nonsense is renewed at once, and nothing overflows.
        assert_eq!(renew_at(Validity { not_before: 9, not_after: 2 }, 0.5), 9);
        assert!(renew_at(Validity { not_before: i64::MIN, not_after: i64::MAX }, 1.0) < 0);
    }

    #[test]
    fn renewed_when_the_ca_suggests() {
        assert_eq!(renew_within(100, 200, 0.0), 100);
        assert_eq!(renew_within(100, 200, 0.25), 125);
        assert_eq!(renew_within(100, 200, 7.0), 200);
        assert_eq!(renew_within(200, 100, 1.0), 200);
    }

    #[test]
    fn each_failure_is_waited_for_longer() {
        let backoff = Backoff::default();
        let after = |failure, failures, jitter| backoff.after(failure, failures, jitter).as_secs();
        assert_eq!([1, 2, 3].map(|failures| after(Failure::Free, failures, 0.0)), [10, 20, 40]);
        assert_eq!([1, 2, 3].map(|failures| after(Failure::Counted, failures, 0.0)), [240, 480, 960]);
        assert_eq!(after(Failure::Free, 1, 1.0), 12);
        assert_eq!(after(Failure::RateLimited, 1, 0.0), 6 * 60 * 60);
        for failures in [40, u32::MAX] {
            assert_eq!(after(Failure::Free, failures, 0.0), 6 * 60 * 60);
        }
    }

    #[test]
    fn five_tries_an_hour_are_not_exceeded() {
        let (mut now, mut tries) = (0.0, 1);
        while now < 3600.0 {
            now += Backoff::default().after(Failure::Counted, tries, 0.0).as_secs_f64();
            tries += u32::from(now < 3600.0);
        }
        assert!(tries <= 5, "{tries}");
    }
}
