//! Tells a page why its WebSocket doesn't open, and lets it in where only a proxy is to blame.
//!
//! A browser doesn't tell a page what a server has answered to a WebSocket. So a page that got none asks by
//! POST, and reads it from the status:
//!
//! | status | means |
//! | --- | --- |
//! | 204 | it may come; if it can't, something in between passes no WebSockets on |
//! | 403 | pages of its address may not; the body has the URL where people find the server, if it has one |
//! | 429 | there are too many connections, in all or from its network |
//! | any other | the server is ending (503), or somebody else answers in its place |
//!
//! With 204 comes a cookie which is sent only with what pages of this site ask for (`SameSite=Strict`, RFC
//! 6265bis, section 5.6.7). It stands in for an `Origin` that is compared to a `Host` which a proxy has
//! rewritten. A page of another site can't have it sent. It lives for as long as a page needs to come in.

use http::header::{CACHE_CONTROL, COOKIE, SET_COOKIE};
use http::{HeaderMap, StatusCode};

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::origin::Verdict;
use crate::readiness;

const NAME_AND_VALUE: &str = "tincan-page=1";
/// Without a path, it is for everything beside the address that was asked, wherever a proxy puts that.
const ATTRIBUTES: &str = "; Max-Age=60; HttpOnly; SameSite=Strict";

/// Answers a page that wants to know.
pub(crate) async fn ask(State(app): State<App>, request: Request) -> Response {
    if app.readiness.is_ending() {
        return readiness::come_back();
    }
    let no_store = (CACHE_CONTROL, "no-store");
    let (parts, _) = request.into_parts();
    if app.shared_hub.may_connect(app.address_of(&parts)).is_err() {
        return (StatusCode::TOO_MANY_REQUESTS, [no_store]).into_response();
    }
    match app.origins.judge(&parts.headers) {
        Verdict::Own => (StatusCode::NO_CONTENT, [no_store]).into_response(),
        Verdict::Unclear => {
            let cookie = (SET_COOKIE, &*format!("{NAME_AND_VALUE}{ATTRIBUTES}"));
            (StatusCode::NO_CONTENT, [no_store, cookie]).into_response()
        }
        Verdict::Foreign => {
            let found_at = app.origins.public_url().unwrap_or_default().to_owned();
            (StatusCode::FORBIDDEN, [no_store], found_at).into_response()
        }
    }
}

/// Returns whether a request has the cookie.
pub(crate) fn is_proved(headers: &HeaderMap) -> bool {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).any(|cookie| cookie.trim() == NAME_AND_VALUE)
}
