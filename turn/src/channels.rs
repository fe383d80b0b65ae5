//! Channels: short numbers for peers (RFC 8656, section 12).

use std::net::SocketAddr;
use std::ops::RangeInclusive;

/// The numbers that clients may bind. RFC 8656 ends them at 0x4FFF, but clients by RFC 5766 take any of
/// these.
const NUMBERS: RangeInclusive<u16> = 0x4000..=0x7FFF;
/// How long a binding is good, by the RFC.
const LIFETIME_MS: u64 = 600 * 1000;
/// How long afterwards neither its number nor its peer may be bound otherwise, so that nothing late arrives
/// at the wrong place.
const REST_MS: u64 = 300 * 1000;

/// Few, so a list is faster than a map.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    list: Vec<Channel>,
}

#[derive(Debug)]
struct Channel {
    number: u16,
    peer: SocketAddr,
    expires_at_ms: u64,
}

/// Why a channel can't be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CannotBind {
    /// The number is none, or is another peer's, or the peer has another number.
    BadRequest,
    TooMany,
}

impl Channels {
    /// Returns whether the channel can be bound. Forgets those that are long over.
    pub(crate) fn check(
        &mut self,
        number: u16,
        peer: SocketAddr,
        now_ms: u64,
        most: usize,
    ) -> Result<(), CannotBind> {
        if !NUMBERS.contains(&number) {
            return Err(CannotBind::BadRequest);
        }
        self.list.retain(|channel| now_ms < channel.expires_at_ms.saturating_add(REST_MS));
        let mut known = self.list.iter().filter(|channel| channel.number == number || channel.peer == peer);
        match known.next() {
            Some(channel) if channel.number == number && channel.peer == peer => Ok(()),
            Some(_) => Err(CannotBind::BadRequest),
            None if self.list.len() >= most => Err(CannotBind::TooMany),
            None => Ok(()),
        }
    }

    /// Binds a channel that was [checked](Self::check), or makes it last anew.
    pub(crate) fn bind(&mut self, number: u16, peer: SocketAddr, now_ms: u64) {
        let expires_at_ms = now_ms.saturating_add(LIFETIME_MS);
        match self.list.iter_mut().find(|channel| channel.number == number) {
            Some(channel) => channel.expires_at_ms = expires_at_ms,
            None => self.list.push(Channel { number, peer, expires_at_ms }),
        }
    }

    pub(crate) fn peer(&self, number: u16, now_ms: u64) -> Option<SocketAddr> {
        let mut good = self.list.iter().filter(|channel| now_ms < channel.expires_at_ms);
        good.find(|channel| channel.number == number).map(|channel| channel.peer)
    }

    pub(crate) fn number(&self, peer: SocketAddr, now_ms: u64) -> Option<u16> {
        let mut good = self.list.iter().filter(|channel| now_ms < channel.expires_at_ms);
        good.find(|channel| channel.peer == peer).map(|channel| channel.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers() -> [SocketAddr; 2] {
        ["192.0.2.1:7000", "192.0.2.1:7001"].map(|peer| peer.parse().unwrap())
    }

    #[test]
    fn a_number_and_a_peer_belong_to_each_other() {
        let [one, two] = peers();
        let mut channels = Channels::default();
        for number in [0, 0x3FFF, 0x8000, 0xFFFF] {
            assert_eq!(channels.check(number, one, 0, 9), Err(CannotBind::BadRequest));
        }
        assert_eq!(channels.check(0x4000, one, 0, 0), Err(CannotBind::TooMany));
        channels.bind(0x4000, one, 0);
        assert_eq!(channels.check(0x4000, one, 0, 1), Ok(()), "the same again");
        assert_eq!(channels.check(0x4000, two, 0, 9), Err(CannotBind::BadRequest));
        assert_eq!(channels.check(0x7FFF, one, 0, 9), Err(CannotBind::BadRequest));
        assert_eq!(channels.check(0x7FFF, two, 0, 9), Ok(()));
        assert_eq!((channels.peer(0x4000, 0), channels.number(one, 0)), (Some(one), Some(0x4000)));
        assert_eq!((channels.peer(0x7FFF, 0), channels.number(two, 0)), (None, None));
    }

    #[test]
    fn ten_minutes_and_a_rest_of_five() {
        let [one, two] = peers();
        let mut channels = Channels::default();
        channels.bind(0x4000, one, 0);
        assert_eq!(channels.peer(0x4000, 599_999), Some(one));
        assert_eq!((channels.peer(0x4000, 600_000), channels.number(one, 600_000)), (None, None));
        assert_eq!(channels.check(0x4000, two, 899_999, 9), Err(CannotBind::BadRequest));
        assert_eq!(channels.check(0x4000, one, 899_999, 9), Ok(()));
        assert_eq!(channels.check(0x4000, two, 900_000, 9), Ok(()));
    }
}
