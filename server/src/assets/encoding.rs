//! Which encoding a client takes (RFC 9110, section 12.5.3).

use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, HeaderName};

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// Returns the smallest that is acceptable.
    pub(super) fn of(headers: &HeaderMap) -> Encoding {
        let accepts = |wanted: &str| {
            let mut any = false;
            for coding in listed(headers, &ACCEPT_ENCODING) {
                let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
                let weight = parameters.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
                let acceptable = weight.is_none_or(|weight| weight > 0.0);
                match name.trim() {
                    name if name == wanted => return acceptable,
                    "*" => any = acceptable,
                    _ => {}
                }
            }
            any
        };
        match () {
            () if accepts("br") => Encoding::Brotli,
            () if accepts("gzip") => Encoding::Gzip,
            () => Encoding::Identity,
        }
    }

    /// Returns the `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Brotli => Some("br"),
            Encoding::Gzip => Some("gzip"),
            Encoding::Identity => None,
        }
    }
}

/// The members of a header that is a list.
pub(super) fn listed<'a>(headers: &'a HeaderMap, name: &'a HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_is_wanted() {
        for (value, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("br;q=0.5", Encoding::Brotli),
            ("br; q=0", Encoding::Identity),
            ("*", Encoding::Brotli),
            ("*, br;q=0", Encoding::Gzip),
            ("gzip, deflate", Encoding::Gzip),
            ("gzip;q=0, *;q=0", Encoding::Identity),
            ("", Encoding::Identity),
            ("brotli", Encoding::Identity),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, value.parse().unwrap())]);
            assert_eq!(Encoding::of(&headers), expected, "{value:?}");
        }
        assert_eq!(Encoding::of(&HeaderMap::new()), Encoding::Identity);
    }
}
