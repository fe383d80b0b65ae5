//! How large a picture is, by the first bytes of its file.
//!
//! A picture of a few bytes may have pixels that no memory holds, and a browser looks at their number only
//! when it draws them. So it is looked at before. Whatever isn't as most encoders write it has no size here:
//! what this and a browser could read differently is not drawn.

/// How many bytes of a file are needed at most: before its size, a JPEG may hold profiles and a thumbnail.
pub const PICTURE_HEAD_BYTES: u32 = 1 << 20;
/// A picture of more is not drawn: each of its pixels takes four bytes once it is decoded. Cameras of today's
/// phones usually give 12 megapixels, at most 50.
const MAX_PIXELS: u64 = 50_000_000;

/// Returns whether a picture that begins with `head` is small enough to be drawn; `None` if it is none of
/// those that are: PNG, GIF, JPEG, WebP.
pub fn is_drawable(head: &[u8]) -> Option<bool> {
    let (width, height) = png(head).or_else(|| gif(head)).or_else(|| jpeg(head)).or_else(|| webp(head))?;
    (width > 0 && height > 0).then(|| u64::from(width) * u64::from(height) <= MAX_PIXELS)
}

type Size = (u32, u32);

/// PNG, third edition, sections 5.2 and 11.2.1: `IHDR` is first.
fn png(head: &[u8]) -> Option<Size> {
    let rest = head.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(*rest.get(at..)?.first_chunk()?));
    Some((number(0)?, number(4)?))
}

/// GIF89a, sections 18, 20 and 24. Browsers make the screen larger if the first picture is.
fn gif(head: &[u8]) -> Option<Size> {
    let mut rest = head.strip_prefix(b"GIF87a").or_else(|| head.strip_prefix(b"GIF89a"))?;
    let [width, height] = [u16_le(rest, 0)?, u16_le(rest, 2)?].map(u32::from);
    let flags = *rest.get(4)?;
    let colours = if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    rest = rest.get(7 + colours..)?;
    while let Some(extension) = rest.strip_prefix(b"\x21") {
        rest = extension.get(1..)?;
        loop {
            let (length, block) = rest.split_first()?;
            rest = block.get(usize::from(*length)..)?;
            if *length == 0 {
                break;
            }
        }
    }
    rest = rest.strip_prefix(b"\x2c")?;
    let edge = |at| Some(u32::from(u16_le(rest, at)?) + u32::from(u16_le(rest, at + 4)?));
    Some((width.max(edge(0)?), height.max(edge(2)?)))
}

/// ITU-T T.81, section B.1 and B.2: the size is in the frame header, SOF.
fn jpeg(head: &[u8]) -> Option<Size> {
    let mut rest = head.strip_prefix(b"\xff\xd8")?;
    loop {
        rest = rest.strip_prefix(b"\xff")?;
        // Any number of these may precede a marker.
        while let Some(filled) = rest.strip_prefix(b"\xff") {
            rest = filled;
        }
        let marker = *rest.first()?;
        let length = usize::from(u16_be(rest, 1)?);
        match marker {
            // Baseline, extended and progressive; with arithmetic coding.
            0xc0..=0xc2 | 0xc9 | 0xca => {
                return Some((u16_be(rest, 6)?.into(), u16_be(rest, 4)?.into()));
            }
            // Tables, applications, comments, the restart interval.
            0xc4 | 0xcc | 0xdb | 0xdd | 0xe0..=0xef | 0xfe if length >= 2 => rest = rest.get(1 + length..)?,
            _ => return None,
        }
    }
}

/// RFC 9649, section 2.5 to 2.7.
fn webp(head: &[u8]) -> Option<Size> {
    let rest = head.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WEBP")?;
    let (chunk, data) = (rest.get(..4)?, rest.get(8..)?);
    match chunk {
        b"VP8 " => {
            // A frame tag and a start code precede it (RFC 6386, section 9.1).
            let data = data.get(3..)?.strip_prefix(b"\x9d\x01\x2a")?;
            Some((u32::from(u16_le(data, 0)? & 0x3fff), u32::from(u16_le(data, 2)? & 0x3fff)))
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(*data.strip_prefix(b"\x2f")?.first_chunk()?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => {
            let [_, _, _, _, w0, w1, w2, h0, h1, h2] = *data.first_chunk()?;
            Some((u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1))
        }
        _ => None,
    }
}

fn u16_le(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let start: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
        [start, &width.to_be_bytes(), &height.to_be_bytes(), b"\x08\x06\0\0\0"].concat()
    }

    /// A GIF with a colour table, a comment, and one picture.
    fn gif_of(screen: u16, left: u16, picture: u16) -> Vec<u8> {
        let [screen, left, picture] = [screen, left, picture].map(u16::to_le_bytes);
        let table = [7; 12];
        let start: &[u8] = b"GIF89a";
        [
            start,
            &screen,
            &screen,
            b"\x81\0\0",
            &table,
            b"\x21\xfe\x02hi\0",
            b"\x2c",
            &left,
            &left,
            &picture,
            &picture,
            b"\0",
        ]
        .concat()
    }

    /// A JPEG with a profile of so many bytes before its size.
    fn jpeg_of(width: u16, height: u16, profile: u16, sof: u8) -> Vec<u8> {
        let start: &[u8] = b"\xff\xd8\xff\xff\xe2";
        [
            start,
            &(profile + 2).to_be_bytes(),
            // Frame headers within it are none.
            &b"\xff\xc0\0\x11\x08\0\x01\0\x01".repeat(8_000)[..profile.into()],
            &[0xff, sof],
            b"\0\x11\x08",
            &height.to_be_bytes(),
            &width.to_be_bytes(),
        ]
        .concat()
    }

    fn webp_of(chunk: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [b"RIFF\xff\0\0\0WEBP", &chunk[..], b"\xff\0\0\0", data].concat()
    }

    #[test]
    fn the_size_is_read_from_the_head() {
        assert_eq!(png(&png_of(30_000, 20_000)), Some((30_000, 20_000)));
        assert_eq!(gif(&gif_of(300, 0, 200)), Some((300, 300)));
        assert_eq!(gif(&gif_of(1, 40_000, 40_000)), Some((80_000, 80_000)), "the first picture is larger");
        for sof in [0xc0, 0xc1, 0xc2, 0xc9, 0xca] {
            assert_eq!(jpeg(&jpeg_of(640, 480, 60_000, sof)), Some((640, 480)));
        }
        assert_eq!(webp(&webp_of(b"VP8 ", b"\0\0\0\x9d\x01\x2a\x80\x42\xe0\x01")), Some((640, 480)));
        let bits: u32 = (480 - 1) << 14 | (640 - 1);
        let lossless = [&b"\x2f"[..], &bits.to_le_bytes()].concat();
        assert_eq!(webp(&webp_of(b"VP8L", &lossless)), Some((640, 480)));
        let extended = b"\x10\0\0\0\xff\xff\xff\x00\x01\x00";
        assert_eq!(webp(&webp_of(b"VP8X", extended)), Some((1 << 24, 257)));
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_not_drawn() {
        for (head, drawn) in [
            (png_of(8_660, 5_773), Some(true)),
            (png_of(30_000, 30_000), Some(false)),
            (png_of(u32::MAX, u32::MAX), Some(false)),
            (png_of(50_000_001, 1), Some(false)),
            (gif_of(60_000, 0, 1), Some(false)),
            (jpeg_of(65_000, 65_000, 9, 0xc0), Some(false)),
            (webp_of(b"VP8X", &[0xff; 10]), Some(false)),
        ] {
            assert_eq!(is_drawable(&head), drawn, "{head:x?}");
        }
    }

    /// Where a browser may find another size than the one that is read here, none is.
    #[test]
    fn what_is_no_such_picture_is_not_drawn() {
        let mut late = png_of(1, 1);
        late.splice(8..8, *b"\0\0\0\0gAMA\0\0\0\0");
        let mut garbage = jpeg_of(1, 1, 9, 0xc0);
        garbage.insert(2, 0);
        for head in [
            b"".to_vec(),
            b"<svg width='1' height='1'/>".to_vec(),
            b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0".to_vec(),
            b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf".to_vec(),
            png_of(0, 5),
            png_of(5, 5)[..23].to_vec(),
            late,
            // Without a height: that follows the first scan.
            jpeg_of(1, 0, 9, 0xc0),
            // Lossless, and a scan before the frame.
            jpeg_of(1, 1, 9, 0xc3),
            jpeg_of(1, 1, 9, 0xda),
            garbage,
            webp_of(b"ALPH", &[0; 20]),
        ] {
            assert_eq!(is_drawable(&head), None, "{head:x?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(kind in 0..5_usize, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let starts: [&[u8]; 5] =
                [b"", b"GIF89a", b"\xff\xd8", b"RIFF\0\0\0\0WEBPVP8X", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"];
            is_drawable(&[starts[kind], &bytes].concat());
        }

        #[test]
        fn a_part_of_a_head_has_the_same_size_or_none(cut in 0..70_000_usize, width in 1..=u16::MAX) {
            let whole = jpeg_of(width, 9, 60_000, 0xc2);
            let part = is_drawable(&whole[..cut.min(whole.len())]);
            prop_assert!(part.is_none() || part == is_drawable(&whole));
        }
    }
}
