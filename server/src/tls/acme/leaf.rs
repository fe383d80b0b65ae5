//! Reads of a certificate what decides about its renewal: how long it is good, and by what the CA knows it.
//!
//! The crates that read all of X.509 are a dozen, and this is all that is needed.

use time::{Date, Month, PrimitiveDateTime, Time};

use super::schedule::Validity;

/// A certificate, as far as it decides about its renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) validity: Validity,
    pub(super) serial: Vec<u8>,
    pub(super) authority_key_identifier: Option<Vec<u8>>,
}

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const KEY_IDENTIFIER: u8 = 0x80;
/// 2.5.29.35
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];

impl Leaf {
    /// Reads a certificate in DER (RFC 5280, section 4.1).
    pub(super) fn read(der: &[u8]) -> Option<Leaf> {
        let mut signed = Reader(Reader(der).expect(SEQUENCE)?);
        let mut certificate = Reader(signed.expect(SEQUENCE)?);
        certificate.skip_if(VERSION);
        let serial = certificate.expect(INTEGER)?.to_vec();
        let _algorithm = certificate.expect(SEQUENCE)?;
        let _issuer = certificate.expect(SEQUENCE)?;
        let mut times = Reader(certificate.expect(SEQUENCE)?);
        let validity = Validity { not_before: times.time()?, not_after: times.time()? };
        let mut authority_key_identifier = None;
        while let Some((tag, content)) = certificate.next() {
            if tag == EXTENSIONS {
                authority_key_identifier = find_authority(Reader(content)).map(<[u8]>::to_vec);
            }
        }
        Some(Leaf { validity, serial, authority_key_identifier })
    }
}

fn find_authority(mut extensions: Reader<'_>) -> Option<&[u8]> {
    let mut list = Reader(extensions.expect(SEQUENCE)?);
    loop {
        let mut extension = Reader(list.expect(SEQUENCE)?);
        if extension.expect(OBJECT_IDENTIFIER)? == AUTHORITY_KEY_IDENTIFIER {
            extension.skip_if(BOOLEAN);
            let mut value = Reader(extension.expect(OCTET_STRING)?);
            return Reader(value.expect(SEQUENCE)?).expect(KEY_IDENTIFIER);
        }
    }
}

/// Reads elements of DER, one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let bytes;
            (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            // More than four bytes of length are no certificate.
            length = if bytes.len() > 4 { return None } else { 0 };
            for byte in bytes {
                length = length.checked_mul(256)? | usize::from(*byte);
            }
        }
        let content;
        (content, self.0) = rest.split_at_checked(length)?;
        Some((tag, content))
    }

    fn expect(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.next().and_then(|(tag, content)| (tag == wanted).then_some(content))
    }

    fn skip_if(&mut self, tag: u8) {
        if self.0.first() == Some(&tag) {
            self.next();
        }
    }

    /// Reads seconds since 1970. In certificates times are of UTC, and end in seconds and `Z`.
    fn time(&mut self) -> Option<i64> {
        let (tag, text) = self.next()?;
        let digits = text.strip_suffix(b"Z").filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        let number =
            |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + i32::from(digit - b'0'));
        let (year, rest) = match tag {
            UTC_TIME => {
                let (year, rest) = digits.split_at_checked(2)?;
                let year = number(year);
                (year + if year < 50 { 2000 } else { 1900 }, rest)
            }
            GENERALIZED_TIME => {
                let (year, rest) = digits.split_at_checked(4)?;
                (number(year), rest)
            }
            _ => return None,
        };
        let fields: Vec<u8> =
            rest.chunks(2).map(|two| u8::try_from(number(two)).ok()).collect::<Option<_>>()?;
        let &[month, day, hour, minute, second] = fields.as_slice() else { return None };
        let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
        let time = Time::from_hms(hour, minute, second).ok()?;
        Some(PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp())
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyIdMethod, KeyPair, SerialNumber};
    use time::OffsetDateTime;

    use super::*;

    /// Returns a certificate whose CA's key has the identifier 1, 2, 3, 4.
    fn made(not_after: i64) -> Vec<u8> {
        let mut ca = CertificateParams::new([]).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_identifier_method = KeyIdMethod::PreSpecified(vec![1, 2, 3, 4]);
        let issuer = Issuer::new(ca, KeyPair::generate().unwrap());
        let mut leaf = CertificateParams::new(["call.example".to_owned()]).unwrap();
        leaf.serial_number = Some(SerialNumber::from(vec![0x87, 0x65]));
        leaf.use_authority_key_identifier_extension = true;
        leaf.not_before = OffsetDateTime::from_unix_timestamp(1_764_000_001).unwrap();
        leaf.not_after = OffsetDateTime::from_unix_timestamp(not_after).unwrap();
        leaf.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().der().to_vec()
    }

    #[test]
    fn what_is_in_it() {
        // The second is beyond what two digits of a year can say.
        for not_after in [1_771_776_059, 2_700_000_000] {
            let leaf = Leaf::read(&made(not_after)).unwrap();
            assert_eq!(leaf.validity, Validity { not_before: 1_764_000_001, not_after });
            assert_eq!(leaf.serial, [0, 0x87, 0x65]);
            assert_eq!(leaf.authority_key_identifier.as_deref(), Some(&[1, 2, 3, 4][..]));
        }
    }

    #[test]
    fn what_is_none_is_not_read() {
        let der = made(1_771_776_059);
        for length in 0..der.len() {
            assert_eq!(Leaf::read(&der[..length]), None);
        }
        // Whatever a byte is, it is read or not, and no more.
        for position in 0..der.len() {
            for byte in [0, 0x7f, 0x80, 0x84, 0x85, 0xff] {
                let mut broken = der.clone();
                broken[position] = byte;
                let _ = Leaf::read(&broken);
            }
        }
    }
}
