//! One client: comes, calls its neighbour, goes into a room, goes away in one way or another, and comes
//! again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures_util::{SinkExt, StreamExt};
use tincan_shared::{
    CLOSE_TO_RESUME, CallId, ClientMessage, Description, DescriptionKind, Frame, IceCandidate, Inbox,
    LeaveReason, Login, LoginAnswer, LoginRefusal, Resume, ServerMessage, decode_server,
};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::tallies::Tallies;

/// How many share a room.
const ROOM: usize = 4;
/// What a description is as long as.
const SDP_BYTES: usize = 2_000;
/// How long a login may take. The server may be killed meanwhile.
const LOGIN: Duration = Duration::from_secs(10);

pub(crate) struct Person {
    number: usize,
    people: usize,
    port: u16,
    random: fastrand::Rng,
    tallies: Arc<Tallies>,
    token: String,
    inbox: Inbox,
    call: Option<CallId>,
    is_in_room: bool,
    /// Since when somebody else seems to have the name.
    kept_since: Option<Instant>,
    /// Whether the server can know the token.
    is_owner: bool,
}

pub(crate) fn name(number: usize) -> String {
    format!("Person {number}")
}

/// How somebody goes.
enum Going {
    ForGood,
    ToResume,
    WithoutAWord,
    /// Without a word, and comes as somebody who doesn't know the token.
    AsStranger,
}

type Socket = WebSocketStream<TcpStream>;

impl Person {
    pub(crate) fn new(
        number: usize,
        people: usize,
        port: u16,
        random: fastrand::Rng,
        tallies: Arc<Tallies>,
    ) -> Person {
        let mut person = Person {
            number,
            people,
            port,
            random,
            tallies,
            token: String::new(),
            inbox: Inbox::default(),
            call: None,
            is_in_room: false,
            kept_since: None,
            is_owner: false,
        };
        person.forget();
        person
    }

    /// Knows nothing of an earlier login any more.
    fn forget(&mut self) {
        self.token = format!("{:032x}", self.random.u128(..));
        (self.inbox, self.is_owner) = (Inbox::default(), false);
        (self.call, self.is_in_room) = (None, false);
    }

    /// Comes and goes until it is over, and then goes for good.
    pub(crate) async fn live(mut self, mut over: watch::Receiver<bool>) {
        self.pause(2_000).await;
        while !*over.borrow() {
            match timeout(LOGIN, self.come()).await {
                Ok(Ok(Some(socket))) => {
                    if self.stay(socket, &mut over).await.is_err() {
                        // As its page would: the login may be known to the server, or not.
                        self.tallies.lost.add();
                    }
                }
                // The name isn't free.
                Ok(Ok(None)) => self.pause(1_000).await,
                // The server isn't there.
                Ok(Err(_)) | Err(_) => self.pause(600).await,
            }
            self.pause(300).await;
        }
    }

    async fn pause(&mut self, most_ms: u64) {
        sleep(Duration::from_millis(self.random.u64(..most_ms))).await;
    }

    /// Signs in. Returns nothing if the name is taken.
    async fn come(&mut self) -> Result<Option<Socket>> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(2048);
        let url = format!("ws://localhost:{}/ws", self.port);
        let (mut socket, _) = client_async_with_config(url, stream, Some(config)).await?;
        let login = Login {
            name: name(self.number),
            resume: Some(Resume::Token(self.token.clone())),
            received: self.inbox.received(),
            ..Login::default()
        };
        say(&mut socket, ClientMessage::Login(login)).await?;
        let answer = loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame: Frame<ServerMessage> = decode_server(&text)?;
                    match frame.message {
                        ServerMessage::Login(answer) => break answer,
                        other => bail!("a login was answered by {other:?}"),
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => bail!("the server went"),
            }
        };
        if let Some(since) = self.kept_since {
            self.tallies.longest_kept.at_least(since.elapsed().as_millis() as u64);
        }
        if !answer.success {
            self.refused(&answer);
            return Ok(None);
        }
        self.kept_since = None;
        self.is_owner = true;
        if answer.resumed {
            self.tallies.resumed.add();
        } else {
            self.tallies.sign_ins.add();
            // The server may be another one, and numbers its frames anew.
            (self.inbox, self.call, self.is_in_room) = (Inbox::default(), None, false);
        }
        Ok(Some(socket))
    }

    fn refused(&mut self, answer: &LoginAnswer) {
        if answer.reason == Some(LoginRefusal::InUse) && !self.is_owner {
            self.kept_since.get_or_insert_with(Instant::now);
        } else {
            self.tallies.shut_out.add();
        }
    }

    async fn stay(&mut self, mut socket: Socket, over: &mut watch::Receiver<bool>) -> Result<()> {
        let until = Instant::now() + Duration::from_millis(1_000 + self.random.u64(..40_000));
        loop {
            let next = Duration::from_millis(200 + self.random.u64(..2_000));
            tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(Message::Text(text))) => self.hear(&mut socket, &text).await?,
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => {}
                    _ => bail!("the server went"),
                },
                () = sleep(next) => {
                    if Instant::now() > until {
                        let going = match self.random.u32(..10) {
                            0..=2 => Going::ForGood,
                            3..=5 => Going::ToResume,
                            6..=8 => Going::WithoutAWord,
                            _ => Going::AsStranger,
                        };
                        return self.go(socket, going).await;
                    }
                    self.act(&mut socket).await?;
                }
                _ = over.changed() => return self.go(socket, Going::ForGood).await,
            }
        }
    }

    async fn go(&mut self, mut socket: Socket, going: Going) -> Result<()> {
        let code = match going {
            Going::WithoutAWord => return Ok(()),
            Going::AsStranger => {
                self.forget();
                return Ok(());
            }
            Going::ForGood => {
                self.forget();
                1000
            }
            Going::ToResume => CLOSE_TO_RESUME,
        };
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        socket.send(Message::Close(Some(frame))).await?;
        // Until the server has seen it.
        while let Some(Ok(_)) = socket.next().await {}
        Ok(())
    }

    /// Does something of what pages do.
    async fn act(&mut self, socket: &mut Socket) -> Result<()> {
        let partner = name((self.number ^ 1).min(self.people - 1));
        let message = match (self.random.u32(..8), self.call.take()) {
            (0..=4, Some(call)) => {
                self.call = Some(call.clone());
                let candidate = "candidate:1 1 udp 1 192.0.2.1 9 typ host".to_owned();
                let candidate = IceCandidate {
                    candidate,
                    sdp_mid: None,
                    sdp_m_line_index: Some(0),
                    username_fragment: None,
                };
                ClientMessage::Candidate { name: partner, candidate: Some(candidate), call: Some(call) }
            }
            (_, Some(call)) => {
                let reason = Some(LeaveReason::Hangup);
                ClientMessage::Leave { name: Some(partner), call: Some(call), reason }
            }
            (0..=1, None) => {
                self.tallies.calls.add();
                let call = CallId::from_random(self.random.u64(..));
                self.call = Some(call.clone());
                let offer = description(DescriptionKind::Offer);
                ClientMessage::Offer { name: partner, offer, call: Some(call), files: None, stream: None }
            }
            (2..=3, None) if !self.is_in_room => {
                self.tallies.rooms.add();
                self.is_in_room = true;
                ClientMessage::Join { room: format!("room-{}", self.number / ROOM) }
            }
            (4, None) if self.is_in_room => {
                self.is_in_room = false;
                ClientMessage::LeaveRoom
            }
            _ => return self.acknowledge(socket).await,
        };
        say(socket, message).await
    }

    async fn acknowledge(&mut self, socket: &mut Socket) -> Result<()> {
        let ack = Some(self.inbox.acknowledge());
        let frame: Frame<ClientMessage> = Frame { message: ClientMessage::Ping, seq: None, ack };
        Ok(socket.send(Message::text(frame.encode())).await?)
    }

    /// Does as a page would at what the server says.
    async fn hear(&mut self, socket: &mut Socket, text: &str) -> Result<()> {
        self.tallies.frames.add();
        let frame: Frame<ServerMessage> = decode_server(text)?;
        let Frame { message, seq, .. } = frame;
        if let Some(seq) = seq {
            self.inbox.arrive(seq);
        }
        if self.inbox.owed() >= tincan_shared::ACKNOWLEDGE_EVERY {
            self.acknowledge(socket).await?;
        }
        match message {
            ServerMessage::Offer { name, call: Some(call), .. } if self.random.u32(..4) > 0 => {
                self.call = Some(call.clone());
                let answer = description(DescriptionKind::Answer);
                say(socket, ClientMessage::Answer { name, answer, call: Some(call), stream: None }).await
            }
            ServerMessage::Offer { name, call, .. } => {
                let reason = Some(LeaveReason::Declined);
                say(socket, ClientMessage::Leave { name: Some(name), call, reason }).await
            }
            ServerMessage::Leave { call, .. } if call == self.call => {
                self.call = None;
                Ok(())
            }
            // Whoever comes into the room is called by those who are there.
            ServerMessage::Joined(member) if member.caller => {
                let offer = description(DescriptionKind::Offer);
                let (name, call) = (member.name, Some(member.call));
                say(socket, ClientMessage::Offer { name, offer, call, files: None, stream: None }).await
            }
            _ => Ok(()),
        }
    }
}

fn description(kind: DescriptionKind) -> Description {
    Description { kind, sdp: "x".repeat(SDP_BYTES) }
}

async fn say(socket: &mut Socket, message: ClientMessage) -> Result<()> {
    Ok(socket.send(Message::text(Frame::plain(message).encode())).await?)
}
