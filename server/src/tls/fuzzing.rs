//! What must hold of where plain HTTP is sent on to.

use std::sync::Arc;

use http::uri::Authority;
use http::{HeaderMap, Uri};

use super::redirect::{HttpsOnly, Target};

/// Checks where a request with these headers is sent.
///
/// # Panics
/// If that isn't HTTPS at the host that it named.
pub(crate) fn location(headers: &HeaderMap, path: &str) {
    let Ok(uri) = path.parse::<Uri>() else { return };
    for port in [None, Some(443), Some(8443)] {
        let https = HttpsOnly { trusted_proxies: Arc::from([]), port };
        if let Target::There(location) = https.location(headers, &uri) {
            let asked = headers.get("host").and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
            // Beyond ASCII, the path is as it was asked for.
            let location = Uri::try_from(location.as_bytes()).expect("a URL");
            assert_eq!(location.scheme_str(), Some("https"));
            assert_eq!(location.host(), asked.as_ref().map(Authority::host));
        }
    }
}
