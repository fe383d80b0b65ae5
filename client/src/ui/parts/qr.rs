//! QR codes (ISO/IEC 18004): a link for the camera of a phone.
//!
//! Only what a link needs: bytes, error correction level L, and always the same mask, which the standard lets a reader
//! undo like any other.

use yew::prelude::*;

/// For each version from 1: the codewords of error correction in a block, and the blocks, at level L (table 9).
const BLOCKS: [(usize, usize); 20] = [
    (7, 1),
    (10, 1),
    (15, 1),
    (20, 1),
    (26, 1),
    (18, 2),
    (20, 2),
    (24, 2),
    (30, 2),
    (18, 4),
    (20, 4),
    (24, 4),
    (26, 4),
    (30, 4),
    (22, 6),
    (24, 6),
    (28, 6),
    (30, 6),
    (28, 7),
    (28, 8),
];

/// Level L and mask 0 (every other module, like a chess board), as they are told to the reader.
const FORMAT: u32 = 0b01_000;

/// The light that must stand around the code, in modules.
const QUIET: usize = 4;

/// Draws `text`, if it is short enough. `label` is what the picture is called.
pub(crate) fn qr_code(text: &str, label: &'static str) -> Html {
    let Some(code) = Code::of(text.as_bytes()) else { return Html::default() };
    let size = code.size + 2 * QUIET;
    let number = |number: usize| number.to_string();
    let mut path = String::new();
    for y in 0..code.size {
        for x in (0..code.size).filter(|x| code.dark[y * code.size + x]) {
            path += &["M", &number(x + QUIET), " ", &number(y + QUIET), "h1v1h-1z"].concat();
        }
    }
    html! {
        <svg class="qr-code" role="img" aria-label={label} viewBox={["0 0 ", &number(size), " ", &number(size)].concat()}
            shape-rendering="crispEdges">
            <path d={path} />
        </svg>
    }
}

/// The modules, row by row.
struct Code {
    size: usize,
    dark: Vec<bool>,
    /// Belongs to a pattern rather than to the data.
    fixed: Vec<bool>,
}

impl Code {
    fn of(bytes: &[u8]) -> Option<Code> {
        // Mode and length take two bytes, or three where the length does (from version 10).
        let fits =
            |version: &usize| bytes.len() + if *version < 10 { 2 } else { 3 } <= data_codewords(*version);
        let version = (1..=BLOCKS.len()).find(fits)?;
        let size = 17 + 4 * version;
        let mut code = Code { size, dark: vec![false; size * size], fixed: vec![false; size * size] };
        code.draw_patterns(version);
        code.draw_data(&codewords(bytes, version));
        Some(code)
    }

    fn set(&mut self, x: usize, y: usize, dark: bool) {
        self.dark[y * self.size + x] = dark;
        self.fixed[y * self.size + x] = true;
    }

    fn draw_patterns(&mut self, version: usize) {
        let end = self.size - 1;
        for at in 0..self.size {
            self.set(6, at, at % 2 == 0);
            self.set(at, 6, at % 2 == 0);
        }
        for (x, y) in [(3, 3), (end - 3, 3), (3, end - 3)] {
            self.draw_square(x, y, 4);
        }
        let places = alignment(version, self.size);
        for &x in &places {
            for &y in &places {
                let in_corner = |at| at == 6 || at == end - 6;
                // Three corners hold the large squares.
                if !(in_corner(x) && in_corner(y) && (x == 6 || y == 6)) {
                    self.draw_square(x, y, 2);
                }
            }
        }

        let format = (FORMAT << 10 | remainder(FORMAT, 10, 0x537)) ^ 0x5412;
        let bit = |word: u32, place: usize| word >> place & 1 == 1;
        for place in 0..15 {
            // Once around the first square, and once along the two others.
            let (x, y) = match place {
                0..6 => (8, place),
                6 | 7 => (8, place + 1),
                8 => (7, 8),
                _ => (14 - place, 8),
            };
            self.set(x, y, bit(format, place));
            let (x, y) = if place < 8 { (end - place, 8) } else { (8, end + place - 14) };
            self.set(x, y, bit(format, place));
        }
        self.set(8, end - 7, true);
        if version >= 7 {
            let word = (version as u32) << 12 | remainder(version as u32, 12, 0x1F25);
            for place in 0..18 {
                let (near, far) = (place / 3, end - 10 + place % 3);
                self.set(far, near, bit(word, place));
                self.set(near, far, bit(word, place));
            }
        }
    }

    /// A dark square around a dark middle, and the light around it: `reach` modules each way, as far as there are any.
    fn draw_square(&mut self, x: usize, y: usize, reach: usize) {
        let end = self.size - 1;
        for row in y.saturating_sub(reach)..=(y + reach).min(end) {
            for column in x.saturating_sub(reach)..=(x + reach).min(end) {
                let distance = row.abs_diff(y).max(column.abs_diff(x));
                let dark = if reach == 4 { distance != 2 && distance != 4 } else { distance != 1 };
                self.set(column, row, dark);
            }
        }
    }

    /// In pairs of columns from the right, up and down by turns.
    fn draw_data(&mut self, codewords: &[u8]) {
        let mut bits =
            codewords.iter().flat_map(|word| (0..8).rev().map(move |place| word >> place & 1 == 1));
        let mut upward = true;
        // The column of the timing pattern is left out.
        let pairs = (1..self.size).rev().step_by(2).map(|right| if right <= 6 { right - 1 } else { right });
        for right in pairs {
            for step in 0..self.size {
                let y = if upward { self.size - 1 - step } else { step };
                for x in [right, right - 1] {
                    if !self.fixed[y * self.size + x] {
                        let masked = (x + y) % 2 == 0;
                        self.dark[y * self.size + x] = bits.next().unwrap_or(false) != masked;
                    }
                }
            }
            upward = !upward;
        }
    }
}

/// Where the middles of the alignment patterns are, across and down alike (annex E).
fn alignment(version: usize, size: usize) -> Vec<usize> {
    if version == 1 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
    let mut places: Vec<usize> = (0..count - 1).map(|place| size - 7 - place * step).collect();
    places.push(6);
    places
}

/// The codewords that fit, data and error correction.
fn all_codewords(version: usize) -> usize {
    let count = version / 7 + 2;
    let patterns = if version == 1 { 0 } else { (25 * count - 10) * count - 55 };
    let about_version = if version < 7 { 0 } else { 36 };
    ((16 * version + 128) * version + 64 - patterns - about_version) / 8
}

fn data_codewords(version: usize) -> usize {
    let (correction, blocks) = BLOCKS[version - 1];
    all_codewords(version) - correction * blocks
}

/// The data with their error correction, in the order in which they are drawn.
fn codewords(bytes: &[u8], version: usize) -> Vec<u8> {
    // "Bytes follow", and how many; a last half byte says that this is all. So everything is half a byte late.
    let mut halves = vec![0b0100];
    let length = bytes.len().to_be_bytes();
    let length = if version < 10 { &length[length.len() - 1..] } else { &length[length.len() - 2..] };
    halves.extend(length.iter().chain(bytes).flat_map(|byte| [byte >> 4, byte & 15]));
    halves.push(0);
    let mut data: Vec<u8> = halves.chunks(2).map(|half| half[0] << 4 | half[1]).collect();
    data.extend([0xEC, 0x11].into_iter().cycle().take(data_codewords(version) - data.len()));

    let (correction, count) = BLOCKS[version - 1];
    let generator = generator(correction);
    let all = all_codewords(version);
    let shorter = count - all % count;
    let short = all / count - correction;
    let mut rest = &data[..];
    let blocks: Vec<_> = (0..count)
        .map(|block| {
            let (block, after) = rest.split_at(short + usize::from(block >= shorter));
            rest = after;
            (block, correct(block, &generator))
        })
        .collect();
    let data = (0..=short).flat_map(|at| blocks.iter().filter_map(move |(block, _)| block.get(at)));
    let corrections = (0..correction).flat_map(|at| blocks.iter().map(move |(_, words)| &words[at]));
    data.chain(corrections).copied().collect()
}

/// The coefficients of the Reed-Solomon generator of this degree, less the first, which is 1.
fn generator(degree: usize) -> Vec<u8> {
    let mut coefficients = vec![0; degree];
    coefficients[degree - 1] = 1;
    let mut root = 1;
    for _ in 0..degree {
        for at in 0..degree {
            let next = coefficients.get(at + 1).copied().unwrap_or(0);
            coefficients[at] = multiply(coefficients[at], root) ^ next;
        }
        root = multiply(root, 2);
    }
    coefficients
}

/// The error correction of one block.
fn correct(block: &[u8], generator: &[u8]) -> Vec<u8> {
    let mut words = vec![0; generator.len()];
    for byte in block {
        let factor = byte ^ words[0];
        words.rotate_left(1);
        words[generator.len() - 1] = 0;
        for (word, coefficient) in words.iter_mut().zip(generator) {
            *word ^= multiply(*coefficient, factor);
        }
    }
    words
}

/// The product in the field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1.
fn multiply(a: u8, b: u8) -> u8 {
    (0..8).rev().fold(0, |product: u8, place| {
        let doubled = product << 1 ^ if product >= 0x80 { 0x1D } else { 0 };
        doubled ^ if b >> place & 1 == 1 { a } else { 0 }
    })
}

/// What is left of `word`, moved up by `bits`, after division by `divisor`: the code that guards format and version.
fn remainder(word: u32, bits: u32, divisor: u32) -> u32 {
    (0..bits).fold(word, |rest, _| (rest << 1) ^ (((rest >> (bits - 1)) & 1) * divisor)) & ((1 << bits) - 1)
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
        let code = Code::of(b"A").expect("it is short");
        let drawn: Vec<String> = code
            .dark
            .chunks(code.size)
            .map(|row| row.iter().map(|dark| if *dark { '#' } else { '.' }).collect())
            .collect();
        assert_eq!(drawn, rows);
    }

    /// Codes that a reader (jsQR 1.4) has read: one block and several, of equal length and not, with and without their
    /// version, and one and more alignment patterns. Of each only the sum (FNV-1a over the modules).
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
            let code = Code::of(text.as_bytes()).expect("it is short enough");
            let add = |sum: u64, dark: &bool| (sum ^ u64::from(*dark)).wrapping_mul(0x100_0000_01b3);
            let drawn = code.dark.iter().fold(0xcbf2_9ce4_8422_2325, add);
            assert_eq!((code.size, drawn), (size, sum), "{text}");
        }
    }

    #[test]
    fn what_is_too_long_has_no_code() {
        assert!(Code::of(&[b'x'; 858]).is_some());
        assert!(Code::of(&[b'x'; 859]).is_none());
    }
}
