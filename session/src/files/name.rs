//! What another side may call a file here.

/// The longest name, in bytes of UTF-8: what common file systems take.
const MAX_NAME_BYTES: usize = 255;
/// A longer ending isn't an extension, and is not kept when a name is shortened.
const MAX_EXTENSION_BYTES: usize = 20;
/// The longest media type that is passed on. RFC 6838, section 4.2, allows 127 for each half; in use are far
/// fewer.
const MAX_MIME_BYTES: usize = 127;

/// Returns `name` as one that is safe on every system: a single path component without anything invisible,
/// that no system gives a meaning of its own. It is never empty, and has at most 255 bytes. A name that is
/// safe stays as it is.
pub fn safe_name(name: &str) -> String {
    let plain: String = name.chars().filter(|&c| !is_invisible(c)).map(replace_separator).collect();
    let plain = with_single_spaces(&plain);
    let trimmed = plain.trim_start_matches(is_edge).trim_end_matches(is_edge);
    let named = if is_reserved(trimmed) { format!("_{trimmed}") } else { trimmed.to_owned() };
    let fitting = shorten(&named);
    if fitting.is_empty() { "file".to_owned() } else { fitting }
}

/// Returns `mime` if it has the form of a media type. It is the other side's word, and only for show.
pub(super) fn safe_mime(mime: &str) -> Option<String> {
    let (kind, subtype) = mime.split_once('/')?;
    let is_token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    (mime.len() <= MAX_MIME_BYTES && is_token(kind) && is_token(subtype)).then(|| mime.to_owned())
}

/// Returns whether `c` is a control character, unseen, or turns the direction, by which `exe` can be made to
/// look like `txt` (Unicode Technical Report 36, section 2.5). Joiners stay: emoji and some scripts are
/// written with them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{2800}'
                | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Returns the text with every run of spaces, of whatever width, as one: many of them would push an extension
/// out of sight.
fn with_single_spaces(text: &str) -> String {
    let mut spaced = false;
    let single = |c: char| {
        let again = std::mem::replace(&mut spaced, c.is_whitespace()) && c.is_whitespace();
        (!again).then_some(if c.is_whitespace() { ' ' } else { c })
    };
    text.chars().filter_map(single).collect()
}

/// Replaces separators of paths, of Windows' drives and streams, and what Windows doesn't take in a name.
fn replace_separator(c: char) -> char {
    if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c }
}

/// Returns whether `c` hides a file in front, and is dropped silently by Windows behind.
fn is_edge(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// Returns whether it is the name of a device of Windows, with any extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].iter().any(|it| stem.eq_ignore_ascii_case(it)) {
        return true;
    }
    let mut rest = stem.chars();
    let device: String = rest.by_ref().take(3).collect();
    let number = matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none();
    number && (device.eq_ignore_ascii_case("com") || device.eq_ignore_ascii_case("lpt"))
}

/// Returns `name` cut to what fits, before its extension.
fn shorten(name: &str) -> String {
    if name.len() <= MAX_NAME_BYTES {
        return name.to_owned();
    }
    let extension = match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= MAX_EXTENSION_BYTES => &name[dot..],
        _ => "",
    };
    let room = MAX_NAME_BYTES - extension.len();
    let end = name.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= room).last();
    let stem = &name[..end.unwrap_or(0)];
    format!("{}{extension}", stem.trim_end_matches(is_edge))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_unsafe_in_a_name_is_made_safe() {
        for (name, safe) in [
            ("photo.jpg", "photo.jpg"),
            ("Übung №1 👩‍🚀.tar.gz", "Übung №1 👩‍🚀.tar.gz"),
            ("", "file"),
            ("...", "file"),
            ("../", "_"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..\\..\\boot.ini", "_.._boot.ini"),
            ("C:\\a.txt", "C__a.txt"),
            ("a.txt:stream", "a.txt_stream"),
            (" .profile", "profile"),
            ("name. . ", "name"),
            ("\u{202E}txt.exe", "txt.exe"),
            ("a\u{0}b\nc\u{200B}", "abc"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("Com1 .log", "_Com1 .log"),
            ("LPT³", "_LPT³"),
            ("console", "console"),
            ("com", "com"),
            ("com12", "com12"),
            ("photo.jpg\u{a0}\u{a0}\u{a0}\u{a0}.exe", "photo.jpg .exe"),
            ("photo.jpg  \u{2003}\u{3000} \u{2800}\u{2800}.exe", "photo.jpg .exe"),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let long = safe_name(&format!("{}.jpeg", "é".repeat(1_000)));
        assert!(long.len() <= MAX_NAME_BYTES && long.len() > 250 && long.ends_with("é.jpeg"));
        assert_eq!(safe_name(&"x".repeat(1_000)), "x".repeat(255));
        assert_eq!(safe_name(&format!("a.{}", "x".repeat(1_000))).len(), 255);
    }

    #[test]
    fn only_what_looks_like_a_media_type_is_passed_on() {
        assert_eq!(safe_mime("image/svg+xml").as_deref(), Some("image/svg+xml"));
        for mime in
            ["", "image", "image/", "/png", "a/b/c", "text/html; charset=x", "a/b\n", &"a/b".repeat(99)]
        {
            assert_eq!(safe_mime(mime), None, "{mime:?}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_made_safe_and_stays_so(name in ".{0,400}") {
            let safe = safe_name(&name);
            prop_assert!(!safe.is_empty() && safe.len() <= MAX_NAME_BYTES);
            prop_assert!(!safe.contains(['/', '\\', ':']));
            prop_assert!(!safe.starts_with('.') && !safe.ends_with(['.', ' ']));
            prop_assert!(!safe.chars().any(is_invisible) && !is_reserved(&safe));
            prop_assert_eq!(safe_name(&safe), safe.clone());
        }
    }
}
