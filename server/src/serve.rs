//! Serves HTTP on each connection.
//!
//! Over HTTP/1.1 for everybody, where a connection is one client's and its bounds are that client's
//! (`listener.rs`). A trusted proxy may speak HTTP/2 as well, without TLS and from the first byte ("prior
//! knowledge", RFC 9113, section 3.3). Then many clients share a connection, and each WebSocket has a bound
//! of its own (`paced_stream.rs`).

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::connect_info::ConnectInfo;
use http::header::HOST;
use http::{HeaderValue, Version};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use ipnet::IpNet;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tower::ServiceExt;
use tracing::trace;

use crate::client_address::is_proxy;
use crate::host;
use crate::tls::{ClientListener, ClientStream, Peer};

/// How many WebSockets and requests a proxy may have on one connection. Then it opens another.
const STREAMS: u32 = 256;
/// What may be on its way on one of these, in each direction.
const STREAM_BYTES: u32 = 64 * 1024;
/// What may be on its way to the server on all of them.
const CONNECTION_BYTES: u32 = 1024 * 1024;
/// The longest headers of a request.
const HEADER_BYTES: u32 = 16 * 1024;

/// How long a proxy may have a connection open before it says anything, as everybody may.
const FIRST_BYTE: Duration = Duration::from_secs(60);
/// What HTTP/2 begins with (RFC 9113, section 3.4), and `POST` as well: what it is, hyper looks for then.
const HTTP2_BEGINS: u8 = b'P';

/// What every connection needs.
#[derive(Clone)]
struct Shared {
    router: Router,
    trusted_proxies: Arc<[IpNet]>,
    stopped: watch::Receiver<()>,
    /// Dropped with the connection.
    _open: mpsc::Sender<Infallible>,
}

/// Serves until `stop` completes, and then each connection until nothing is asked on it.
pub(crate) async fn serve(
    mut listener: ClientListener,
    router: Router,
    trusted_proxies: Arc<[IpNet]>,
    stop: impl Future<Output = ()>,
) {
    let (stopping, stopped) = watch::channel(());
    let (open, mut all_gone) = mpsc::channel(1);
    let shared = Shared { router, trusted_proxies, stopped, _open: open };
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            (stream, peer) = listener.accept() => {
                tokio::spawn(serve_connection(stream, peer, shared.clone()));
            }
            () = &mut stop => break,
        }
    }
    drop((listener, shared, stopping));
    all_gone.recv().await;
}

async fn serve_connection(stream: ClientStream, peer: Peer, mut shared: Shared) {
    let is_http2 = match &stream {
        ClientStream::Plain(stream) if is_proxy(peer.address.ip(), &shared.trusted_proxies) => {
            tokio::select! {
                first = timeout(FIRST_BYTE, stream.first_byte()) => match first {
                    Ok(Ok(first)) => first == HTTP2_BEGINS,
                    Ok(Err(_)) | Err(_) => return,
                },
                _ = shared.stopped.changed() => return,
            }
        }
        _ => false,
    };
    let trusted_proxies = shared.trusted_proxies;
    let service = shared.router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        host::believe_only_proxies(request.headers_mut(), peer.address.ip(), &trusted_proxies);
        request.extensions_mut().insert(ConnectInfo(peer));
        name_host(&mut request);
        request
    });
    let (service, stream) = (TowerToHyperService::new(service), TokioIo::new(stream));
    if is_http2 {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http2()
            .enable_connect_protocol()
            .max_concurrent_streams(STREAMS)
            .initial_stream_window_size(STREAM_BYTES)
            .initial_connection_window_size(CONNECTION_BYTES)
            .max_send_buf_size(STREAM_BYTES as usize)
            .max_header_list_size(HEADER_BYTES);
        let connection = builder.serve_connection_with_upgrades(stream, service);
        // In a box, because it is many times as large as the other, and this task is of both.
        Box::pin(drive(connection, |it| it.graceful_shutdown(), shared.stopped)).await;
    } else {
        let connection = http1::Builder::new().serve_connection(stream, service).with_upgrades();
        drive(connection, |it| it.graceful_shutdown(), shared.stopped).await;
    }
}

async fn drive<C, E>(connection: C, shut_down: impl FnOnce(Pin<&mut C>), mut stopped: watch::Receiver<()>)
where
    C: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let mut connection = pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        // Nothing is ever sent: the sender is dropped.
        _ = stopped.changed() => {
            shut_down(connection.as_mut());
            connection.await
        }
    };
    if let Err(error) = result {
        trace!(%error, "a connection failed");
    }
}

/// Has a request of HTTP/2 name its host as the others do. What the first line of HTTP/1.1 has for it decides
/// over a `Host` here as well (RFC 9113, section 8.3.1).
fn name_host(request: &mut Request) {
    if request.version() != Version::HTTP_2 {
        return;
    }
    let authority = request.uri().authority();
    if let Some(host) = authority.and_then(|authority| HeaderValue::from_str(authority.as_str()).ok()) {
        request.headers_mut().insert(HOST, host);
    }
}
