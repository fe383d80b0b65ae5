//! Signing in, and coming back.

use tincan_shared::{
    ErrorCode, Frame, LeaveReason, Login, LoginAnswer, LoginRefusal, Name, PROTOCOL_VERSION, Resume,
};

use super::connection::{Close, ConnectionId};
use super::user::{Presence, Resumption, Token, User};
use super::{Hub, Outgoing};
use crate::name_key::NameKey;

impl Hub {
    /// The first `login` of a connection, or another after a refusal.
    pub(super) fn log_in(&mut self, now_ms: u64, id: ConnectionId, login: &Login) {
        let name = match Name::parse(&login.name) {
            Ok(name) => name,
            Err(error) => return self.refuse_login(now_ms, id, error.into()),
        };
        let key = NameKey::of(&name);
        if self.owns(&key, login.resume.as_ref()) {
            if self.is_of_this_life(&key, login.received) {
                return self.resume(id, &key, login.received);
            }
            self.end_life(&key);
        }
        if self.users.contains_key(&key) {
            return self.refuse_login(now_ms, id, LoginRefusal::InUse);
        }
        if self.users.len() >= self.limits.users {
            return self.refuse_login(now_ms, id, LoginRefusal::ServerFull);
        }
        self.sign_in(id, key, name, login.resume.as_ref());
    }

    fn sign_in(&mut self, id: ConnectionId, key: NameKey, name: Name, resume: Option<&Resume>) {
        self.stop_expecting_sign_in(id);
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.user = Some(key.clone());
        let token = match resume {
            None | Some(Resume::Ask(false)) => None,
            Some(Resume::Ask(true)) => Some(self.new_token()),
            Some(Resume::Token(text)) => Some(self.adopt_or_make_token(text)),
        };
        let resumption = token.map(|token| {
            self.tokens.insert(token.clone());
            Box::new(Resumption::new(token, &self.limits))
        });
        let answer = LoginAnswer {
            name: Some(name.as_str().to_owned()),
            resume: resumption.as_ref().map(|resumption| resumption.token.as_str().to_owned()),
            ..self.accepted()
        };
        let user =
            User { name, presence: Presence::Online(id), resumption, pairs: super::pairs::Pairs::default() };
        self.users.insert(key, user);
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
    }

    /// The token that the client has chosen. Then a client that never got the answer to its login can say the same
    /// again, and comes back instead of being told that its name is taken.
    fn adopt_or_make_token(&mut self, text: &str) -> Token {
        match Token::chosen(text) {
            Some(token) if !self.tokens.contains(&token) => token,
            _ => self.new_token(),
        }
    }

    fn new_token(&mut self) -> Token {
        loop {
            // Once, unless somebody has chosen what the generator was about to make.
            let token = Token::from_random((self.random)());
            if !self.tokens.contains(&token) {
                return token;
            }
        }
    }

    /// Whether `resume` is the token of the user who has this name.
    fn owns(&self, key: &NameKey, resume: Option<&Resume>) -> bool {
        let resumption = self.users.get(key).and_then(|user| user.resumption.as_ref());
        match (resumption, resume) {
            (Some(resumption), Some(Resume::Token(text))) => resumption.token.matches(text),
            _ => false,
        }
    }

    /// Whether the client can mean our numbers by its own. It can't if it has received what we never sent: then it
    /// counts on from what was before the server started, or before its grace ended, and hasn't heard that it begins
    /// anew, because the answer to that login was lost.
    fn is_of_this_life(&self, key: &NameKey, received: u64) -> bool {
        let resumption = self.users.get(key).and_then(|user| user.resumption.as_ref());
        resumption.is_some_and(|resumption| resumption.has_sent(received))
    }

    /// The user's own client signs in anew.
    fn end_life(&mut self, key: &NameKey) {
        if let Some(old) = self.users.get(key).and_then(|user| user.connection()) {
            self.close(old, Close::REPLACED, ErrorCode::Replaced, REPLACED);
        }
        self.end_user(key, LeaveReason::Lost);
    }

    /// The user comes back on connection `id`, having received our frames up to `received`.
    fn resume(&mut self, id: ConnectionId, key: &NameKey, received: u64) {
        match self.users.get(key).map(|user| user.presence) {
            Some(Presence::Online(old)) => {
                if let Some(connection) = self.connections.get_mut(&old) {
                    connection.user = None;
                }
                self.close(old, Close::REPLACED, ErrorCode::Replaced, REPLACED);
            }
            Some(Presence::Away { until }) => {
                self.graces.remove(&(until, key.clone()));
            }
            None => return,
        }
        self.stop_expecting_sign_in(id);
        let accepted = self.accepted();
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(user) = self.users.get_mut(key) else { return };
        let Some(resumption) = user.resumption.as_mut() else { return };
        connection.user = Some(key.clone());
        user.presence = Presence::Online(id);
        resumption.acknowledged(received);
        let answer = LoginAnswer {
            name: Some(user.name.as_str().to_owned()),
            resume: Some(resumption.token.as_str().to_owned()),
            resumed: true,
            received: resumption.inbox.acknowledge(),
            ..accepted
        };
        let again: Vec<_> = resumption.unacknowledged().cloned().collect();
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
        self.queue_again(id, again);
    }

    /// What every accepted login is told.
    fn accepted(&self) -> LoginAnswer {
        LoginAnswer {
            success: true,
            ice_servers: self.ice_servers.clone(),
            version: Some(PROTOCOL_VERSION),
            ..LoginAnswer::default()
        }
    }

    fn refuse_login(&mut self, now_ms: u64, id: ConnectionId, reason: LoginRefusal) {
        let answer =
            LoginAnswer { reason: Some(reason), version: Some(PROTOCOL_VERSION), ..LoginAnswer::default() };
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
        self.expect_another_login(now_ms, id);
    }
}

const REPLACED: &str = "Another connection has resumed this one";
