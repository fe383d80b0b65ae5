//! Tickets: what shows, after a restart of the server, whose a name was.
//!
//! A ticket is computed and not kept: a MAC over the name, the client's token and the time, by a key that
//! outlives the server. While pages come back after a restart, whoever has a ticket from before it takes the
//! name from whoever has none, or an older one.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use tincan_shared::{Login, Name, Resume};

use super::Hub;
use super::login::Wish;
use super::user::User;
use super::user_key::UserKey;
use crate::name_key::{Look, NameKey};

/// How long after a start a name is given back to whose it was before.
const RETURN_MS: u64 = 5 * 60 * 1000;
/// How long a ticket is good for. A page that stays signed in gets another after half a day.
const TICKET_MS: u64 = 26 * 3600 * 1000;

/// Makes tickets and checks them.
pub struct Tickets {
    key: [u8; 32],
    /// When the hub's clock began, in milliseconds since 1970.
    started_ms: u64,
}

/// When a ticket was given, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Issued(u64);

impl Tickets {
    /// `key` has to be secret, and the same after a restart. `started_ms` is when the hub's clock began, in
    /// milliseconds since 1970.
    pub fn new(key: [u8; 32], started_ms: u64) -> Tickets {
        Tickets { key, started_ms }
    }

    fn issue(&self, now_ms: u64, name: &NameKey, token: &str) -> String {
        let issued = Issued(self.started_ms.saturating_add(now_ms));
        let mac: String = self.mac(issued, name, token).finalize().into_bytes()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{}.{mac}", issued.0)
    }

    /// Returns when this ticket was given, if it was, and is for this name and token.
    fn check(&self, now_ms: u64, ticket: &str, name: &NameKey, token: &str) -> Option<Issued> {
        let (issued, mac) = ticket.split_once('.')?;
        let issued = Issued(issued.parse().ok()?);
        let now = self.started_ms.saturating_add(now_ms);
        if issued.0.saturating_add(TICKET_MS) < now || mac.len() != 32 || !mac.is_ascii() {
            return None;
        }
        let digit = |at: usize| u8::from_str_radix(&mac[at..at + 2], 16).ok();
        let bytes: Vec<u8> = (0..16).map(|at| digit(2 * at)).collect::<Option<_>>()?;
        self.mac(issued, name, token).verify_truncated_left(&bytes).ok()?;
        Some(issued)
    }

    fn mac(&self, issued: Issued, name: &NameKey, token: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        // The time and the token have no zero byte, so no two tickets are made of the same bytes.
        for part in ["tincan name", &issued.0.to_string(), token, name.as_str()] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        mac
    }
}

impl Hub {
    /// Has names stay their owners' over a restart.
    pub fn keep_names(&mut self, tickets: Tickets) {
        self.tickets = Some(tickets);
    }

    /// Returns the ticket of a user who signed in by name, and can resume.
    pub(super) fn ticket(&self, now_ms: u64, key: &UserKey) -> Option<String> {
        let UserKey::Named(name) = key else { return None };
        let token = &self.users.get(key)?.resumption.as_ref()?.token;
        Some(self.tickets.as_ref()?.issue(now_ms, name, token.as_str()))
    }

    /// Returns when the ticket of this login was given.
    pub(super) fn issued(&self, now_ms: u64, wish: &Wish, login: &Login) -> Option<Issued> {
        let (Some(Resume::Token(token)), None) = (&login.resume, &wish.room) else { return None };
        let ticket = login.ticket.as_deref()?;
        self.tickets.as_ref()?.check(now_ms, ticket, &NameKey::of(&wish.name), token)
    }

    /// Ends whoever has taken a name, or one that looks like it, since the server was started, if it was
    /// somebody else's before.
    pub(super) fn give_back(&mut self, now_ms: u64, name: &Name, issued: Option<Issued>) {
        let Some(issued) = issued else { return };
        let started = self.tickets.as_ref().map_or(0, |tickets| tickets.started_ms);
        if now_ms > RETURN_MS || issued.0 >= started {
            return;
        }
        let looks = Look::of(name);
        let is_like = |user: &User| Look::of(&user.name).iter().any(|look| looks.contains(look));
        let squats = |(key, user): &(&UserKey, &User)| {
            !key.is_guest() && user.issued.is_none_or(|theirs| theirs < issued) && is_like(user)
        };
        let squatters: Vec<UserKey> = self.users.iter().filter(squats).map(|(key, _)| key.clone()).collect();
        for squatter in squatters {
            self.end_life(&squatter);
        }
    }
}
