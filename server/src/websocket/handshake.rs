//! The opening handshake of a WebSocket (RFC 6455, section 4.2), over HTTP/1.1.

use std::future::Future;

use axum::response::{IntoResponse, Response};
use http::header::{
    ALLOW, CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::WebSocket;

/// The stream that HTTP leaves to a WebSocket.
pub(crate) type UpgradedStream = TokioIo<Upgraded>;

/// A request that asks for a WebSocket as it should.
pub(crate) struct Upgrade {
    on_upgrade: OnUpgrade,
    /// The value of `Sec-WebSocket-Accept`.
    accept: HeaderValue,
}

/// Why a request doesn't open a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAnUpgrade {
    #[error("A WebSocket is opened by GET over HTTP/1.1")]
    Method,
    #[error("A WebSocket is opened with `Connection: Upgrade` and `Upgrade: websocket`")]
    Upgrade,
    #[error("This server speaks version 13 of WebSocket")]
    Version,
    #[error("`Sec-WebSocket-Key` is missing")]
    Key,
    #[error("This connection can't be upgraded")]
    Connection,
}

impl Upgrade {
    /// Checks the request's headers.
    pub(crate) fn of(parts: &mut Parts) -> Result<Upgrade, NotAnUpgrade> {
        let accept = accept_key(parts)?;
        // hyper leaves this with each request whose connection can become something else.
        let on_upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(NotAnUpgrade::Connection)?;
        Ok(Upgrade { on_upgrade, accept })
    }

    /// Returns the answer that opens the WebSocket, which is then served in a task of its own.
    pub(crate) fn accept<F>(
        self,
        serve: impl FnOnce(WebSocket<UpgradedStream>) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Upgrade { on_upgrade, accept } = self;
        tokio::spawn(async move {
            // Fails if the client is gone already.
            if let Ok(upgraded) = on_upgrade.await {
                serve(WebSocket::new(TokioIo::new(upgraded)).await).await;
            }
        });
        let headers = [
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_ACCEPT, accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    }
}

/// Returns what `Sec-WebSocket-Accept` has to be, if the request asks for a WebSocket as it should.
///
/// The place for HTTP/2, once it is served: there it is CONNECT with `:protocol` `websocket`, without a key,
/// and is answered by 200 (RFC 8441). The version is checked there, too.
fn accept_key(parts: &Parts) -> Result<HeaderValue, NotAnUpgrade> {
    let headers = &parts.headers;
    if parts.version != Version::HTTP_11 || parts.method != Method::GET {
        return Err(NotAnUpgrade::Method);
    }
    if !names(headers, CONNECTION, "upgrade") || !names(headers, UPGRADE, "websocket") {
        return Err(NotAnUpgrade::Upgrade);
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version.as_bytes() != b"13") {
        return Err(NotAnUpgrade::Version);
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(NotAnUpgrade::Key)?;
    HeaderValue::try_from(derive_accept_key(key.as_bytes())).map_err(|_| NotAnUpgrade::Key)
}

/// Returns whether a header's list has this token.
fn names(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    let mut tokens = headers.get_all(name).iter().flat_map(|value| value.as_bytes().split(|&b| b == b','));
    tokens.any(|it| it.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

impl IntoResponse for NotAnUpgrade {
    fn into_response(self) -> Response {
        let text = format!("{self}\n");
        let wanted = [
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
        ];
        match self {
            NotAnUpgrade::Method => {
                (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, HeaderValue::from_static("GET"))], text)
                    .into_response()
            }
            NotAnUpgrade::Upgrade | NotAnUpgrade::Key => (StatusCode::BAD_REQUEST, text).into_response(),
            // Says which version would do (RFC 6455, section 4.4).
            NotAnUpgrade::Version | NotAnUpgrade::Connection => {
                (StatusCode::UPGRADE_REQUIRED, wanted, text).into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn asked(
        change: impl FnOnce(http::request::Builder) -> http::request::Builder,
    ) -> Result<String, NotAnUpgrade> {
        let request = Request::builder()
            .header("connection", "keep-alive, Upgrade")
            .header("upgrade", "WebSocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let (parts, ()) = change(request).body(()).unwrap().into_parts();
        accept_key(&parts).map(|accept| accept.to_str().unwrap().to_owned())
    }

    fn without(name: &'static str) -> impl FnOnce(http::request::Builder) -> http::request::Builder {
        move |mut request| {
            request.headers_mut().unwrap().remove(name);
            request
        }
    }

    fn with(
        name: &'static str,
        value: &'static str,
    ) -> impl FnOnce(http::request::Builder) -> http::request::Builder {
        move |mut request| {
            request.headers_mut().unwrap().insert(name, HeaderValue::from_static(value));
            request
        }
    }

    #[test]
    fn the_example_of_the_rfc() {
        assert_eq!(asked(|it| it).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(asked(|it| it.header("connection", "close").header("upgrade", "h2c")).is_ok());
    }

    #[test]
    fn each_part_of_the_handshake_is_wanted() {
        for (answer, error) in [
            (asked(|it| it.method("POST")), NotAnUpgrade::Method),
            (asked(|it| it.method("CONNECT").version(Version::HTTP_2)), NotAnUpgrade::Method),
            (asked(|it| it.version(Version::HTTP_10)), NotAnUpgrade::Method),
            (asked(without("connection")), NotAnUpgrade::Upgrade),
            (asked(with("connection", "upgraded")), NotAnUpgrade::Upgrade),
            (asked(without("upgrade")), NotAnUpgrade::Upgrade),
            (asked(with("upgrade", "websockets")), NotAnUpgrade::Upgrade),
            (asked(without("sec-websocket-version")), NotAnUpgrade::Version),
            (asked(with("sec-websocket-version", "8")), NotAnUpgrade::Version),
            (asked(without("sec-websocket-key")), NotAnUpgrade::Key),
        ] {
            assert_eq!(answer, Err(error));
        }
    }
}
