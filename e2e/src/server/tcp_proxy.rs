//! A TCP proxy between one browser and the server, which a test can hold, cut and mend.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Server;

/// A TCP proxy on a port of its own in front of a server. A page that is opened through it can lose its
/// server while nobody else does.
pub struct TcpProxy {
    port: u16,
    state: Arc<watch::Sender<State>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections stay open, and nothing comes through.
    Held,
    /// There are no connections.
    Cut,
}

impl TcpProxy {
    /// Starts a proxy to `server` that lets everything through.
    pub async fn to(server: &Server) -> TcpProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(watch::Sender::new(State::Whole));
        tokio::spawn(relay(listener, server.port(), Arc::clone(&state)));
        TcpProxy { port, state }
    }

    /// Returns the page's address through this proxy.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Keeps what is sent, in both directions, until [`TcpProxy::mend`].
    pub fn hold(&self) {
        self.state.send_replace(State::Held);
    }

    /// Resets every connection, and lets no new one through.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn relay(listener: TcpListener, to: u16, state: Arc<watch::Sender<State>>) {
    while let Ok((near, _)) = listener.accept().await {
        if *state.borrow() == State::Cut {
            break_off(&near);
        } else {
            tokio::spawn(carry(near, to, state.subscribe()));
        }
    }
}

async fn carry(mut near: TcpStream, to: u16, mut state: watch::Receiver<State>) {
    let Ok(mut far) = TcpStream::connect(("127.0.0.1", to)).await else { return break_off(&near) };
    let was_cut = {
        let (near_reads, near_writes) = near.split();
        let (far_reads, far_writes) = far.split();
        let there = pump(near_reads, far_writes, state.clone());
        let back = pump(far_reads, near_writes, state.clone());
        tokio::select! {
            // If one direction fails, so does the other.
            _ = async { tokio::try_join!(there, back) } => false,
            _ = state.wait_for(|state| *state == State::Cut) => true,
        }
    };
    if was_cut {
        break_off(&near);
        break_off(&far);
    }
}

/// Copies one direction until its end, and passes the end on.
async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    mut state: watch::Receiver<State>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        // Fails only when the proxy is dropped, and nobody is left to hold it.
        let _ = state.wait_for(|state| *state == State::Whole).await;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..length]).await?;
    }
}

/// Makes this connection end by a reset instead of an orderly close, as when a cable is pulled and a timeout
/// fires.
fn break_off(stream: &TcpStream) {
    // Fails only on a socket that is closed already.
    let _ = stream.set_zero_linger();
}
