//! Signaling: one login, kept alive over one WebSocket after the other.
//!
//! Frames are numbered, kept until the server has acknowledged them, and sent again after the login was
//! resumed over a new WebSocket (`tincan_shared::Outbox`). So each arrives once and in order, until the
//! server has forgotten the login ([`ServerEvent::Reset`]).
//! Nothing in here knows of calls or rooms.

use std::collections::VecDeque;
use std::mem;

use tincan_shared::{
    ACKNOWLEDGE_EVERY, Arrival, Claim, ClientMessage, Frame, IceServer, Inbox, Login, LoginAnswer,
    LoginRefusal, Name, Numbers, Outbox, PROTOCOL_VERSION, RESUME_GRACE_MS, Resume, RoomName, ServerMessage,
    decode_server,
};

use crate::effect::{Effect, SignalingEffect};
use crate::ids::Generation;
use crate::input::SignalingEvent;
use crate::random::Random;
use crate::time::Time;
use crate::view::{ServerTrouble, ServerView};

/// How long a WebSocket may take to open and answer the login.
const LOGIN_TIMEOUT_MS: u64 = 10_000;
/// How long the link may be silent before the server is asked for a sign of life.
const PING_AFTER_MS: u64 = 15_000;
/// How long the server may take to give it.
const PONG_TIMEOUT_MS: u64 = 10_000;
/// How long it may take when the network may be another one.
const DOUBTED_PONG_TIMEOUT_MS: u64 = 3_000;
/// A link that was up for so long is tried again at once, before somebody else can take the name.
const STEADY_MS: u64 = 5_000;
/// The longest waits between further attempts to reconnect: doubled from the first to the last. Each wait is
/// any part of that, so that the clients of a restarted server don't all come back in the same instant.
const FIRST_RETRY_MS: u64 = 300;
const LAST_RETRY_MS: u64 = 8_000;
/// How many calls a login claims. All of them have to fit into what may be sent before sign-in.
const MAX_CLAIMED: usize = 30;
/// More frames than any server has sent. A page that was loaded anew hasn't the ones that the page before it
/// was sent: with this in `received`, its login is a fresh one, and ends that of the page before.
const ANEW: u64 = (1 << 53) - 1;
/// What may wait to be acknowledged. A call takes some dozens of frames; past this signaling starts anew.
const OUTBOX_FRAMES: usize = 512;

/// What signaling tells the rest of the session.
#[derive(Debug, PartialEq)]
pub(crate) enum ServerEvent {
    /// The name is ours; for a guest of a room the name is an address, and others see the display name.
    SignedIn { name: String, display_name: Option<String>, ice_servers: Vec<IceServer> },
    /// The name is not to be had, or not any more. Signaling is closed.
    Refused { name: String, reason: LoginRefusal },
    /// The connection has been away for so long that whoever waits for us should not any more. What was said
    /// still arrives, should the server turn out to have kept it.
    GaveUp,
    /// What the server knew of us is gone: frames sent before may never arrive, and no more of the earlier
    /// ones come.
    Reset,
    /// The server has something to say.
    Message(ServerMessage),
}

/// What tells the server who logs in.
#[derive(Debug)]
pub(crate) struct Credentials {
    /// Nobody can guess it.
    pub(crate) token: String,
    pub(crate) ticket: Option<String>,
    /// They are those of a page that is no more.
    pub(crate) of_earlier_page: bool,
}

#[derive(Debug)]
pub(crate) struct Signaling {
    generation: Generation,
    /// Who is signed in or on the way to it.
    login: Option<ServerLogin>,
    events: VecDeque<ServerEvent>,
}

/// What signaling works with.
pub(crate) struct Env<'a> {
    pub(crate) now: Time,
    pub(crate) random: &'a mut Random,
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Env<'_> {
    fn act(&mut self, effect: SignalingEffect) {
        self.effects.push(Effect::Signaling(effect));
    }
}

/// One user of the server, from signing in to signing out.
#[derive(Debug)]
struct ServerLogin {
    name: Name,
    /// The room of which they are a guest.
    room: Option<RoomName>,
    /// What resumes the connection. Made here, so that a login whose answer was lost can be repeated: the
    /// server knows by it that the name is taken by the same client.
    token: String,
    /// What the server gave to show, after a restart, that the name is ours.
    ticket: Option<String>,
    /// A page before this one has logged in so, and the server may take this one for it.
    of_earlier_page: bool,
    /// The server has said yes once.
    known: bool,
    outbox: Outbox<String>,
    inbox: Inbox,
    /// The calls that go on, should the server have forgotten them.
    claims: Vec<Claim>,
    /// Until when a call may wait for the connection to come back.
    give_up_at: Option<Time>,
    attempts: u32,
    /// Why the last WebSocket didn't open.
    trouble: Option<ServerTrouble>,
    /// Since when the link is up, or was last.
    online_since: Time,
    socket: Socket,
}

/// How the WebSocket is.
#[derive(Debug)]
enum Socket {
    /// It is being opened, or the login is on its way.
    Opening {
        until: Time,
    },
    Online {
        silent_since: Time,
        pong_until: Option<Time>,
    },
    /// The next is opened then.
    Waiting {
        until: Time,
    },
}

impl ServerLogin {
    fn new(name: Name, room: Option<RoomName>, credentials: Credentials, socket: Socket) -> ServerLogin {
        let Credentials { token, ticket, of_earlier_page } = credentials;
        ServerLogin {
            name,
            room,
            token,
            ticket,
            of_earlier_page,
            known: false,
            outbox: Outbox::new(OUTBOX_FRAMES),
            inbox: Inbox::default(),
            claims: Vec::new(),
            give_up_at: None,
            attempts: 0,
            trouble: None,
            online_since: Time::default(),
            socket,
        }
    }

    /// Forgets what was under way with the server.
    fn reset(&mut self) {
        self.outbox = Outbox::new(OUTBOX_FRAMES);
        self.inbox = Inbox::default();
    }

    fn next_timeout(&self) -> Option<Time> {
        let socket = match &self.socket {
            Socket::Opening { until } | Socket::Waiting { until } => *until,
            Socket::Online { pong_until: Some(until), .. } => *until,
            Socket::Online { silent_since, .. } => silent_since.plus(PING_AFTER_MS),
        };
        self.give_up_at.into_iter().chain([socket]).min()
    }

    fn log_in(&self, env: &mut Env<'_>) {
        let login = Login {
            name: self.name.as_str().to_owned(),
            room: self.room.as_ref().map(|room| room.as_str().to_owned()),
            resume: Some(Resume::Token(self.token.clone())),
            received: if self.of_earlier_page { ANEW } else { self.inbox.received() },
            version: Some(PROTOCOL_VERSION),
            calls: self.claims.clone(),
            ticket: self.ticket.clone(),
        };
        let frame: Frame<ClientMessage> = Frame::plain(ClientMessage::Login(login));
        env.act(SignalingEffect::Send(frame.encode()));
    }

    fn ping(&mut self, env: &mut Env<'_>) {
        let ack = Some(self.inbox.acknowledge());
        let frame: Frame<ClientMessage> = Frame { message: ClientMessage::Ping, seq: None, ack };
        env.act(SignalingEffect::Send(frame.encode()));
    }
}

impl Signaling {
    pub(crate) fn new() -> Signaling {
        Signaling { generation: Generation(0), login: None, events: VecDeque::new() }
    }

    pub(crate) fn view(&self) -> ServerView {
        match &self.login {
            None => ServerView::Idle,
            Some(ServerLogin { socket: Socket::Online { .. }, .. }) => ServerView::Online,
            Some(ServerLogin { socket: Socket::Opening { .. }, attempts: 0, known: false, .. }) => {
                ServerView::Connecting
            }
            Some(login) => ServerView::Reconnecting(login.trouble.clone()),
        }
    }

    /// Returns what has happened and was not handled yet.
    pub(crate) fn poll(&mut self) -> Option<ServerEvent> {
        self.events.pop_front()
    }

    /// Returns when time alone will change something.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.login.as_ref().map(ServerLogin::next_timeout)?
    }

    /// Takes `name` from the server, or goes into `room` by it as a guest, giving up the one before.
    pub(crate) fn sign_in(
        &mut self,
        name: Name,
        room: Option<RoomName>,
        credentials: Credentials,
        env: &mut Env<'_>,
    ) {
        self.close(env);
        let socket = open_socket(&mut self.generation, env);
        self.login = Some(ServerLogin::new(name, room, credentials, socket));
    }

    /// Returns the token and the ticket by which a page after this one is the same user, once there is one.
    pub(crate) fn credentials(&self) -> Option<(&str, Option<&str>)> {
        let login = self.login.as_ref().filter(|login| login.known || login.of_earlier_page)?;
        Some((&login.token, login.ticket.as_deref()))
    }

    /// Closes the WebSocket of a page that may be back in a moment: the server keeps the name for that long.
    pub(crate) fn suspend(&mut self, env: &mut Env<'_>) {
        if let Some(login) = &self.login
            && !matches!(login.socket, Socket::Waiting { .. })
        {
            self.drop_socket(env);
        }
    }

    /// Has the next login say that these calls go on. A server that has forgotten nothing takes no notice.
    pub(crate) fn claim(&mut self, claims: impl Iterator<Item = Claim>) {
        if let Some(login) = &mut self.login {
            login.claims = claims.take(MAX_CLAIMED).collect();
        }
    }

    /// Gives the name back. The close is orderly, so the server tells everyone concerned at once.
    pub(crate) fn close(&mut self, env: &mut Env<'_>) {
        if let Some(login) = self.login.take()
            && !matches!(login.socket, Socket::Waiting { .. })
        {
            env.act(SignalingEffect::Close { goodbye: true });
        }
        self.generation.0 += 1;
    }

    /// Sends `message`, now or once the WebSocket is back.
    pub(crate) fn send(&mut self, message: ClientMessage, env: &mut Env<'_>) {
        let Some(login) = &mut self.login else { return };
        let seq = Some(login.outbox.next_seq());
        let text = Frame { message, seq, ack: None }.encode();
        if login.outbox.push(text.clone()).is_err() {
            // Hundreds of frames, and none was taken: this server isn't there any more.
            self.refuse(LoginRefusal::Other, env);
        } else if matches!(login.socket, Socket::Online { .. }) {
            env.act(SignalingEffect::Send(text));
        }
    }

    pub(crate) fn handle(&mut self, generation: Generation, event: SignalingEvent, env: &mut Env<'_>) {
        if generation != self.generation {
            return;
        }
        match event {
            SignalingEvent::Opened => {
                if let Some(login) = &mut self.login {
                    login.trouble = None;
                    login.log_in(env);
                }
            }
            SignalingEvent::Frame(text) => self.frame(&text, env),
            SignalingEvent::NotOpened(trouble) => {
                if let Some(login) = &mut self.login {
                    login.trouble = trouble;
                }
            }
            SignalingEvent::Closed => self.lost(env),
        }
    }

    pub(crate) fn tick(&mut self, env: &mut Env<'_>) {
        let Some(login) = &mut self.login else { return };
        if login.give_up_at.take_if(|at| env.now >= *at).is_some() {
            self.events.push_back(ServerEvent::GaveUp);
        }
        match &mut login.socket {
            Socket::Waiting { until } if env.now >= *until => {
                login.socket = open_socket(&mut self.generation, env);
            }
            Socket::Opening { until } | Socket::Online { pong_until: Some(until), .. }
                if env.now >= *until =>
            {
                self.drop_socket(env);
            }
            Socket::Online { silent_since, pong_until: pong_until @ None }
                if env.now >= silent_since.plus(PING_AFTER_MS) =>
            {
                *pong_until = Some(env.now.plus(PONG_TIMEOUT_MS));
                login.ping(env);
            }
            _ => {}
        }
    }

    /// The network may be another one: tries at once, or sees whether the server still answers.
    pub(crate) fn look_again(&mut self, env: &mut Env<'_>) {
        let Some(login) = &mut self.login else { return };
        match &mut login.socket {
            Socket::Waiting { until } => *until = env.now,
            Socket::Online { pong_until: pong_until @ None, .. } => {
                *pong_until = Some(env.now.plus(DOUBTED_PONG_TIMEOUT_MS));
                login.ping(env);
            }
            Socket::Online { .. } | Socket::Opening { .. } => {}
        }
        self.tick(env);
    }

    /// Closes a WebSocket that can't be used, in order to open another.
    fn drop_socket(&mut self, env: &mut Env<'_>) {
        env.act(SignalingEffect::Close { goodbye: false });
        self.lost(env);
    }

    fn lost(&mut self, env: &mut Env<'_>) {
        let Some(login) = &mut self.login else { return };
        let mut steady = false;
        if matches!(login.socket, Socket::Online { .. }) {
            login.give_up_at = Some(env.now.plus(RESUME_GRACE_MS));
            steady = env.now >= login.online_since.plus(STEADY_MS);
        }
        let wait = if steady {
            login.attempts = 0;
            0
        } else {
            let longest = (FIRST_RETRY_MS << login.attempts.min(10)).min(LAST_RETRY_MS);
            login.attempts += 1;
            env.random.below(longest + 1)
        };
        login.socket = Socket::Waiting { until: env.now.plus(wait) };
        self.generation.0 += 1;
    }

    fn refuse(&mut self, reason: LoginRefusal, env: &mut Env<'_>) {
        let Some(login) = &self.login else { return };
        let name = login.name.as_str().to_owned();
        self.close(env);
        self.events.push_back(ServerEvent::Refused { name, reason });
    }

    fn frame(&mut self, text: &str, env: &mut Env<'_>) {
        let decoded = decode_server(text);
        if let Ok(Frame { message: ServerMessage::Login(answer), .. }) = decoded {
            return self.login_answer(answer, env);
        }
        let Some(login) = &mut self.login else { return };
        let Socket::Online { silent_since, pong_until } = &mut login.socket else { return };
        *silent_since = env.now;
        *pong_until = None;
        // A newer server, or a peer whose frames it passes on, may say things that this version doesn't
        // understand.
        let (message, numbers) = match decoded {
            Ok(Frame { message, seq, ack }) => (Some(message), Numbers { seq, ack }),
            Err(bad) => (None, bad.numbers),
        };
        if let Some(ack) = numbers.ack {
            login.outbox.acknowledge(ack);
        }
        match numbers.seq.map(|seq| login.inbox.arrive(seq)) {
            Some(Arrival::Duplicate) => return,
            Some(Arrival::Gap) => return self.drop_socket(env),
            Some(Arrival::Next) | None => {}
        }
        if login.inbox.owed() >= ACKNOWLEDGE_EVERY {
            login.ping(env);
        }
        if let Some(message) = message.filter(|message| !matches!(message, ServerMessage::Pong)) {
            self.events.push_back(ServerEvent::Message(message));
        }
    }

    fn login_answer(&mut self, mut answer: LoginAnswer, env: &mut Env<'_>) {
        let Some(login) = &mut self.login else { return };
        match login.socket {
            Socket::Opening { .. } => {}
            // Told anew, because credentials for TURN expire.
            Socket::Online { .. } if answer.success => {
                login.ticket = answer.ticket.take().or(login.ticket.take());
                return self.signed_in(answer);
            }
            _ => return,
        }
        if !answer.success && !login.claims.is_empty() {
            // A call goes on without the server, and its name may be free later.
            login.trouble = Some(ServerTrouble::NameTaken);
            env.act(SignalingEffect::Close { goodbye: false });
            login.socket = Socket::Waiting { until: env.now.plus(LAST_RETRY_MS) };
            self.generation.0 += 1;
            return;
        }
        if !answer.success {
            return self.refuse(answer.reason.unwrap_or(LoginRefusal::Other), env);
        }
        login.online_since = env.now;
        login.socket = Socket::Online { silent_since: env.now, pong_until: None };
        if login.known && !answer.resumed {
            login.reset();
            self.events.push_back(ServerEvent::Reset);
        }
        login.known = true;
        login.of_earlier_page = false;
        login.give_up_at = None;
        login.token = answer.resume.take().unwrap_or_else(|| mem::take(&mut login.token));
        login.ticket = answer.ticket.take().or(login.ticket.take());
        login.outbox.acknowledge(answer.received);
        for text in login.outbox.unacknowledged() {
            env.act(SignalingEffect::Send(text.clone()));
        }
        self.signed_in(answer);
    }

    fn signed_in(&mut self, answer: LoginAnswer) {
        let Some(login) = &self.login else { return };
        let name = answer.name.unwrap_or_else(|| login.name.as_str().to_owned());
        let (display_name, ice_servers) = (answer.display_name, answer.ice_servers);
        self.events.push_back(ServerEvent::SignedIn { name, display_name, ice_servers });
    }
}

fn open_socket(generation: &mut Generation, env: &mut Env<'_>) -> Socket {
    generation.0 += 1;
    env.act(SignalingEffect::Open { generation: *generation });
    Socket::Opening { until: env.now.plus(LOGIN_TIMEOUT_MS) }
}
