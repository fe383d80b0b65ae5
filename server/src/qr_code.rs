//! Draws a QR code on a terminal.

use qrcodegen::{QrCode, QrCodeEcc};

/// How many light modules there are around the code (ISO/IEC 18004 asks for four). On a terminal two suffice.
const QUIET: i32 = 2;

/// Returns the code of a text, two modules a character: light ones are drawn, as most terminals are dark. On
/// a light one the colours are the other way round, which cameras read, too. A text that is too long has no
/// code.
pub(crate) fn draw(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Low) else { return String::new() };
    let range = -QUIET..code.size() + QUIET;
    let line = |y: i32| -> String {
        let module = |x: i32| match (code.get_module(x, y), code.get_module(x, y + 1)) {
            (false, false) => '█',
            (false, true) => '▀',
            (true, false) => '▄',
            (true, true) => ' ',
        };
        range.clone().map(module).chain(['\n']).collect()
    };
    range.clone().step_by(2).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_square_and_has_its_finders() {
        let drawn = draw("https://192.168.1.20:9090");
        let lines: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        // Version 2 has 25 modules a side.
        assert_eq!(lines.len(), 15);
        assert!(lines.iter().all(|line| line.len() == 29));
        let finder: String = lines[1][2..9].iter().collect();
        assert_eq!(finder, " ▄▄▄▄▄ ");
        assert_eq!(draw(&"x".repeat(5_000)), "");
    }
}
