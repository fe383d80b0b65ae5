//! A WebSocket over HTTP/2 (RFC 8441), as browsers open it where a server offers that.

use bytes::Bytes;
use h2::client::SendRequest;
use h2::ext::Protocol;
use h2::{RecvStream, SendStream};
use http::{Method, Request};
use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split,
};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;

/// As much as goes into one frame at first.
const BUFFER_BYTES: usize = 16 * 1024;

/// Speaks HTTP/2 from the first byte. Returns `None` where the server offers no WebSockets over it.
///
/// # Panics
/// If the server speaks no HTTP/2.
pub async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Option<SendRequest<Bytes>> {
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    // Ends with an error once the server is gone, which the test has seen.
    tokio::spawn(async move { connection.await.ok() });
    let mut requests = requests.ready().await.unwrap();
    // What is offered is known once something was answered.
    let first = Request::get("https://call.example/healthz").body(()).unwrap();
    let (answer, _) = requests.send_request(first, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    requests.is_extended_connect_protocol_enabled().then_some(requests)
}

/// Opens one at this URL. Returns the status as the error.
pub async fn connect(
    requests: &mut SendRequest<Bytes>,
    url: &str,
    headers: &[(&'static str, &str)],
) -> Result<WebSocketStream<DuplexStream>, u16> {
    let request = Request::builder().method(Method::CONNECT).uri(url);
    let mut request = request.extension(Protocol::from_static("websocket")).body(()).unwrap();
    for (name, value) in [("sec-websocket-version", "13")].iter().chain(headers) {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    std::future::poll_fn(|context| requests.poll_ready(context)).await.unwrap();
    let (answer, sender) = requests.send_request(request, false).unwrap();
    let answer = answer.await.unwrap();
    if answer.status() != 200 {
        return Err(answer.status().as_u16());
    }
    let (near, far) = duplex(BUFFER_BYTES);
    let (reader, writer) = split(far);
    tokio::spawn(send(reader, sender));
    tokio::spawn(receive(answer.into_body(), writer));
    Ok(WebSocketStream::from_raw_socket(near, Role::Client, None).await)
}

/// Sends what the socket writes. The library keeps what the server doesn't read yet.
async fn send(mut reader: ReadHalf<DuplexStream>, mut sender: SendStream<Bytes>) {
    let mut buffer = vec![0; BUFFER_BYTES];
    while let Ok(read @ 1..) = reader.read(&mut buffer).await {
        if sender.send_data(Bytes::copy_from_slice(&buffer[..read]), false).is_err() {
            return;
        }
    }
    // Fails if the server is gone already.
    let _ = sender.send_data(Bytes::new(), true);
}

async fn receive(mut body: RecvStream, mut writer: WriteHalf<DuplexStream>) {
    while let Some(Ok(data)) = body.data().await {
        if body.flow_control().release_capacity(data.len()).is_err() || writer.write_all(&data).await.is_err()
        {
            return;
        }
    }
}
