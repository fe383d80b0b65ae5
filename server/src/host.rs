//! A request of HTTP/1.1 names exactly one host (RFC 9112, section 3.2).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::HOST;
use http::{StatusCode, Version};

/// Refuses a request that names none, or two.
pub(crate) async fn require(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST).iter().count();
    let expected = match request.version() {
        Version::HTTP_11 => hosts == 1,
        _ => hosts <= 1,
    };
    if expected {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, "A request names exactly one Host\n").into_response()
    }
}
