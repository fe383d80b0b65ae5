//! One received message, with room around it, so that it can be sent on without being copied.

use std::net::SocketAddr;
use std::ops::Range;

use stun_types::attribute::XorSocketAddr;
use stun_types::message::TransactionId;

use crate::stream_frames::MAGIC_COOKIE;

/// What a Data indication puts before the data: the STUN header, the peer's IPv6 address, and the attribute's
/// own header.
const HEADROOM: usize = 20 + 24 + 4;
/// Messages end at a multiple of four bytes.
const TAILROOM: usize = 3;

/// A buffer for one message at a time. The driver receives into [`space`](Self::space), and says how much it
/// was.
#[derive(Debug)]
pub struct PacketBuffer {
    bytes: Box<[u8]>,
    /// Where the message is.
    range: Range<usize>,
}

impl PacketBuffer {
    /// Creates a buffer for messages of up to so many bytes.
    pub fn new(capacity: usize) -> PacketBuffer {
        let bytes = vec![0; HEADROOM + capacity + TAILROOM].into_boxed_slice();
        PacketBuffer { bytes, range: HEADROOM..HEADROOM }
    }

    /// Returns where to receive to.
    pub fn space(&mut self) -> &mut [u8] {
        let end = self.bytes.len() - TAILROOM;
        &mut self.bytes[HEADROOM..end]
    }

    /// The message is the first `length` bytes of [`space`](Self::space).
    pub fn received(&mut self, length: usize) {
        self.range = HEADROOM..(HEADROOM + length).min(self.bytes.len() - TAILROOM);
    }

    /// The message is a copy of as many of these bytes as there is space for.
    pub fn copy_from(&mut self, bytes: &[u8]) {
        let space = self.space();
        let length = bytes.len().min(space.len());
        space[..length].copy_from_slice(&bytes[..length]);
        self.received(length);
    }

    /// Returns the message, as it was received.
    pub(crate) fn message(&self) -> &[u8] {
        &self.bytes[self.range.clone()]
    }

    /// Returns where in the buffer this part of the message is.
    pub(crate) fn part(&self, part: Range<usize>) -> Range<usize> {
        self.range.start + part.start..self.range.start + part.end
    }

    pub(crate) fn slice(&self, range: Range<usize>) -> &[u8] {
        &self.bytes[range]
    }

    /// Makes `data`, a range of the buffer, into ChannelData. Returns where that is.
    pub(crate) fn wrap_in_channel(&mut self, data: Range<usize>, number: u16, pad: bool) -> Range<usize> {
        let start = data.start - 4;
        self.bytes[start..start + 2].copy_from_slice(&number.to_be_bytes());
        self.bytes[start + 2..data.start].copy_from_slice(&length_of(&data).to_be_bytes());
        start..if pad { self.pad(data) } else { data.end }
    }

    /// Makes `data`, a range of the buffer, into a Data indication. Returns where that is.
    pub(crate) fn wrap_in_indication(
        &mut self,
        data: Range<usize>,
        peer: SocketAddr,
        transaction: u64,
    ) -> Range<usize> {
        const DATA_INDICATION: [u8; 2] = [0x00, 0x17];
        const XOR_PEER_ADDRESS: [u8; 2] = [0x00, 0x12];
        const DATA: [u8; 2] = [0x00, 0x13];
        let peer_length: usize = if peer.is_ipv4() { 8 } else { 20 };
        let start = data.start - (20 + 4 + peer_length + 4);
        let end = self.pad(data.clone());
        let mut id = [0; 16];
        id[..4].copy_from_slice(&MAGIC_COOKIE);
        id[8..].copy_from_slice(&transaction.to_be_bytes());
        let (head, rest) = self.bytes[start..data.start].split_at_mut(20);
        head[..2].copy_from_slice(&DATA_INDICATION);
        head[2..4].copy_from_slice(&length_of(&(start + 20..end)).to_be_bytes());
        head[4..].copy_from_slice(&id);
        let (address, data_header) = rest.split_at_mut(4 + peer_length);
        address[..2].copy_from_slice(&XOR_PEER_ADDRESS);
        address[2..4].copy_from_slice(&(peer_length as u16).to_be_bytes());
        XorSocketAddr::new(peer, TransactionId::from(u128::from_be_bytes(id)))
            .addr
            .write_into_unchecked(&mut address[4..]);
        data_header[..2].copy_from_slice(&DATA);
        data_header[2..].copy_from_slice(&length_of(&data).to_be_bytes());
        start..end
    }

    /// Fills up to a multiple of four bytes. Returns the end.
    fn pad(&mut self, data: Range<usize>) -> usize {
        let end = data.start + data.len().next_multiple_of(4);
        self.bytes[data.end..end].fill(0);
        end
    }
}

/// No message is longer than a UDP datagram, or data of a channel.
fn length_of(range: &Range<usize>) -> u16 {
    u16::try_from(range.len()).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use stun_types::message::Message;
    use turn_types::attribute::{Data, XorPeerAddress};
    use turn_types::channel::ChannelData;

    use super::*;

    #[test]
    fn indications_are_read_by_the_library() {
        for peer in ["1.2.3.4:5678", "[2a00::1234]:5678"] {
            let peer = peer.parse().unwrap();
            for length in 0..9 {
                let mut packet = PacketBuffer::new(8);
                packet.space().fill(0xEE);
                packet.received(length);
                let range = packet.wrap_in_indication(packet.range.clone(), peer, 0x0123_4567_89AB_CDEF);
                let message = Message::from_bytes(packet.slice(range)).unwrap();
                assert!(message.has_method(turn_types::message::DATA));
                assert_eq!(
                    message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id()),
                    peer
                );
                assert_eq!(message.attribute::<Data<'_>>().unwrap().data(), &[0xEE; 8][..length]);
            }
        }
    }

    #[test]
    fn channel_data_is_read_by_the_library() {
        for length in 0..9usize {
            for pad in [false, true] {
                let mut packet = PacketBuffer::new(8);
                packet.copy_from(&[0xEE; 8][..length]);
                let range = packet.wrap_in_channel(packet.range.clone(), 0x4001, pad);
                assert_eq!(range.len(), 4 + if pad { length.next_multiple_of(4) } else { length });
                let channel = ChannelData::parse(packet.slice(range)).unwrap();
                assert_eq!((channel.id(), channel.data()), (0x4001, &[0xEE; 8][..length]));
            }
        }
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let mut packet = PacketBuffer::new(4);
        packet.copy_from(&[1, 2, 3, 4, 5]);
        assert_eq!(packet.message(), [1, 2, 3, 4]);
        packet.received(99);
        assert_eq!(packet.message(), [1, 2, 3, 4]);
    }
}
