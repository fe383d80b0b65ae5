//! The opening handshake of a WebSocket: over HTTP/1.1 (RFC 6455, section 4.2), and over HTTP/2 (RFC 8441).

use std::future::Future;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ALLOW, CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use hyper::ext::Protocol;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::WebSocket;
use crate::paced_stream::PacedStream;

/// The stream that HTTP leaves to a WebSocket.
pub(crate) type UpgradedStream = PacedStream<TokioIo<Upgraded>>;

/// A request that asks for a WebSocket as it should.
pub(crate) struct Upgrade {
    on_upgrade: OnUpgrade,
    handshake: Handshake,
}

/// How it asks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Handshake {
    /// By a header of HTTP/1.1. Holds the value of `Sec-WebSocket-Accept`.
    Header(HeaderValue),
    /// By a method of HTTP/2. Such a WebSocket shares its connection with others.
    Connect,
}

/// Why a request doesn't open a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAnUpgrade {
    #[error("A WebSocket is opened by GET over HTTP/1.1, or by CONNECT over HTTP/2")]
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
        let handshake = handshake(parts)?;
        // hyper leaves this with each request whose connection can become something else.
        let on_upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(NotAnUpgrade::Connection)?;
        Ok(Upgrade { on_upgrade, handshake })
    }

    /// Returns the answer that opens the WebSocket, which is then served in a task of its own.
    pub(crate) fn accept<F>(
        self,
        serve: impl FnOnce(WebSocket<UpgradedStream>) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Upgrade { on_upgrade, handshake } = self;
        let is_shared = handshake == Handshake::Connect;
        tokio::spawn(async move {
            // Fails if the client is gone already.
            if let Ok(upgraded) = on_upgrade.await {
                let stream = PacedStream::new(TokioIo::new(upgraded), is_shared);
                serve(WebSocket::new(stream).await).await;
            }
        });
        let Handshake::Header(accept) = handshake else { return StatusCode::OK.into_response() };
        let headers = [
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_ACCEPT, accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    }
}

/// Returns whether a request is for a WebSocket, whether it asks as it should or not.
pub(crate) fn asks_for_websocket(request: &Request) -> bool {
    let is_websocket = |value: &[u8]| value.eq_ignore_ascii_case(b"websocket");
    request.headers().get(UPGRADE).is_some_and(|value| is_websocket(value.as_bytes()))
        || request.extensions().get::<Protocol>().is_some_and(|protocol| is_websocket(protocol.as_ref()))
}

/// Returns how the request asks for a WebSocket, if it does so as it should.
pub(super) fn handshake(parts: &Parts) -> Result<Handshake, NotAnUpgrade> {
    let headers = &parts.headers;
    let is_version_13 =
        || headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version.as_bytes() == b"13");
    match (parts.version, &parts.method) {
        (Version::HTTP_11, &Method::GET) => {}
        (Version::HTTP_2, &Method::CONNECT) => {
            let protocol = parts.extensions.get::<Protocol>().map(Protocol::as_str);
            return match protocol {
                Some("websocket") if is_version_13() => Ok(Handshake::Connect),
                Some("websocket") => Err(NotAnUpgrade::Version),
                _ => Err(NotAnUpgrade::Method),
            };
        }
        _ => return Err(NotAnUpgrade::Method),
    }
    if !names(headers, CONNECTION, "upgrade") || !names(headers, UPGRADE, "websocket") {
        return Err(NotAnUpgrade::Upgrade);
    }
    if !is_version_13() {
        return Err(NotAnUpgrade::Version);
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(NotAnUpgrade::Key)?;
    let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes())).map_err(|_| NotAnUpgrade::Key)?;
    Ok(Handshake::Header(accept))
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
    use super::*;

    fn asked(
        change: impl FnOnce(http::request::Builder) -> http::request::Builder,
    ) -> Result<String, NotAnUpgrade> {
        let request = http::Request::builder()
            .header("connection", "keep-alive, Upgrade")
            .header("upgrade", "WebSocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let (parts, ()) = change(request).body(()).unwrap().into_parts();
        handshake(&parts).map(|handshake| match handshake {
            Handshake::Header(accept) => accept.to_str().unwrap().to_owned(),
            Handshake::Connect => String::new(),
        })
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

    fn over_http2(protocol: &'static str) -> impl FnOnce(http::request::Builder) -> http::request::Builder {
        move |request| {
            let request = without("sec-websocket-key")(request).method("CONNECT").version(Version::HTTP_2);
            request.extension(Protocol::from_static(protocol))
        }
    }

    #[test]
    fn over_http_2_there_is_no_key() {
        assert_eq!(asked(over_http2("websocket")), Ok(String::new()));
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
            (asked(over_http2("websockets")), NotAnUpgrade::Method),
            (
                asked(|it| without("sec-websocket-version")(over_http2("websocket")(it))),
                NotAnUpgrade::Version,
            ),
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
