//! What must hold of whatever reaches the server, for the fuzz targets in `fuzz/`: what they are about is
//! private.

use std::net::IpAddr;

use http::header::{
    CONNECTION, COOKIE, HOST, HeaderName, HeaderValue, ORIGIN, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use http::{HeaderMap, Request};
use ipnet::IpNet;
use tincan_shared::{Name, RoomName};

use crate::base_path::BasePath;
use crate::client_address::{address_of, is_proxy};
use crate::hub::ClientAddress;
use crate::name_key::{self, Look, NameKey, RoomKey};
use crate::origin::{Origins, Verdict, host_asked, host_in_url, host_of_page, is_loopback};
use crate::{admission, tls};

pub use crate::websocket::fuzzing::websocket;

/// Checks a name: however it is written, it is the same name, and looks like itself.
///
/// # Panics
/// If another case or Unicode form of it is another name.
pub fn name(text: &str) {
    use unicode_normalization::UnicodeNormalization;
    // Case is changed in normal form: U+0345 is a mark that becomes a letter, and what order it then has
    // depends on whether it was put in order before (Unicode Standard, D145).
    let forms = |text: &str| -> Vec<String> {
        let composed: String = text.nfkc().collect();
        vec![
            composed.to_uppercase(),
            composed.to_lowercase(),
            text.nfc().collect(),
            text.nfd().collect(),
            text.nfkd().collect(),
            composed,
        ]
    };
    if let Ok(name) = Name::parse(text) {
        let key = NameKey::of(&name);
        for other in forms(name.as_str()).iter().filter_map(|form| Name::parse(form).ok()) {
            assert_eq!(NameKey::of(&other), key, "{name:?} and {other:?}");
            if name_key::check(&name).is_ok() {
                let (one, other) = (Look::of(&name), Look::of(&other));
                assert!(one.iter().any(|look| other.contains(look)), "{name:?} looks otherwise");
            }
        }
    }
    if let Ok(room) = RoomName::parse(text) {
        let key = RoomKey::of(&room);
        for other in forms(room.as_str()).iter().filter_map(|form| RoomName::parse(form).ok()) {
            assert_eq!(RoomKey::of(&other), key, "{room:?} and {other:?}");
        }
    }
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The headers that the server reads itself, by the letter that a line begins with.
fn header(letter: u8) -> Option<HeaderName> {
    Some(match letter {
        b'h' => HOST,
        b'o' => ORIGIN,
        b'f' => FORWARDED_FOR,
        b'p' => FORWARDED_PROTO,
        b'c' => COOKIE,
        b'n' => CONNECTION,
        b'u' => UPGRADE,
        b'v' => SEC_WEBSOCKET_VERSION,
        b'k' => SEC_WEBSOCKET_KEY,
        _ => return None,
    })
}

/// Checks the head of a request: a line for each header, of a letter and its value, and `/…` for the path.
///
/// # Panics
/// If somebody is believed who mustn't be, or is sent elsewhere.
pub fn request_head(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    let mut path = "/".to_owned();
    for line in bytes.split(|byte| *byte == b'\n') {
        match line.split_first() {
            Some((b'/', _)) => path = String::from_utf8_lossy(line).into_owned(),
            Some((letter, value)) => {
                if let (Some(name), Ok(value)) = (header(*letter), HeaderValue::from_bytes(value)) {
                    headers.append(name, value);
                }
            }
            None => {}
        }
    }
    whence(&headers);
    origins(&headers);
    base_path(&path);
    // Any value of it may be there, and only this one lets in.
    if admission::is_proved(&headers) {
        let all = headers.get_all(COOKIE).iter();
        assert!(all.into_iter().any(|it| it.to_str().is_ok_and(|text| text.contains("tincan-page=1"))));
    }
    tls::fuzzing::location(&headers, &path);
    if let Ok(mut request) = Request::builder().uri(&path).body(()) {
        *request.headers_mut() = headers;
        crate::websocket::fuzzing::handshake(request.into_parts().0);
    }
}

fn whence(headers: &HeaderMap) {
    let trusted = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse::<IpNet>().expect("a network"));
    let stranger = IpAddr::from([192, 0, 2, 1]);
    assert_eq!(address_of(stranger, headers, &trusted), ClientAddress::Known(stranger));
    match address_of(IpAddr::from([10, 0, 0, 1]), headers, &trusted) {
        ClientAddress::Known(address) => {
            assert!(!is_proxy(address, &trusted), "{address} is a proxy");
            assert!(headers.contains_key(FORWARDED_FOR));
        }
        ClientAddress::Unknown => {}
    }
}

fn origins(headers: &HeaderMap) {
    for host in [host_asked(headers), host_of_page(headers)].into_iter().flatten() {
        assert!(!host.contains(['@', '/', '"', '\r', '\n']) && !host.bytes().any(|b| b.is_ascii_uppercase()));
    }
    let of_public = Origins::new(&["https://call.example".to_owned()], &[]).judge(headers);
    if of_public == Verdict::Own && headers.contains_key(ORIGIN) {
        let host = host_of_page(headers).expect("a page of its own has a host");
        assert!(host == "call.example" || is_loopback(&host), "{host}");
    }
    let of_any = Origins::default().judge(headers);
    if of_any == Verdict::Own && headers.contains_key(ORIGIN) {
        assert_eq!(host_of_page(headers), host_asked(headers));
    }
    if headers.get_all(ORIGIN).iter().count() > 1 {
        assert_eq!((of_public, of_any), (Verdict::Foreign, Verdict::Foreign));
    }
}

fn base_path(path: &str) {
    if let Ok(base) = path.parse::<BasePath>() {
        assert_eq!(base.as_str().parse(), Ok(base.clone()));
        assert!(base.as_str().starts_with('/') && base.as_str().ends_with('/'));
        assert!(!base.as_str().contains("//"));
    }
    let url = format!("https://call.example{path}");
    assert_eq!(host_in_url(&url).as_deref(), Some("call.example"));
}
