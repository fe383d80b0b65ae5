//! Sizes and times, short enough to be read at a glance.

use crate::ui::catalogue::Catalogue;

const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];

/// Writes a number of bytes in powers of a thousand, as the SI and most systems do: `999 B`, `1.2 MB`, `340
/// GB`.
pub(crate) fn bytes(count: u64) -> String {
    let (mut unit, mut size) = (0, 1_u128);
    let count = u128::from(count);
    // What would be rounded to a thousand of one unit is one of the next.
    while count * 2 >= size * 1_999 && unit + 1 < UNITS.len() {
        unit += 1;
        size *= 1_000;
    }
    let tenths = (count * 10 + size / 2) / size;
    let number = if tenths >= 1_000 || tenths.is_multiple_of(10) {
        ((count + size / 2) / size).to_string()
    } else {
        [(tenths / 10).to_string(), ".".to_owned(), (tenths % 10).to_string()].concat()
    };
    [&number, " ", UNITS[unit]].concat()
}

/// Writes a number of seconds as one would say it.
pub(super) fn time_left(seconds: u64, texts: &Catalogue) -> String {
    match seconds {
        0..60 => texts.seconds_left(&seconds.max(1).to_string()).into_string(),
        60..3_600 => texts.minutes_left(&seconds.div_ceil(60).to_string()).into_string(),
        _ => texts.hours_left(&seconds.div_ceil(3_600).to_string()).into_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::catalogue::Language;

    #[test]
    fn amounts_are_short() {
        for (count, text) in [
            (0, "0 B"),
            (3, "3 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (1_240, "1.2 kB"),
            (999_499, "999 kB"),
            (999_999, "1 MB"),
            (268_435_456, "268 MB"),
            (2_147_483_648, "2.1 GB"),
            (9_007_199_254_740_991, "9007 TB"),
        ] {
            assert_eq!(bytes(count), text, "{count}");
        }
    }

    #[test]
    fn times_are_rough() {
        let texts = Language::English.catalogue();
        for (seconds, text) in [(0, "1 s left"), (59, "59 s left"), (61, "2 min left"), (7_000, "2 h left")] {
            assert_eq!(time_left(seconds, texts), text);
        }
    }
}
