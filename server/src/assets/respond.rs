//! Answers requests for files.

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderName, IF_NONE_MATCH, VARY,
};
use http::{Method, StatusCode};

use super::{File, find};

/// Answers with the file at the request's path. A path that names no file is one of the page's own
/// (`/r/NAME`) and gets the page, unless it looks like a file. Looks up names only in the embedded table, so
/// there is no file system to escape into.
pub(crate) async fn respond(request: Request) -> Response {
    let head = match *request.method() {
        Method::GET => false,
        Method::HEAD => true,
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response(),
    };
    let path = request.uri().path().trim_start_matches('/');
    let is_file_like = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let file = match find(path) {
        Some(file) => Some(file),
        None if is_file_like => None,
        None => find("index.html"),
    };
    match file {
        Some(file) => answer(file, request.headers(), head),
        None => (StatusCode::NOT_FOUND, "Nothing here by that name\n").into_response(),
    }
}

fn answer(file: &'static File, headers: &HeaderMap, head: bool) -> Response {
    let cache = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let common = [(CACHE_CONTROL, cache), (ETAG, file.etag), (VARY, "Accept-Encoding")];
    if is_unchanged(headers, file.etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let brotli = accepts_brotli(headers);
    let body: Body = if brotli {
        Body::from(file.brotli)
    } else {
        match file.unpacked() {
            Ok(content) => Body::from(content),
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    };
    let length = axum::body::HttpBody::size_hint(&body).lower();
    let body = if head { Body::empty() } else { body };
    let mut response = (common, [(CONTENT_TYPE, file.content_type)], body).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    if brotli {
        response.headers_mut().insert(CONTENT_ENCODING, http::HeaderValue::from_static("br"));
    }
    response
}

/// Returns whether the client has this very file, by weak comparison (RFC 9110, section 13.1.2).
fn is_unchanged(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = etag.trim_start_matches("W/");
    listed(headers, &IF_NONE_MATCH).any(|tag| tag == "*" || tag.trim_start_matches("W/") == opaque)
}

/// Returns whether brotli is acceptable (RFC 9110, section 12.5.3).
fn accepts_brotli(headers: &HeaderMap) -> bool {
    let mut any = false;
    for coding in listed(headers, &ACCEPT_ENCODING) {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = parameters.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
        match name.trim() {
            "br" => return weight > 0.0,
            "*" => any = weight > 0.0,
            _ => {}
        }
    }
    any
}

/// Returns the members of a header that is a list.
fn listed<'a>(headers: &'a HeaderMap, name: &'a HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_only_where_it_is_wanted() {
        for (value, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0.5", true),
            ("br; q=0", false),
            ("*", true),
            ("*, br;q=0", false),
            ("gzip", false),
            ("", false),
            ("brotli", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, value.parse().unwrap())]);
            assert_eq!(accepts_brotli(&headers), expected, "{value:?}");
        }
        assert!(!accepts_brotli(&HeaderMap::new()));
    }
}
