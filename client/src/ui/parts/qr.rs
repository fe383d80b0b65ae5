//! QR codes (ISO/IEC 18004): a link for the camera of a phone.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use yew::prelude::*;

/// The largest version: 97 modules across, for 858 bytes.
const LARGEST: u8 = 20;

/// The width of the light margin that must stand around the code, in modules.
const MARGIN: i32 = 4;

/// Draws `text`, if it is short enough. `label` is the picture's accessible name.
pub(crate) fn qr_code(text: &str, label: &'static str) -> Html {
    let Some(code) = encode(text) else { return Html::default() };
    let size = (code.size() + 2 * MARGIN).to_string();
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path += &["M", &(x + MARGIN).to_string(), " ", &(y + MARGIN).to_string(), "h1v1h-1z"].concat();
        }
    }
    html! {
        <svg class="qr-code" role="img" aria-label={label} viewBox={["0 0 ", &size, " ", &size].concat()}
            shape-rendering="crispEdges">
            <path d={path} />
        </svg>
    }
}

/// Encodes `text` as bytes, with error correction level L.
///
/// The mask is always the same: the standard lets a reader undo any of them. `QrCode::encode_text` searches
/// for the best one and knows segments of digits and capitals, which a link has no use for. It costs 5.8 kB
/// more in brotli.
fn encode(text: &str) -> Option<QrCode> {
    let bytes = [QrSegment::make_bytes(text.as_bytes())];
    let (smallest, largest, mask) = (Version::MIN, Version::new(LARGEST), Some(Mask::new(0)));
    QrCode::encode_segments_advanced(&bytes, QrCodeEcc::Low, smallest, largest, mask, false).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_code() {
        let rows = [
            "#######..#.##.#######",
            "#.....#..###..#.....#",
            "#.###.#.##.##.#.###.#",
            "#.###.#..#.#..#.###.#",
            "#.###.#...#.#.#.###.#",
            "#.....#.....#.#.....#",
            "#######.#.#.#.#######",
            "........##.##........",
            "###.########.##...#..",
            "#.##....#.....#...##.",
            ".#.####..##.#...#...#",
            ".#.##...##....#...#..",
            "..##.##.#...#.#.#.#.#",
            "........#..#.#.#.#.#.",
            "#######.#.##.###.####",
            "#.....#.######.###...",
            "#.###.#.##.#.###.##.#",
            "#.###.#..##...#...##.",
            "#.###.#.##..#...#...#",
            "#.....#.#.....#...##.",
            "#######.###.#.#.#.###",
        ];
        let code = encode("A").expect("it is short");
        let dark: Vec<char> = modules(&code).map(|dark| if dark { '#' } else { '.' }).collect();
        let drawn: Vec<String> = dark.chunks(code.size() as usize).map(|row| row.iter().collect()).collect();
        assert_eq!(drawn, rows);
    }

    /// Codes that a reader (jsQR 1.4) has read: with one block and several, of equal length and not, with and
    /// without their version, with one alignment pattern and more. Each is compared by its sum (FNV-1a over
    /// the modules).
    #[test]
    fn codes_that_were_read() {
        let repeated = |text: &str, times| format!("https://{}", text.repeat(times));
        for (text, size, sum) in [
            ("http://localhost:9090/r/0123a-bcdef-ghjkm-npqrs".to_owned(), 29, 0x537a_01f2_18ae_0355_u64),
            (repeated("x", 100), 41, 0x5fe6_1f6d_bf78_5409),
            (repeated("yz", 100), 53, 0x53af_4c8b_0395_ea05),
            (repeated("yz1", 120), 69, 0xfdd5_7912_0b17_53b9),
            (format!("http://localhost:9090/r/{}", "%E5%91%A8".repeat(64)), 85, 0x137d_eaed_2725_011f),
        ] {
            let code = encode(&text).expect("it is short enough");
            let add = |sum: u64, dark: bool| (sum ^ u64::from(dark)).wrapping_mul(0x100_0000_01b3);
            let drawn = modules(&code).fold(0xcbf2_9ce4_8422_2325, add);
            assert_eq!((code.size(), drawn), (size, sum), "{text}");
        }
    }

    #[test]
    fn what_is_too_long_has_no_code() {
        assert!(encode(&"x".repeat(858)).is_some());
        assert!(encode(&"x".repeat(859)).is_none());
    }

    /// Every row, from the margin on.
    fn modules(code: &QrCode) -> impl Iterator<Item = bool> {
        let size = code.size();
        (0..size * size).map(move |at| code.get_module(at % size, at / size))
    }
}
