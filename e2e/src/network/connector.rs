//! Connects where a browser is: sockets belong to the namespace of the thread that makes them.

use std::fs::File;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream as StdTcpStream};
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::rt::TokioIo;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::net::TcpStream;
use tower::Service;

/// Connects to ports of 127.0.0.1, in a namespace or where this process is.
#[derive(Clone)]
pub(crate) struct DriverConnector {
    pub(crate) namespace: Option<String>,
}

impl Service<Uri> for DriverConnector {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<TcpStream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let namespace = self.namespace.clone();
        Box::pin(async move {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, uri.port_u16().unwrap_or(80)));
            let stream = match namespace {
                None => TcpStream::connect(address).await?,
                Some(namespace) => connect_in(namespace, address).await?,
            };
            stream.set_nodelay(true)?;
            Ok(TokioIo::new(stream))
        })
    }
}

/// Connects on a thread of its own, since that never comes back from the namespace.
pub(super) async fn connect_in(namespace: String, address: SocketAddr) -> io::Result<TcpStream> {
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let connect = || -> io::Result<StdTcpStream> {
            let file = File::open(format!("/run/netns/{namespace}"))?;
            let network = LinkNameSpaceType::Network;
            move_into_link_name_space(std::os::fd::AsFd::as_fd(&file), Some(network))?;
            let stream = StdTcpStream::connect(address)?;
            stream.set_nonblocking(true)?;
            Ok(stream)
        };
        // Nobody waits for it any more if this fails.
        let _ = tell.send(connect());
    });
    TcpStream::from_std(told.await.map_err(io::Error::other)??)
}
