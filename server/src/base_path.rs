//! Where the server is found below its host: `/` unless its host has said otherwise (`--base-path`).
//!
//! A proxy that takes the path away before it asks needs none of this: the page names everything relative to
//! its base.

use std::str::FromStr;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::uri::{Parts, PathAndQuery};
use http::{StatusCode, Uri};

/// A path that begins and ends with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasePath(String);

impl Default for BasePath {
    fn default() -> BasePath {
        BasePath("/".to_owned())
    }
}

impl FromStr for BasePath {
    type Err = &'static str;

    /// Reads `/call/`, and `/call` as the same.
    fn from_str(text: &str) -> Result<BasePath, Self::Err> {
        if text == "/" {
            return Ok(BasePath::default());
        }
        let inner = text.strip_prefix('/').ok_or("not a path that begins with /")?;
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        // Nothing of it has to be encoded, so it looks the same to everybody.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_segment = |it: &str| !matches!(it, "" | "." | "..") && it.bytes().all(is_plain);
        if inner.split('/').all(is_segment) {
            Ok(BasePath(format!("/{inner}/")))
        } else {
            Err("not a path of letters, digits and -._~")
        }
    }
}

/// What a request's path is to the server.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    /// The path below the base, with its `/`.
    Below(&'a str),
    /// The base without the `/` at its end, from which nothing relative would be found.
    Almost,
    Elsewhere,
}

impl BasePath {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns a router that has everything of this one below the base.
    pub(crate) fn of(self, router: Router) -> Router {
        if self == BasePath::default() {
            return router;
        }
        // Whatever is asked, the layer comes before the routes.
        Router::new().fallback_service(router).layer(middleware::from_fn_with_state(self, take_away))
    }

    fn place<'a>(&self, path: &'a str) -> Place<'a> {
        let base = &self.0[..self.0.len() - 1];
        match path.strip_prefix(base) {
            Some("") => Place::Almost,
            Some(rest) if rest.starts_with('/') => Place::Below(rest),
            _ => Place::Elsewhere,
        }
    }
}

/// Takes the base away from the path of a request.
async fn take_away(State(base): State<BasePath>, mut request: Request, next: Next) -> Response {
    let uri = request.uri();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    match base.place(uri.path()) {
        Place::Below(rest) => {
            let Ok(uri) = with_path(uri, format!("{rest}{query}")) else {
                return StatusCode::BAD_REQUEST.into_response();
            };
            *request.uri_mut() = uri;
            next.run(request).await
        }
        Place::Almost => {
            let location = [(LOCATION, [base.as_str(), &query].concat())];
            (StatusCode::PERMANENT_REDIRECT, location).into_response()
        }
        Place::Elsewhere => (StatusCode::NOT_FOUND, "Nothing here by that name\n").into_response(),
    }
}

fn with_path(uri: &Uri, path_and_query: String) -> Result<Uri, http::Error> {
    let mut parts: Parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query)?);
    Ok(Uri::from_parts(parts)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_path() {
        for (text, path) in [("/", "/"), ("/call", "/call/"), ("/call/", "/call/"), ("/a/b-1~", "/a/b-1~/")] {
            assert_eq!(text.parse::<BasePath>().unwrap().as_str(), path);
        }
        for text in ["", "call", "//", "/a//b", "/a/../b", "/a b", "/a%20b", "/a?b", "https://call.example/"]
        {
            assert!(text.parse::<BasePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_below() {
        let base: BasePath = "/call".parse().unwrap();
        for (path, place) in [
            ("/call/", Place::Below("/")),
            ("/call/r/a%2Fb", Place::Below("/r/a%2Fb")),
            ("/call//ws", Place::Below("//ws")),
            ("/call", Place::Almost),
            ("/calls/", Place::Elsewhere),
            ("/Call/", Place::Elsewhere),
            ("/", Place::Elsewhere),
            ("/ws", Place::Elsewhere),
        ] {
            assert_eq!(base.place(path), place, "{path}");
        }
    }
}
