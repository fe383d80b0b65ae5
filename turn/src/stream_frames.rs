//! Where one message ends and the next begins in a stream of bytes (RFC 8656, sections 3.6 and 12.5).

/// The longest message of a stream: data of a channel, with its header. A STUN message is no longer than
/// this, either.
pub const LONGEST_FRAME: usize = 4 + 65_536;
/// The cookie by which STUN messages are known.
pub(crate) const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];
pub(crate) const STUN_HEADER: usize = 20;

/// The bytes can't be the beginning of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTurn;

/// Returns how many bytes the message has with which `bytes` begin, with its padding, or `None` if it takes
/// more bytes to tell.
///
/// # Errors
/// If they begin with no message. There is no way to find the next one then.
pub fn frame_length(bytes: &[u8]) -> Result<Option<usize>, NotTurn> {
    let Some(first) = bytes.first() else { return Ok(None) };
    let length = || Some(usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])));
    match first {
        0x00..=0x3F => {
            let cookie = &bytes[bytes.len().min(4)..bytes.len().min(8)];
            if !MAGIC_COOKIE.starts_with(cookie) {
                return Err(NotTurn);
            }
            match length() {
                Some(length) if length % 4 != 0 || STUN_HEADER + length > LONGEST_FRAME => Err(NotTurn),
                length => Ok(length.map(|length| STUN_HEADER + length)),
            }
        }
        0x40..=0x7F => Ok(length().map(|length| 4 + length.next_multiple_of(4))),
        _ => Err(NotTurn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        assert_eq!(frame_length(&[]), Ok(None));
        assert_eq!(frame_length(&[0x40, 0, 0]), Ok(None));
        assert_eq!(frame_length(&[0x40, 0, 0, 0]), Ok(Some(4)));
        assert_eq!(frame_length(&[0x7F, 0xFF, 0, 5]), Ok(Some(12)));
        assert_eq!(frame_length(&[0x40, 0, 0xFF, 0xFF]), Ok(Some(LONGEST_FRAME)));
        assert_eq!(frame_length(&[0, 1, 0, 8]), Ok(Some(28)));
        assert_eq!(frame_length(&[0, 1, 0, 8, 0x21, 0x12, 0xA4]), Ok(Some(28)));
        assert_eq!(frame_length(&[0, 1, 0, 8, 0x21, 0x12, 0xA5]), Err(NotTurn));
        assert_eq!(frame_length(&[0, 1, 0, 7]), Err(NotTurn));
        assert_eq!(frame_length(&[0, 1, 0xFF, 0xFC]), Err(NotTurn), "longer than the longest");
        for first in [0x80, 0xC0, 0xFF] {
            assert_eq!(frame_length(&[first, 0, 0, 0]), Err(NotTurn), "{first}");
        }
    }
}
