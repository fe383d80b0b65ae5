//! One signaling connection, kept alive: opened, signed in, numbered, resumed after a loss.
//!
//! Above this, signaling is reliable and in order until it is [`LinkOutput::Reset`]: frames are numbered, kept until
//! the server has them, and sent again after a lost WebSocket was resumed (`tincan_shared::Outbox`).

use tincan_shared::{
    ACKNOWLEDGE_EVERY, Arrival, ClientMessage, Frame, IceServer, Inbox, Login, LoginAnswer, LoginRefusal,
    Name, Outbox, PROTOCOL_VERSION, RESUME_GRACE_MS, Resume, ServerMessage, decode_server,
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
    /// The name is ours.
    SignedIn { name: String, ice_servers: Vec<IceServer> },
    /// The name is not to be had; the link is closed.
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
    token: Option<String>,
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
    fn new(name: Name) -> Account {
        Account {
            name,
            token: None,
            outbox: Outbox::new(OUTBOX_FRAMES),
            inbox: Inbox::default(),
            give_up_at: None,
            attempts: 0,
        }
    }

    /// Forgets what was under way with the server.
    fn reset(&mut self) {
        *self = Account { attempts: self.attempts, ..Account::new(self.name.clone()) };
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
            (Phase::Opening { .. }, Some(account)) if account.attempts == 0 && account.token.is_none() => {
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

    /// Takes `name` from the server, giving up the one before.
    pub(crate) fn sign_in(&mut self, now: Time, name: Name, out: &mut Vec<LinkOutput>) {
        self.close(out);
        self.account = Some(Account::new(name));
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
    pub(crate) fn send(&mut self, now: Time, message: ClientMessage, out: &mut Vec<LinkOutput>) {
        let Some(account) = &mut self.account else { return };
        let seq = Some(account.outbox.next_seq());
        let text = Frame { message, seq, ack: None }.encode();
        if account.outbox.push(text.clone()).is_err() {
            // The server has taken nothing for hundreds of frames: what it knows of us is worth nothing.
            account.reset();
            out.push(LinkOutput::Reset);
            self.reconnect(now, out);
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
            LinkEvent::Frame(text) => self.frame(now, &text, out),
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

    /// Drops the connection and tries again at once.
    fn reconnect(&mut self, now: Time, out: &mut Vec<LinkOutput>) {
        if !matches!(self.phase, Phase::Closed | Phase::Waiting { .. }) {
            out.push(LinkOutput::Do(LinkEffect::Close { goodbye: false }));
        }
        if let Some(account) = &mut self.account {
            account.give_up_at.get_or_insert(now.plus(RESUME_GRACE_MS));
        }
        self.open(now, out);
    }

    fn log_in(&mut self, out: &mut Vec<LinkOutput>) {
        let Some(account) = &self.account else { return };
        let login = Login {
            name: account.name.as_str().to_owned(),
            resume: Some(account.token.clone().map_or(Resume::Ask(true), Resume::Token)),
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

    fn frame(&mut self, now: Time, text: &str, out: &mut Vec<LinkOutput>) {
        // A newer server may say things that this version doesn't know.
        let Ok(Frame { message, seq, ack }) = decode_server(text) else { return };
        let Some(account) = &mut self.account else { return };
        if let ServerMessage::Login(answer) = message {
            return self.login_answer(now, answer, out);
        }
        if let Phase::Online { silent_since, pong_until } = &mut self.phase {
            *silent_since = now;
            *pong_until = None;
        } else {
            return;
        }
        if let Some(ack) = ack {
            account.outbox.acknowledge(ack);
        }
        match seq.map(|seq| account.inbox.arrive(seq)) {
            Some(Arrival::Duplicate) => return,
            Some(Arrival::Gap) => return self.reconnect(now, out),
            Some(Arrival::Next) | None => {}
        }
        if account.inbox.owed() >= ACKNOWLEDGE_EVERY {
            self.ping(out);
        }
        if !matches!(message, ServerMessage::Pong) {
            out.push(LinkOutput::Message(message));
        }
    }

    fn login_answer(&mut self, now: Time, answer: LoginAnswer, out: &mut Vec<LinkOutput>) {
        let (Some(account), Phase::Opening { .. }) = (&mut self.account, &self.phase) else { return };
        if !answer.success {
            let name = account.name.as_str().to_owned();
            let reason = answer.reason.unwrap_or(LoginRefusal::Other);
            let known = account.token.is_some();
            self.close(out);
            if known {
                out.push(LinkOutput::Reset);
            }
            out.push(LinkOutput::Refused { name, reason });
            return;
        }
        self.phase = Phase::Online { silent_since: now, pong_until: None };
        if account.token.is_some() && !answer.resumed {
            account.reset();
            out.push(LinkOutput::Reset);
        }
        account.give_up_at = None;
        account.attempts = 0;
        account.token = answer.resume;
        let name = answer.name.unwrap_or_else(|| account.name.as_str().to_owned());
        out.push(LinkOutput::SignedIn { name, ice_servers: answer.ice_servers });
        account.outbox.acknowledge(answer.received);
        for text in account.outbox.unacknowledged() {
            out.push(LinkOutput::Do(LinkEffect::Send(text.clone())));
        }
    }
}
