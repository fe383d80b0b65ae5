//! Signing in, and coming back.

use tincan_shared::{ErrorCode, Frame, Login, LoginAnswer, LoginRefusal, Name, PROTOCOL_VERSION, Resume};

use super::connection::{Close, ConnectionId};
use super::user::{Presence, Resumption, Token, User};
use super::{Hub, Outgoing};
use crate::name_key::NameKey;

impl Hub {
    /// The first `login` of a connection, or another after a refusal.
    pub(super) fn log_in(&mut self, id: ConnectionId, login: &Login) {
        let name = match Name::parse(&login.name) {
            Ok(name) => name,
            Err(error) => return self.refuse_login(id, error.into()),
        };
        let key = NameKey::of(&name);
        if self.owns(&key, login.resume.as_ref()) {
            return self.resume(id, &key, login.received);
        }
        if self.users.contains_key(&key) {
            return self.refuse_login(id, LoginRefusal::InUse);
        }
        if self.users.len() >= self.limits.users {
            return self.refuse_login(id, LoginRefusal::ServerFull);
        }
        self.sign_in(id, key, name, login.resume.as_ref());
    }

    fn sign_in(&mut self, id: ConnectionId, key: NameKey, name: Name, resume: Option<&Resume>) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.user = Some(key.clone());
        // A token that nobody has any more asks for a new one: the client learns that nothing was resumed.
        let resumption = matches!(resume, Some(Resume::Ask(true) | Resume::Token(_))).then(|| {
            let token = Token::from_random((self.random)());
            Box::new(Resumption::new(token, &self.limits))
        });
        let answer = LoginAnswer {
            name: Some(name.as_str().to_owned()),
            resume: resumption.as_ref().map(|resumption| resumption.token.to_text()),
            ..self.accepted()
        };
        let user =
            User { name, presence: Presence::Online(id), resumption, pairs: super::pairs::Pairs::default() };
        self.users.insert(key, user);
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
    }

    /// Whether `resume` is the token of the user who has this name.
    fn owns(&self, key: &NameKey, resume: Option<&Resume>) -> bool {
        let resumption = self.users.get(key).and_then(|user| user.resumption.as_ref());
        match (resumption, resume) {
            (Some(resumption), Some(Resume::Token(text))) => resumption.token.matches(text),
            _ => false,
        }
    }

    /// The user comes back on connection `id`, having received our frames up to `received`.
    fn resume(&mut self, id: ConnectionId, key: &NameKey, received: u64) {
        match self.users.get(key).map(|user| user.presence) {
            Some(Presence::Online(old)) => {
                if let Some(connection) = self.connections.get_mut(&old) {
                    connection.user = None;
                }
                let text = "Another connection has resumed this one";
                self.close(old, Close::REPLACED, ErrorCode::Replaced, text);
            }
            Some(Presence::Away { until }) => {
                self.graces.remove(&(until, key.clone()));
            }
            None => return,
        }
        let accepted = self.accepted();
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(user) = self.users.get_mut(key) else { return };
        let Some(resumption) = user.resumption.as_mut() else { return };
        connection.user = Some(key.clone());
        user.presence = Presence::Online(id);
        resumption.acknowledged(received);
        let answer = LoginAnswer {
            name: Some(user.name.as_str().to_owned()),
            resume: Some(resumption.token.to_text()),
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

    fn refuse_login(&mut self, id: ConnectionId, reason: LoginRefusal) {
        let answer =
            LoginAnswer { reason: Some(reason), version: Some(PROTOCOL_VERSION), ..LoginAnswer::default() };
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
    }
}
