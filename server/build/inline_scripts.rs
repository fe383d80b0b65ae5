//! Makes the hashes that let a page's own inline scripts run under a strict Content-Security-Policy.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Returns a `'sha256-…'` source (CSP Level 3, section 2.3.1) for each inline script in `html`.
///
/// The HTML is Trunk's own output, so finding tags by text is enough.
pub(crate) fn csp_sources(html: &str) -> String {
    let mut sources = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start + "<script".len()..];
        let Some(end_of_tag) = rest.find('>') else { break };
        let (tag, after) = rest.split_at(end_of_tag);
        let Some(end) = after.find("</script") else { break };
        if !tag.split_ascii_whitespace().any(|attribute| attribute.starts_with("src=")) {
            // Browsers hash what they parsed, and parsing turns CR LF into LF.
            let script = after[1..end].replace("\r\n", "\n");
            sources.push_str(&format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))));
        }
        rest = &after[end..];
    }
    sources
}
