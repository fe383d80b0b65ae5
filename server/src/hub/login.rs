//! Signs users in, by name or as guests of a room, and lets them resume.

use tincan_shared::{
    Frame, LeaveReason, Login, LoginAnswer, LoginRefusal, Name, PROTOCOL_VERSION, Resume, RoomName,
    RoomRefusal,
};

use super::addresses::ClientAddress;
use super::claims::Claims;
use super::client_error::ClientError;
use super::connection::{Close, ConnectionId};
use super::pairs::Pairs;
use super::token_bucket::TokenBucket;
use super::user::{Presence, Resumption, Token, User};
use super::user_key::{GuestId, UserKey};
use super::{Hub, Outgoing};
use crate::name_key::{self, Look, NameKey, RoomKey};

/// The identity that a login asks for.
pub(super) struct Wish {
    pub(super) name: Name,
    /// The room to enter as a guest; `None` to sign in by name.
    pub(super) room: Option<RoomName>,
}

impl Wish {
    fn of(login: &Login) -> Result<Wish, LoginRefusal> {
        let name = Name::parse(&login.name)?;
        name_key::check(&name)?;
        let room = login.room.as_deref().map(RoomName::parse).transpose();
        Ok(Wish { name, room: room.map_err(|_| LoginRefusal::from(RoomRefusal::Name))? })
    }
}

impl Hub {
    /// Handles the first `login` of a connection, or another one after a refusal.
    pub(super) fn log_in(&mut self, now_ms: u64, id: ConnectionId, login: &Login) {
        let wish = match Wish::of(login) {
            Ok(wish) => wish,
            Err(reason) => return self.refuse_login(now_ms, id, reason),
        };
        if let Some(key) = self.owned(&wish, login.resume.as_ref()) {
            if self.is_of_this_life(&key, login.received) {
                return self.resume(now_ms, id, &key, login.received);
            }
            self.end_life(&key);
        }
        let issued = self.issued(now_ms, &wish, login);
        self.give_back(now_ms, &wish.name, issued);
        // Whoever shows that the name was theirs finds nothing out.
        let may_try = if issued.is_some() { Ok(()) } else { self.may_try(now_ms, id, &wish) };
        let key = may_try.and_then(|()| self.free_key(&wish, login.resume.as_ref()));
        match key.and_then(|key| self.count_sign_in(now_ms, id).map(|()| key)) {
            Ok(key) => {
                self.sign_in(now_ms, id, key.clone(), wish, login);
                if let Some(user) = self.users.get_mut(&key) {
                    user.issued = issued;
                }
            }
            Err(reason) => self.refuse_login(now_ms, id, reason),
        }
    }

    /// Returns the key under which somebody can sign in.
    fn free_key(&mut self, wish: &Wish, resume: Option<&Resume>) -> Result<UserKey, LoginRefusal> {
        let named = UserKey::Named(NameKey::of(&wish.name));
        if wish.room.is_none() && self.users.contains_key(&named) {
            return Err(LoginRefusal::InUse);
        }
        if wish.room.is_none() && Look::of(&wish.name).iter().any(|look| self.looks.contains_key(look)) {
            return Err(LoginRefusal::Confusable);
        }
        if self.users.len() >= self.limits.users {
            return Err(LoginRefusal::ServerFull);
        }
        match &wish.room {
            None => Ok(named),
            Some(room) if self.is_full(&RoomKey::of(room)) => Err(RoomRefusal::Full.into()),
            Some(_) => Ok(self.new_guest(resume)),
        }
    }

    /// Says whether somebody may find out whether a name is free, or a room has a place.
    fn may_try(&mut self, now_ms: u64, id: ConnectionId, wish: &Wish) -> Result<(), LoginRefusal> {
        let address = self.address_of(id);
        let may = self.addresses.may_try_name(&self.limits, now_ms, address)
            && wish.room.as_ref().is_none_or(|room| self.may_join(now_ms, id, &RoomKey::of(room)));
        if may { Ok(()) } else { Err(LoginRefusal::TooMany) }
    }

    /// Returns where a connection counts.
    pub(super) fn address_of(&self, id: ConnectionId) -> ClientAddress {
        self.connections.get(&id).map_or(ClientAddress::Unknown, |it| it.address)
    }

    /// Counts a sign-in for the address that it comes from.
    fn count_sign_in(&mut self, now_ms: u64, id: ConnectionId) -> Result<(), LoginRefusal> {
        let address = self.address_of(id);
        let may = self.addresses.sign_in(&self.limits, now_ms, address);
        if may { Ok(()) } else { Err(LoginRefusal::TooMany) }
    }

    fn sign_in(&mut self, now_ms: u64, id: ConnectionId, key: UserKey, wish: Wish, login: &Login) {
        self.stop_expecting_sign_in(id);
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.user = Some(key.clone());
        let signed_in_from = connection.address;
        let token = match &login.resume {
            None | Some(Resume::Ask(false)) => None,
            Some(Resume::Ask(true)) => Some(self.new_token()),
            Some(Resume::Token(text)) => Some(self.adopt_or_make_token(text)),
        };
        let resumption = token.map(|token| {
            self.tokens.insert(token.clone(), key.clone());
            Box::new(Resumption::new(token, &self.limits))
        });
        let token = resumption.as_ref().map(|resumption| resumption.token.as_str().to_owned());
        let Wish { name, room } = wish;
        let display_name = room.as_ref().map(|room| self.display_name_for(&RoomKey::of(room), &name));
        let presence = Presence::Online(id);
        let user = User {
            name,
            presence,
            room: None,
            resumption,
            pairs: Pairs::default(),
            claims: Claims::default(),
            issued: None,
            rings: TokenBucket::new(self.limits.rings, now_ms),
            signed_in_from,
            room_changed: false,
            early_news: 0,
        };
        let address = user.address(&key);
        let accepted = self.accepted(now_ms, id, &address);
        let answer = LoginAnswer {
            name: Some(address),
            display_name: display_name.map(|name| name.as_str().to_owned()),
            resume: token,
            ..accepted
        };
        if !key.is_guest() {
            Look::of(&user.name).into_iter().for_each(|look| *self.looks.entry(look).or_default() += 1);
        }
        self.users.insert(key.clone(), user);
        let answer = LoginAnswer { ticket: self.ticket(now_ms, &key), ..answer };
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
        self.expect_renewal(now_ms, id, &key);
        for claim in &login.calls {
            self.claim(&key, claim);
        }
        if let Some(room) = room {
            self.enter_room(&key, room);
        }
    }

    /// Makes an address that nobody has: where the guest has chosen a token, always the same one for it, so
    /// that the others in the room know the guest again after the server was restarted.
    fn new_guest(&mut self, resume: Option<&Resume>) -> UserKey {
        if let Some(Resume::Token(text)) = resume
            && let Some(token) = Token::chosen(text)
        {
            let key = UserKey::Guest(GuestId::of_token(token.as_str()));
            if !self.users.contains_key(&key) {
                return key;
            }
        }
        loop {
            let key = UserKey::Guest(GuestId::from_random((self.random)()));
            if !self.users.contains_key(&key) {
                return key;
            }
        }
    }

    /// Returns the token that the client has chosen, if it can have that one, and a new one otherwise. A
    /// client that never got the answer to its login can then repeat the login, and comes back instead of
    /// being told that its name is taken.
    fn adopt_or_make_token(&mut self, text: &str) -> Token {
        match Token::chosen(text) {
            Some(token) if !self.tokens.contains_key(&token) => token,
            _ => self.new_token(),
        }
    }

    fn new_token(&mut self) -> Token {
        loop {
            // Runs once, unless somebody has chosen the very token that the generator makes.
            let token = Token::from_random((self.random)());
            if !self.tokens.contains_key(&token) {
                return token;
            }
        }
    }

    /// Returns the user who comes back with this token, if `wish` is for the same name or, for a guest, the
    /// same room. A guest may never have learned the address, so the token says who it is.
    fn owned(&self, wish: &Wish, resume: Option<&Resume>) -> Option<UserKey> {
        let Some(Resume::Token(text)) = resume else { return None };
        let key = self.tokens.get(&Token::chosen(text)?)?;
        let is_same = match (key, &wish.room) {
            (UserKey::Named(name), None) => *name == NameKey::of(&wish.name),
            (UserKey::Guest(_), Some(room)) => {
                let theirs = self.users.get(key).and_then(|user| user.room.as_ref());
                theirs == Some(&RoomKey::of(room))
            }
            (UserKey::Named(_), Some(_)) | (UserKey::Guest(_), None) => false,
        };
        is_same.then(|| key.clone())
    }

    /// Returns whether the client's numbers can refer to the frames of this user. They can't if the client
    /// has received frames that were never sent. Then it counts on from before the server started, or before
    /// its grace ended, and doesn't know that the numbers begin anew, because the answer to that login was
    /// lost.
    fn is_of_this_life(&self, key: &UserKey, received: u64) -> bool {
        let resumption = self.users.get(key).and_then(|user| user.resumption.as_ref());
        resumption.is_some_and(|resumption| resumption.has_sent(received))
    }

    /// Ends a user whose own client signs in anew.
    pub(super) fn end_life(&mut self, key: &UserKey) {
        if let Some(old) = self.users.get(key).and_then(|user| user.connection()) {
            self.close(old, Close::REPLACED, ClientError::Replaced);
        }
        self.end_user(key, LeaveReason::Lost);
    }

    /// Resumes the user on connection `id`. The client has received the frames up to `received`.
    fn resume(&mut self, now_ms: u64, id: ConnectionId, key: &UserKey, received: u64) {
        match self.users.get(key).map(|user| user.presence) {
            Some(Presence::Online(old)) => {
                if let Some(connection) = self.connections.get_mut(&old) {
                    connection.user = None;
                }
                self.close(old, Close::REPLACED, ClientError::Replaced);
            }
            Some(Presence::Away { until }) => {
                self.grace_ends.remove(&(until, key.clone()));
            }
            None => return,
        }
        self.stop_expecting_sign_in(id);
        let Some(address) = self.users.get(key).map(|user| user.address(key)) else { return };
        let accepted = self.accepted(now_ms, id, &address);
        let guest = key.is_guest().then(|| self.display_name(key)).flatten();
        let display_name = guest.map(|name| name.as_str().to_owned());
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(user) = self.users.get_mut(key) else { return };
        let Some(resumption) = user.resumption.as_mut() else { return };
        connection.user = Some(key.clone());
        user.presence = Presence::Online(id);
        resumption.acknowledged(received);
        let answer = LoginAnswer {
            name: Some(address),
            display_name,
            resume: Some(resumption.token.as_str().to_owned()),
            resumed: true,
            received: resumption.inbox.acknowledge(),
            ..accepted
        };
        let again: Vec<_> = resumption.unacknowledged().cloned().collect();
        let answer = LoginAnswer { ticket: self.ticket(now_ms, key), ..answer };
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
        self.queue_again(id, again);
        self.expect_renewal(now_ms, id, key);
        self.tell_who_rings(key);
        self.catch_up_with_room(key);
    }

    /// Tells those who called while this user was away that it rings there now. From that they know whose
    /// answer to expect.
    fn tell_who_rings(&mut self, key: &UserKey) {
        let Some(user) = self.users.get_mut(key) else { return };
        let name = user.address(key);
        for (caller, call) in user.pairs.ring() {
            if let Some(call) = call {
                self.tell(&caller, Outgoing::Ringing { name: name.clone(), call });
            }
        }
    }

    /// Returns what every accepted login is told.
    pub(super) fn accepted(&self, now_ms: u64, id: ConnectionId, address: &str) -> LoginAnswer {
        LoginAnswer {
            success: true,
            ice_servers: self.ice_servers_for(now_ms, id, address),
            version: Some(PROTOCOL_VERSION),
            ..LoginAnswer::default()
        }
    }

    fn refuse_login(&mut self, now_ms: u64, id: ConnectionId, reason: LoginRefusal) {
        let answer =
            LoginAnswer { reason: Some(reason), version: Some(PROTOCOL_VERSION), ..LoginAnswer::default() };
        self.say(id, &Frame::plain(Outgoing::Login(answer)));
        let address = self.address_of(id);
        self.addresses.refused(&self.limits, now_ms, address);
        self.expect_another_login(now_ms, id);
    }
}
