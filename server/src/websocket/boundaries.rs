//! Where frames and messages end in a stream of bytes (RFC 6455, section 5.2).

/// Follows a stream of frames. It judges nothing: bytes that are no frame have some length, too, and whoever
/// decodes them refuses them.
#[derive(Debug, Default)]
pub(super) struct Boundaries {
    next: Next,
    /// A data frame that isn't the last of its message has begun, and no last one since.
    in_message: bool,
    /// How many frames the message has so far, without its last.
    fragments: u32,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// FIN and opcode.
    #[default]
    First,
    /// MASK and length.
    Second,
    /// An extended length, of which so many bytes are to come.
    Length {
        to_come: u8,
        length: u64,
        masked: bool,
    },
    /// The masking key.
    Mask {
        to_come: u8,
        length: u64,
    },
    Payload {
        to_come: u64,
    },
}

impl Boundaries {
    /// Follows `bytes` up to the end of the frame that they go on with. Returns how many that are: all, if it
    /// ends in none of them.
    pub(super) fn advance(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while let Some(&byte) = bytes.get(taken) {
            if let Next::Payload { to_come } = self.next {
                let here = to_come.min((bytes.len() - taken) as u64);
                taken += here as usize;
                self.next = payload(to_come - here);
            } else {
                taken += 1;
                self.take_header(byte);
            }
            if self.next == Next::First {
                break;
            }
        }
        taken
    }

    fn take_header(&mut self, byte: u8) {
        self.next = match self.next {
            Next::First => {
                self.note_kind(byte);
                Next::Second
            }
            Next::Second => {
                let masked = byte & 0x80 != 0;
                match byte & 0x7F {
                    126 => Next::Length { to_come: 2, length: 0, masked },
                    127 => Next::Length { to_come: 8, length: 0, masked },
                    length => mask(length.into(), masked),
                }
            }
            Next::Length { to_come, length, masked } => match (to_come - 1, length << 8 | u64::from(byte)) {
                (0, length) => mask(length, masked),
                (to_come, length) => Next::Length { to_come, length, masked },
            },
            Next::Mask { to_come: 1, length } => payload(length),
            Next::Mask { to_come, length } => Next::Mask { to_come: to_come - 1, length },
            Next::Payload { .. } => self.next,
        };
    }

    fn note_kind(&mut self, first: u8) {
        let (is_last, is_control) = (first & 0x80 != 0, first & 0x08 != 0);
        // Control frames may come between the fragments of a message.
        if !is_control {
            self.in_message = !is_last;
            self.fragments = if is_last { 0 } else { self.fragments.saturating_add(1) };
        }
    }

    /// Returns whether the last byte was the last of a message, or of a control frame outside of any.
    pub(super) fn is_between_messages(&self) -> bool {
        self.next == Next::First && !self.in_message
    }

    /// Returns how many frames the message has so far that isn't complete.
    pub(super) fn fragments(&self) -> u32 {
        self.fragments
    }
}

fn mask(length: u64, masked: bool) -> Next {
    if masked { Next::Mask { to_come: 4, length } } else { payload(length) }
}

fn payload(to_come: u64) -> Next {
    if to_come == 0 { Next::First } else { Next::Payload { to_come } }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
    use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

    use super::*;

    /// A frame as tungstenite writes it, and whether it is of a message that goes on.
    fn frame(kind: u8, length: usize, masked: bool) -> (Vec<u8>, Option<bool>) {
        let (opcode, is_last) = match kind {
            0 => (OpCode::Data(Data::Text), true),
            1 => (OpCode::Data(Data::Binary), false),
            2 => (OpCode::Data(Data::Continue), false),
            3 => (OpCode::Data(Data::Continue), true),
            4 => (OpCode::Control(Control::Ping), true),
            _ => (OpCode::Control(Control::Close), true),
        };
        let length = if kind < 4 { length } else { length % 126 };
        let header = FrameHeader {
            opcode,
            is_final: is_last,
            mask: masked.then_some([1, 2, 3, 4]),
            ..FrameHeader::default()
        };
        let frame = Frame::from_payload(header, vec![0xFF; length].into());
        let mut bytes = Vec::new();
        frame.format(&mut bytes).unwrap();
        (bytes, (kind < 4).then_some(!is_last))
    }

    proptest! {
        #[test]
        fn frames_end_where_they_end_however_they_are_cut(
            frames in proptest::collection::vec(
                (0..6_u8, prop_oneof![0..130_usize, 65_530..65_545_usize], any::<bool>()),
                1..8,
            ),
            cuts in proptest::collection::vec(1..5_000_usize, 1..40),
        ) {
            let (mut stream, mut ends) = (Vec::new(), Vec::new());
            let mut goes_on = false;
            for (kind, length, masked) in frames {
                let (bytes, data) = frame(kind, length, masked);
                stream.extend(bytes);
                goes_on = data.unwrap_or(goes_on);
                ends.push((stream.len(), !goes_on));
            }
            let mut boundaries = Boundaries::default();
            let (mut at, mut ended, mut cuts) = (0, Vec::new(), cuts.into_iter().cycle());
            while at < stream.len() {
                let piece = &stream[at..stream.len().min(at + cuts.next().unwrap())];
                let taken = boundaries.advance(piece);
                prop_assert!(taken > 0 && taken <= piece.len());
                at += taken;
                if boundaries.next == Next::First {
                    ended.push((at, boundaries.is_between_messages()));
                } else {
                    prop_assert!(taken == piece.len() && !boundaries.is_between_messages());
                }
            }
            prop_assert_eq!(ended, ends);
        }

        #[test]
        fn any_bytes_are_taken_to_their_end(stream: Vec<u8>, cut in 1..20_usize) {
            let mut boundaries = Boundaries::default();
            let mut at = 0;
            while at < stream.len() {
                let taken = boundaries.advance(&stream[at..stream.len().min(at + cut)]);
                prop_assert!(taken > 0);
                at += taken;
            }
            prop_assert_eq!(at, stream.len());
        }
    }

    #[test]
    fn a_length_beyond_all_memory_is_only_a_length() {
        let mut boundaries = Boundaries::default();
        let mut bytes = vec![0x82, 0xFF];
        bytes.extend([0xFF; 8 + 4 + 100]);
        assert_eq!(boundaries.advance(&bytes), bytes.len());
        assert_eq!(boundaries.next, Next::Payload { to_come: u64::MAX - 100 });
    }

    #[test]
    fn fragments_are_counted_until_the_last() {
        let mut boundaries = Boundaries::default();
        for (kind, fragments) in [(1, 1), (2, 2), (4, 2), (2, 3), (3, 0), (0, 0)] {
            boundaries.advance(&frame(kind, 3, true).0);
            assert_eq!(boundaries.fragments(), fragments);
        }
    }
}
