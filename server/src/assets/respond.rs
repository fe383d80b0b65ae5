//! Answers requests for files.

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH,
    VARY,
};
use http::{HeaderValue, Method, StatusCode};

use super::encoding::{Encoding, listed};
use super::{File, find};

/// Where the page has paths of its own: those of rooms, and the one that checks what calls need. The page for
/// rooms is also called so.
const ROOMS: &str = "r/";
const CHECK: &str = "check";

/// Answers with the file at the request's path, or with the page where the path is one of the page's own
/// (`/r/NAME`, `/check`). Only names in the table are ever looked up: there is no file system to escape into.
pub(crate) async fn respond(request: Request) -> Response {
    let head = match *request.method() {
        Method::GET => false,
        Method::HEAD => true,
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response(),
    };
    let path = request.uri().path().trim_start_matches('/');
    let name = match path.strip_prefix(ROOMS) {
        // The page finds everything from one level above. No room's name has a `/`.
        Some(room) if room.contains('/') => path,
        Some(_) => ROOMS,
        None if path.is_empty() || path == CHECK => "index.html",
        None => path,
    };
    match find(name) {
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
    let encoding = Encoding::of(headers);
    let length = match encoding {
        Encoding::Brotli => file.brotli.len(),
        Encoding::Gzip => file.gzip.len(),
        Encoding::Identity => file.length,
    };
    let body = match encoding {
        _ if head => Body::empty(),
        Encoding::Brotli => Body::from(file.brotli),
        Encoding::Gzip => Body::from(file.gzip),
        Encoding::Identity => Body::from(file.unpacked()),
    };
    let mut response = (common, [(CONTENT_TYPE, file.content_type)], body).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    if let Some(name) = encoding.name() {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

/// Returns whether the client has this very file, by weak comparison (RFC 9110, section 13.1.2).
fn is_unchanged(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = etag.trim_start_matches("W/");
    listed(headers, &IF_NONE_MATCH).any(|tag| tag == "*" || tag.trim_start_matches("W/") == opaque)
}
