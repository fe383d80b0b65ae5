//! One signaling connection, kept alive: opened, signed in, numbered, resumed after a loss.
//!
//! Above this, signaling is reliable and in order until it is [`LinkOutput::Reset`]: frames are numbered, kept until
//! the server has them, and sent again after a lost WebSocket was resumed (`tincan_shared::Outbox`).

use std::mem;

use tincan_shared::{
    ACKNOWLEDGE_EVERY, Arrival, ClientMessage, Frame, IceServer, Inbox, Login, LoginAnswer, LoginRefusal,
    Name, Numbers, Outbox, PROTOCOL_VERSION, RESUME_GRACE_MS, Resume, RoomName, ServerMessage, decode_server,
};

use crate::effect::LinkEffect;
use crate::input::LinkEvent;
use crate::rng::Rng;
use crate::time::Time;
use crate::view::ServerView;

/// How long a WebSocket may take to open and answer the login.
const LOGIN_TIMEOUT_MS: u64 = 10_000;
/// How long the link may be silent before the server is asked for a sign of life.
const PING_AFTER_MS: u64 = 15_000;
/// How long the server may take to give it.
const PONG_TIMEOUT_MS: u64 = 10_000;
/// The waits between attempts to reconnect: doubled from the first to the last, with a quarter of jitter, so
/// that the clients of a restarted server don't all come back in the same instant.
const FIRST_RETRY_MS: u64 = 300;
const LAST_RETRY_MS: u64 = 8_000;
/// What may wait to be acknowledged. A call takes some dozens of frames; past this the link starts anew.
const OUTBOX_FRAMES: usize = 512;

/// What the link tells the rest of the session.
#[derive(Debug, PartialEq)]
pub(crate) enum LinkOutput {
    /// To be done.
    Do(LinkEffect),
    /// The name is ours; for a guest of a room the name is an address, and others see the display name.
    SignedIn { name: String, display_name: Option<String>, ice_servers: Vec<IceServer> },
    /// The name is not to be had, or not any more; the link is closed.
    Refused { name: String, reason: LoginRefusal },
    /// The connection has been away for so long that whoever waits for us should not any more. What was said
    /// still arrives, should the server turn out to have kept it.
    GaveUp,
    /// What the server knew of us is gone: frames sent before may never arrive, and no more of the earlier ones come.
    Reset,
    /// The server has something to say.
    Message(ServerMessage),
}

/// See the module's words.
#[derive(Debug)]
pub(crate) struct Link {
    generation: u32,
    phase: Phase,
    /// Who is to be signed in, while somebody is.
    account: Option<Account>,
}

#[derive(Debug)]
struct Account {
    name: Name,
    /// The room of which they are a guest.
    room: Option<RoomName>,
    /// What resumes the connection. Made here, so that a login whose answer was lost can be repeated: the server
    /// knows by it that the name is taken by the same client.
    token: String,
    /// The server has said yes once.
    known: bool,
    outbox: Outbox<String>,
    inbox: Inbox,
    /// Until when a call may wait for the connection to come back.
    give_up_at: Option<Time>,
    attempts: u32,
}

#[derive(Debug)]
enum Phase {
    Closed,
    /// The WebSocket is being opened, or the login is on its way.
    Opening {
        until: Time,
    },
    Online {
        silent_since: Time,
        pong_until: Option<Time>,
    },
    Waiting {
        until: Time,
    },
}

impl Account {
    fn new(name: Name, room: Option<RoomName>, token: String) -> Account {
        Account {
            name,
            room,
            token,
            known: false,
            outbox: Outbox::new(OUTBOX_FRAMES),
            inbox: Inbox::default(),
            give_up_at: None,
            attempts: 0,
        }
    }

    /// Forgets what was under way with the server.
    fn reset(&mut self) {
        self.outbox = Outbox::new(OUTBOX_FRAMES);
        self.inbox = Inbox::default();
    }
}

impl Link {
    pub(crate) fn new() -> Link {
        Link { generation: 0, phase: Phase::Closed, account: None }
    }

    pub(crate) fn view(&self) -> ServerView {
        match (&self.phase, &self.account) {
            (Phase::Closed, _) | (_, None) => ServerView::Idle,
            (Phase::Online { .. }, _) => ServerView::Online,
            (Phase::Opening { .. }, Some(account)) if account.attempts == 0 && !account.known => {
                ServerView::Connecting
            }
            _ => ServerView::Reconnecting,
        }
    }

    /// When time alone will change something.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        let phase = match &self.phase {
            Phase::Closed => None,
            Phase::Opening { until } | Phase::Waiting { until } => Some(*until),
            Phase::Online { pong_until: Some(until), .. } => Some(*until),
            Phase::Online { silent_since, .. } => Some(silent_since.plus(PING_AFTER_MS)),
        };
        let give_up_at = self.account.as_ref().and_then(|account| account.give_up_at);
        phase.into_iter().chain(give_up_at).min()
    }

    /// Takes `name` from the server, or goes into `room` by it as a guest, giving up the one before. `token` has not
    /// been used before, and nobody can guess it.
    pub(crate) fn sign_in(
        &mut self,
        now: Time,
        name: Name,
        room: Option<RoomName>,
        token: String,
        out: &mut Vec<LinkOutput>,
    ) {
        self.close(out);
        self.account = Some(Account::new(name, room, token));
        self.open(now, out);
    }

    /// Gives the name back. The close is orderly, so the server tells everyone concerned at once.
    pub(crate) fn close(&mut self, out: &mut Vec<LinkOutput>) {
        if !matches!(self.phase, Phase::Closed | Phase::Waiting { .. }) {
            out.push(LinkOutput::Do(LinkEffect::Close { goodbye: true }));
        }
        self.phase = Phase::Closed;
        self.account = None;
        self.generation += 1;
    }

    /// Sends `message`, now or once the link is back.
    pub(crate) fn send(&mut self, message: ClientMessage, out: &mut Vec<LinkOutput>) {
        let Some(account) = &mut self.account else { return };
        let seq = Some(account.outbox.next_seq());
        let text = Frame { message, seq, ack: None }.encode();
        if account.outbox.push(text.clone()).is_err() {
            // Hundreds of frames, and none was taken: this server isn't there any more.
            let name = account.name.as_str().to_owned();
            self.close(out);
            out.push(LinkOutput::Refused { name, reason: LoginRefusal::Other });
        } else if matches!(self.phase, Phase::Online { .. }) {
            out.push(LinkOutput::Do(LinkEffect::Send(text)));
        }
    }

    pub(crate) fn handle(
        &mut self,
        now: Time,
        generation: u32,
        event: LinkEvent,
        rng: &mut Rng,
        out: &mut Vec<LinkOutput>,
    ) {
        if generation != self.generation {
            return;
        }
        match event {
            LinkEvent::Opened => self.log_in(out),
            LinkEvent::Frame(text) => self.frame(now, &text, rng, out),
            LinkEvent::Closed => self.lost(now, rng),
        }
    }

    pub(crate) fn tick(&mut self, now: Time, rng: &mut Rng, out: &mut Vec<LinkOutput>) {
        if let Some(account) = &mut self.account
            && account.give_up_at.is_some_and(|at| now >= at)
        {
            account.give_up_at = None;
            out.push(LinkOutput::GaveUp);
        }
        match &mut self.phase {
            Phase::Opening { until } if now >= *until => {
                out.push(LinkOutput::Do(LinkEffect::Close { goodbye: false }));
                self.lost(now, rng);
            }
            Phase::Waiting { until } if now >= *until => self.open(now, out),
            Phase::Online { pong_until: Some(until), .. } if now >= *until => {
                out.push(LinkOutput::Do(LinkEffect::Close { goodbye: false }));
                self.lost(now, rng);
            }
            Phase::Online { silent_since, pong_until: pong_until @ None }
                if now >= silent_since.plus(PING_AFTER_MS) =>
            {
                *pong_until = Some(now.plus(PONG_TIMEOUT_MS));
                self.ping(out);
            }
            _ => {}
        }
    }

    fn open(&mut self, now: Time, out: &mut Vec<LinkOutput>) {
        self.generation += 1;
        self.phase = Phase::Opening { until: now.plus(LOGIN_TIMEOUT_MS) };
        out.push(LinkOutput::Do(LinkEffect::Open { generation: self.generation }));
    }

    fn lost(&mut self, now: Time, rng: &mut Rng) {
        let was_online = matches!(self.phase, Phase::Online { .. });
        let Some(account) = &mut self.account else { return };
        if was_online {
            account.give_up_at = Some(now.plus(RESUME_GRACE_MS));
        }
        let wait = (FIRST_RETRY_MS << account.attempts.min(10)).min(LAST_RETRY_MS);
        account.attempts += 1;
        self.generation += 1;
        self.phase = Phase::Waiting { until: now.plus(wait + rng.below(wait / 4 + 1)) };
    }

    fn log_in(&mut self, out: &mut Vec<LinkOutput>) {
        let Some(account) = &self.account else { return };
        let login = Login {
            name: account.name.as_str().to_owned(),
            room: account.room.as_ref().map(|room| room.as_str().to_owned()),
            resume: Some(Resume::Token(account.token.clone())),
            received: account.inbox.received(),
            version: Some(PROTOCOL_VERSION),
        };
        let frame: Frame<ClientMessage> = Frame::plain(ClientMessage::Login(login));
        out.push(LinkOutput::Do(LinkEffect::Send(frame.encode())));
    }

    fn ping(&mut self, out: &mut Vec<LinkOutput>) {
        let Some(account) = &mut self.account else { return };
        let ack = Some(account.inbox.acknowledge());
        let frame: Frame<ClientMessage> = Frame { message: ClientMessage::Ping, seq: None, ack };
        out.push(LinkOutput::Do(LinkEffect::Send(frame.encode())));
    }

    fn frame(&mut self, now: Time, text: &str, rng: &mut Rng, out: &mut Vec<LinkOutput>) {
        let Some(account) = &mut self.account else { return };
        let decoded = decode_server(text);
        if let Ok(Frame { message: ServerMessage::Login(answer), .. }) = decoded {
            return self.login_answer(now, answer, out);
        }
        let Phase::Online { silent_since, pong_until } = &mut self.phase else { return };
        *silent_since = now;
        *pong_until = None;
        // A newer server, or a peer whose frames it passes on, may say things that this version doesn't understand.
        let (message, numbers) = match decoded {
            Ok(Frame { message, seq, ack }) => (Some(message), Numbers { seq, ack }),
            Err(_) => (None, Numbers::of(text)),
        };
        if let Some(ack) = numbers.ack {
            account.outbox.acknowledge(ack);
        }
        match numbers.seq.map(|seq| account.inbox.arrive(seq)) {
            Some(Arrival::Duplicate) => return,
            Some(Arrival::Gap) => {
                out.push(LinkOutput::Do(LinkEffect::Close { goodbye: false }));
                return self.lost(now, rng);
            }
            Some(Arrival::Next) | None => {}
        }
        // Only now: a server that takes the login and then fails is not to be asked again at once.
        account.attempts = 0;
        if account.inbox.owed() >= ACKNOWLEDGE_EVERY {
            self.ping(out);
        }
        out.extend(
            message.filter(|message| !matches!(message, ServerMessage::Pong)).map(LinkOutput::Message),
        );
    }

    fn login_answer(&mut self, now: Time, answer: LoginAnswer, out: &mut Vec<LinkOutput>) {
        let (Some(account), Phase::Opening { .. }) = (&mut self.account, &self.phase) else { return };
        if !answer.success {
            let name = account.name.as_str().to_owned();
            let reason = answer.reason.unwrap_or(LoginRefusal::Other);
            self.close(out);
            out.push(LinkOutput::Refused { name, reason });
            return;
        }
        self.phase = Phase::Online { silent_since: now, pong_until: None };
        if account.known && !answer.resumed {
            account.reset();
            out.push(LinkOutput::Reset);
        }
        account.known = true;
        account.give_up_at = None;
        account.token = answer.resume.unwrap_or_else(|| mem::take(&mut account.token));
        let name = answer.name.unwrap_or_else(|| account.name.as_str().to_owned());
        let (display_name, ice_servers) = (answer.display_name, answer.ice_servers);
        out.push(LinkOutput::SignedIn { name, display_name, ice_servers });
        account.outbox.acknowledge(answer.received);
        for text in account.outbox.unacknowledged() {
            out.push(LinkOutput::Do(LinkEffect::Send(text.clone())));
        }
    }
}
