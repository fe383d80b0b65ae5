//! The server: what comes in, and who handles it.

mod allocate;
mod forward;
mod permit;
mod refresh;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use ipnet::IpNet;
use stun_types::attribute::{
    AttributeStaticType as _, AttributeWrite, ErrorCode, Fingerprint, Nonce, Realm, UnknownAttributes,
    XorMappedAddress,
};
use stun_types::message::{BINDING, MessageClass};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

use crate::allocation::{Allocations, Family, RelayId};
use crate::answer::Transaction;
use crate::authentication::{Authentication, Login, NotAuthenticated};
use crate::budget::Rate;
use crate::client::Client;
use crate::counters::Counters;
use crate::credentials::{Credentials, digest, keyed};
use crate::limits::Limits;
use crate::message::Incoming;
use crate::nonce::Nonces;
use crate::outputs::{Output, Outputs};
use crate::packet::PacketBuffer;
use crate::peer_filter::PeerFilter;
use crate::source_limit::SourceLimit;
use crate::users::Users;

/// What whoever runs the server decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// The families of which sockets can be opened, the usual one first.
    pub families: Vec<Family>,
    /// Peers in these networks are relayed to, though they are private or special.
    pub allowed_peers: Vec<IpNet>,
    /// This host's addresses, which are not, though some are public.
    pub own_addresses: Vec<IpAddr>,
    pub limits: Limits,
}

/// Short, because each 401 carries it. It means nothing to anybody.
const REALM: &str = "tincan";

/// The driver could not open a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenError;

/// The code of an error response.
type Code = u16;

/// A request of somebody who has authenticated.
#[derive(Clone, Copy)]
struct Request<'a> {
    now_ms: u64,
    transaction: Transaction,
    login: &'a Login<'a>,
    incoming: &'a Incoming<'a>,
}

/// A STUN and TURN server. The time is in milliseconds since 1970, and never goes back.
pub struct Turn {
    authentication: Authentication,
    families: Vec<Family>,
    limits: Limits,
    filter: PeerFilter,
    sources: SourceLimit,
    allocations: Allocations,
    users: Users,
    counters: Counters,
    /// The next Data indication's transaction id, of which nobody is told anything.
    next_transaction: u64,
}

impl Turn {
    /// Whoever knows the `secret` can make credentials.
    pub fn new(config: Config, secret: &[u8]) -> Turn {
        let own_key = digest(&keyed(secret), &[b"\0sources"]);
        let mut source_secret = [0; 16];
        source_secret.copy_from_slice(&own_key[..16]);
        let limits = config.limits;
        Turn {
            authentication: Authentication {
                // The library refuses only those that are too long.
                realm: Realm::new(REALM).expect("this one is short"),
                credentials: Credentials::new(secret),
                nonces: Nonces::new(secret),
            },
            families: config.families,
            filter: PeerFilter::new(config.allowed_peers, config.own_addresses),
            sources: SourceLimit::new(
                source_secret,
                limits.unauthenticated_per_second,
                limits.unauthenticated_burst,
            ),
            allocations: Allocations::default(),
            users: Users::new(Rate {
                burst_bytes: limits.user_burst_bytes,
                bytes_per_second: limits.user_bytes_per_second,
            }),
            counters: Counters::default(),
            next_transaction: 0,
            limits,
        }
    }

    /// Returns what issues the credentials that this server takes.
    pub fn credentials(&self) -> &Credentials {
        &self.authentication.credentials
    }

    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Returns whether the client has authenticated, and is using what it got.
    pub fn has_allocation(&self, client: Client) -> bool {
        self.allocations.get(client).is_some()
    }

    /// Returns how many sockets the driver has open, or has to open, for relayed addresses.
    pub fn relay_count(&self) -> usize {
        self.allocations.relay_count()
    }

    /// A datagram, or a message from a stream, came from a client.
    pub fn received(&mut self, now_ms: u64, client: Client, packet: &mut PacketBuffer, out: &mut Outputs) {
        out.clear();
        match packet.message().first() {
            Some(0x00..=0x03) => self.stun(now_ms, client, packet, out),
            Some(0x40..=0x7F) => self.channel_data(now_ms, client, packet, out),
            _ => self.counters.not_turn += 1,
        }
    }

    /// A client's stream has ended, and with it what it had (RFC 8656, section 7.3).
    pub fn disconnected(&mut self, now_ms: u64, client: Client, out: &mut Outputs) {
        out.clear();
        self.remove_allocation(now_ms, client, out);
    }

    /// Time has passed.
    pub fn expire(&mut self, now_ms: u64, out: &mut Outputs) {
        out.clear();
        while let Some(relay) = self.allocations.expired(now_ms) {
            self.remove_relay(now_ms, relay, out);
        }
        self.users.forget_idle(now_ms);
    }

    /// Returns when [`expire`](Self::expire) has something to do.
    pub fn next_timeout_ms(&self) -> Option<u64> {
        let timeouts = [self.allocations.next_expiry_ms(), self.users.next_to_forget_ms()];
        timeouts.into_iter().flatten().min()
    }

    fn stun(&mut self, now_ms: u64, client: Client, packet: &mut PacketBuffer, out: &mut Outputs) {
        let Some(incoming) = Incoming::read(packet.message()) else {
            self.counters.not_turn += 1;
            return;
        };
        match (incoming.class(), incoming.method()) {
            (MessageClass::Request, _) => self.request(now_ms, client, &incoming, out),
            (MessageClass::Indication, SEND) => {
                let Some(send) = forward::Send::read(&incoming) else { return };
                self.send(now_ms, client, send, packet, out);
            }
            // The server asks nothing, so nothing answers it.
            _ => {}
        }
    }

    fn request(&mut self, now_ms: u64, client: Client, incoming: &Incoming<'_>, out: &mut Outputs) {
        let transaction = Transaction {
            client,
            method: incoming.method(),
            id: incoming.transaction(),
            fingerprint: incoming.has(Fingerprint::TYPE),
        };
        match transaction.method {
            BINDING => self.binding(now_ms, transaction, incoming, out),
            ALLOCATE | REFRESH | CREATE_PERMISSION | CHANNEL_BIND => {
                match self.authentication.check(now_ms, client, incoming) {
                    Ok(login) => {
                        self.authenticated(Request { now_ms, transaction, login: &login, incoming }, out);
                    }
                    Err(reason) => self.challenge(now_ms, transaction, reason, out),
                }
            }
            _ => {}
        }
    }

    fn authenticated(&mut self, request: Request<'_>, out: &mut Outputs) {
        let Request { transaction, login, incoming, .. } = request;
        let unknown = incoming.unknown();
        if !unknown.is_empty() {
            let unknown = UnknownAttributes::new(&unknown);
            return transaction.fail(ErrorCode::UNKNOWN_ATTRIBUTE, Some(&login.key), &[&unknown], out);
        }
        let result = match transaction.method {
            ALLOCATE => self.allocate(request, out),
            REFRESH => self.refresh(request, out),
            CREATE_PERMISSION => self.create_permission(request, out),
            _ => self.channel_bind(request, out),
        };
        if let Err(code) = result {
            transaction.fail(code, Some(&login.key), &[], out);
        }
    }

    fn binding(&mut self, now_ms: u64, transaction: Transaction, incoming: &Incoming<'_>, out: &mut Outputs) {
        if !self.may_answer(now_ms, transaction.client) {
            return;
        }
        let unknown = incoming.unknown();
        if unknown.is_empty() {
            let mapped = XorMappedAddress::new(transaction.client.address, transaction.id);
            transaction.succeed(None, &[&mapped], out);
        } else {
            let unknown = UnknownAttributes::new(&unknown);
            transaction.fail(ErrorCode::UNKNOWN_ATTRIBUTE, None, &[&unknown], out);
        }
    }

    /// Tells how to authenticate.
    fn challenge(
        &mut self,
        now_ms: u64,
        transaction: Transaction,
        reason: NotAuthenticated,
        out: &mut Outputs,
    ) {
        self.counters.unauthorized += 1;
        self.counters.wrong_credential += u64::from(reason == NotAuthenticated::WrongCredential);
        if !self.may_answer(now_ms, transaction.client) {
            return;
        }
        let nonce = self.authentication.nonces.issue(now_ms, transaction.client.address);
        let Ok(nonce) = Nonce::new(&nonce) else { return };
        let attributes: &[&dyn AttributeWrite] = match reason {
            NotAuthenticated::BadRequest => &[],
            _ => &[&self.authentication.realm, &nonce],
        };
        transaction.fail(reason.code(), None, attributes, out);
    }

    /// Counts an answer to somebody who hasn't authenticated.
    fn may_answer(&mut self, now_ms: u64, client: Client) -> bool {
        let may = self.sources.admits(now_ms, client.address.ip());
        self.counters.unanswered += u64::from(!may);
        may
    }

    fn remove_allocation(&mut self, now_ms: u64, client: Client, out: &mut Outputs) {
        while let Some(relay) = self.allocations.get(client).and_then(|it| it.relays.first()) {
            self.remove_relay(now_ms, relay.id, out);
        }
    }

    fn remove_relay(&mut self, now_ms: u64, relay: RelayId, out: &mut Outputs) {
        if let Some(user) = self.allocations.remove_relay(relay) {
            self.users.remove_relay(user, now_ms);
            out.push(Output::CloseRelay { relay });
        }
    }

    /// Returns whether nothing is kept of anybody.
    #[cfg(test)]
    fn is_empty(&self) -> bool {
        self.allocations.is_empty() && self.users.is_empty()
    }
}
