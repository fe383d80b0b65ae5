//! Tells one user from another.

use std::fmt;

use sha2::{Digest, Sha256};
use tincan_shared::Name;

use crate::name_key::NameKey;

/// Identifies the user whom an address on the wire means. Cheap to clone.
///
/// A guest can't be taken for a user with a name: the two are different variants, and text that reads like a
/// guest's address never becomes the key of a name. This does not rely on a guest's address being longer than
/// any name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum UserKey {
    /// A user who signed in by name. The name is unique on the server and serves as the address.
    Named(NameKey),
    /// A guest of a room. The name is unique only there, so the hub makes an address.
    Guest(GuestId),
}

/// The address of a guest: on the wire `guest-` and 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GuestId([u8; 16]);

const GUEST: &str = "guest-";
const GUEST_DIGITS: usize = 32;

impl UserKey {
    /// Returns the key that this address means, or `None` if nobody could have such an address.
    pub(crate) fn parse(address: &str) -> Option<UserKey> {
        match GuestId::parse(address) {
            Some(id) => Some(UserKey::Guest(id)),
            None => Some(UserKey::Named(NameKey::of(&Name::parse(address).ok()?))),
        }
    }

    pub(crate) fn is_guest(&self) -> bool {
        matches!(self, UserKey::Guest(_))
    }
}

impl GuestId {
    pub(crate) fn from_random(bits: u128) -> GuestId {
        GuestId(bits.to_be_bytes())
    }

    /// Returns the address for a secret of the guest's. The secret can't be told from it.
    pub(crate) fn of_token(token: &str) -> GuestId {
        let digest = Sha256::new().chain_update("tincan guest ").chain_update(token).finalize();
        GuestId(std::array::from_fn(|at| digest[at]))
    }

    fn parse(address: &str) -> Option<GuestId> {
        let digits = address.trim().strip_prefix(GUEST)?;
        let plain = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if digits.len() != GUEST_DIGITS || !plain {
            return None;
        }
        u128::from_str_radix(digits, 16).ok().map(GuestId::from_random)
    }
}

impl fmt::Display for GuestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{GUEST}{:0GUEST_DIGITS$x}", u128::from_be_bytes(self.0))
    }
}

/// Returns `address` as an answer may quote it, or `None` if nobody could have it, because the length of an
/// answer is bounded.
pub(crate) fn quotable(address: &str) -> Option<String> {
    match GuestId::parse(address) {
        Some(id) => Some(id.to_string()),
        None => Name::parse(address).ok().map(|name| name.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guests_address_is_read_as_it_is_written() {
        for bits in [0, 1, u128::MAX] {
            let id = GuestId::from_random(bits);
            let address = id.to_string();
            assert_eq!(address.len(), GUEST.len() + GUEST_DIGITS);
            assert_eq!(UserKey::parse(&address), Some(UserKey::Guest(id)));
            assert_eq!(quotable(&address), Some(address));
        }
    }

    #[test]
    fn what_is_not_quite_a_guests_address_is_a_name_or_nothing() {
        for text in ["guest-1", "Guest", "guest-", "GUEST-00000000000000000000000000"] {
            assert!(matches!(UserKey::parse(text), Some(UserKey::Named(_))), "{text:?}");
        }
        let address = GuestId::from_random(u128::MAX).to_string();
        for text in
            [&address.to_uppercase(), &address[1..], &format!("{address}0"), &address.replace('f', "+")]
        {
            assert_eq!(UserKey::parse(text), None, "{text:?}");
            assert_eq!(quotable(text), None, "{text:?}");
        }
    }
}
