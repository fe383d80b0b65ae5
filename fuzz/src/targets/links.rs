//! Links in what people write. The page's own source: the rest of the page is for browsers alone.

#[path = "../../../client/src/ui/chat/links.rs"]
mod links_of_the_page;

use links_of_the_page::{Segment, segments};

pub(crate) fn check(bytes: &[u8]) {
    let Ok(line) = std::str::from_utf8(bytes) else { return };
    let mut whole = String::new();
    for segment in segments(line) {
        match segment {
            Segment::Text(text) => {
                assert!(!text.is_empty());
                whole.push_str(text);
            }
            Segment::Link { text, address } => {
                let address = address.to_ascii_lowercase();
                assert!(address.starts_with("http://") || address.starts_with("https://"), "{address}");
                assert!(!address.contains(char::is_whitespace) && !address.contains(char::is_control));
                assert!(!address.contains(['"', '<', '>', '\u{202E}']), "{address}");
                assert!(address.ends_with(&text.to_ascii_lowercase()));
                whole.push_str(text);
            }
        }
    }
    assert_eq!(whole, line);
}
