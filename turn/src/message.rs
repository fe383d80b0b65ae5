//! A STUN message that came in, read by the library, and what the server asks of it.

use std::net::SocketAddr;
use std::ops::Range;
use std::str;

use stun_types::attribute::{
    Attribute as _, AttributeStaticType, AttributeType, Fingerprint, MessageIntegrity,
    MessageIntegritySha256, Nonce, RawAttribute, Realm, Username, XorSocketAddr,
};
use stun_types::message::{IntegrityKey, Message, MessageClass, Method, TransactionId};
use turn_types::attribute::{
    ChannelNumber, Data, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport, ReservationToken,
    XorPeerAddress,
};

use crate::stream_frames::{MAGIC_COOKIE, STUN_HEADER};

/// The attributes that a client must not send unless the server understands them, and that it does.
/// DONT-FRAGMENT is not among them: a driver can't set it for one datagram alone.
const UNDERSTOOD: [AttributeType; 14] = [
    Username::TYPE,
    MessageIntegrity::TYPE,
    MessageIntegritySha256::TYPE,
    Realm::TYPE,
    Nonce::TYPE,
    Fingerprint::TYPE,
    ChannelNumber::TYPE,
    Lifetime::TYPE,
    XorPeerAddress::TYPE,
    Data::TYPE,
    RequestedAddressFamily::TYPE,
    EvenPort::TYPE,
    RequestedTransport::TYPE,
    ReservationToken::TYPE,
];
/// How many of those that it doesn't understand an answer names.
const MOST_UNKNOWN: usize = 4;
/// An attribute's type and length.
const ATTRIBUTE_HEADER: usize = 4;

pub(crate) struct Incoming<'a> {
    message: Message<'a>,
    bytes: &'a [u8],
}

impl<'a> Incoming<'a> {
    /// Returns the message that these bytes are, and nothing beside it.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Incoming<'a>> {
        let length = usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]));
        // The library would read attributes beyond the end that the header states.
        if length % 4 != 0 || bytes.len() != STUN_HEADER + length || bytes[4..8] != MAGIC_COOKIE {
            return None;
        }
        Some(Incoming { message: Message::from_bytes(bytes).ok()?, bytes })
    }

    pub(crate) fn class(&self) -> MessageClass {
        self.message.class()
    }

    pub(crate) fn method(&self) -> Method {
        self.message.method()
    }

    pub(crate) fn transaction(&self) -> TransactionId {
        self.message.transaction_id()
    }

    pub(crate) fn has(&self, kind: AttributeType) -> bool {
        self.range(kind).is_some()
    }

    /// Returns where in the message the first attribute of this kind has its value.
    pub(crate) fn range(&self, kind: AttributeType) -> Option<Range<usize>> {
        self.ranges(kind).next()
    }

    pub(crate) fn value(&self, kind: AttributeType) -> Option<&'a [u8]> {
        self.bytes.get(self.range(kind)?)
    }

    pub(crate) fn text(&self, kind: AttributeType) -> Option<&'a str> {
        str::from_utf8(self.value(kind)?).ok()
    }

    /// Returns the value of an attribute whose value begins with a number of four bytes.
    pub(crate) fn number(&self, kind: AttributeType) -> Option<u32> {
        let bytes = self.value(kind)?.first_chunk::<4>()?;
        Some(u32::from_be_bytes(*bytes))
    }

    /// Returns the peers that the message names. One that can't be read is `None`.
    pub(crate) fn peers(&self) -> impl Iterator<Item = Option<SocketAddr>> {
        self.ranges(XorPeerAddress::TYPE).map(|range| {
            let raw = RawAttribute::new(XorPeerAddress::TYPE, self.bytes.get(range)?);
            Some(XorSocketAddr::from_raw(&raw).ok()?.addr(self.transaction()))
        })
    }

    /// Returns which attributes the server would have to understand, and doesn't.
    pub(crate) fn unknown(&self) -> Vec<AttributeType> {
        let kinds = self.message.iter_attributes().map(|(_, raw)| raw.get_type());
        let unknown = kinds.filter(|kind| kind.comprehension_required() && !UNDERSTOOD.contains(kind));
        unknown.take(MOST_UNKNOWN).collect()
    }

    /// Returns whether MESSAGE-INTEGRITY is right, or `None` if there is none.
    pub(crate) fn integrity(&self, key: &IntegrityKey) -> Option<bool> {
        let range = self.range(MessageIntegrity::TYPE)?;
        let Some(stated) = self.bytes[range.clone()].first_chunk::<20>() else { return Some(false) };
        let before = range.start - ATTRIBUTE_HEADER;
        // It is computed as if the message ended with it.
        let length = u16::try_from(range.end - STUN_HEADER).ok()?.to_be_bytes();
        let head = [self.bytes[0], self.bytes[1], length[0], length[1]];
        Some(MessageIntegrity::verify(&[&head, &self.bytes[4..before]], key, stated))
    }

    /// Attributes behind MESSAGE-INTEGRITY, which anybody can add, are passed over.
    fn ranges(&self, kind: AttributeType) -> impl Iterator<Item = Range<usize>> {
        let of_kind = self.message.iter_attributes().filter(move |(_, raw)| raw.get_type() == kind);
        of_kind.map(|(offset, raw)| {
            let start = offset + ATTRIBUTE_HEADER;
            start..start + usize::from(raw.length())
        })
    }
}

#[cfg(test)]
mod tests {
    use stun_types::message::{BINDING, IntegrityAlgorithm, LongTermKeyCredentials, MessageWriteVec};
    use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};

    use super::*;

    fn key(password: &str) -> IntegrityKey {
        let [user, password, realm] = ["user", password, "realm"].map(str::to_owned);
        LongTermKeyCredentials::new(user, password, realm).make_key(IntegrityAlgorithm::Sha1)
    }

    #[test]
    fn integrity_is_what_the_library_writes() {
        let mut message = Message::builder_request(BINDING, MessageWriteVec::new());
        message.add_attribute(&Lifetime::new(7)).unwrap();
        message.add_message_integrity_with_key(&key("good"), IntegrityAlgorithm::Sha1).unwrap();
        let length = message.len();
        message.add_fingerprint().unwrap();
        let mut bytes = message.finish();
        let incoming = Incoming::read(&bytes).unwrap();
        assert_eq!(incoming.integrity(&key("good")), Some(true));
        assert_eq!(incoming.integrity(&key("bad")), Some(false));
        assert_eq!(incoming.number(Lifetime::TYPE), Some(7));
        // What follows is not protected by it, so it isn't looked at.
        bytes.truncate(length);
        bytes.extend([0x00, 0x19, 0x00, 0x04, 17, 0, 0, 0]);
        bytes[3] = (bytes.len() - STUN_HEADER) as u8;
        let incoming = Incoming::read(&bytes).unwrap();
        assert_eq!(incoming.integrity(&key("good")), Some(true));
        assert!(!incoming.has(RequestedTransport::TYPE));
    }

    #[test]
    fn a_message_is_exactly_its_bytes() {
        let bytes = Message::builder_request(BINDING, MessageWriteVec::new()).finish();
        assert!(Incoming::read(&bytes).is_some());
        assert!(Incoming::read(&bytes[..19]).is_none() && Incoming::read(&[]).is_none());
        assert!(Incoming::read(&[&bytes[..], &[0x80, 0x22, 0, 0]].concat()).is_none());
        let mut classic = bytes;
        classic[4] ^= 1;
        assert!(Incoming::read(&classic).is_none());
    }
}
