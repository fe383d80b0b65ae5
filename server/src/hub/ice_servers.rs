//! What a login is told about STUN and TURN: servers that somebody configured, and this one, or another that
//! shares a secret with it.
//!
//! A credential lasts for a day, and who stays signed in gets another after half of it, so a new call always
//! has half a day.

use tincan_shared::{Frame, IceServer, LoginAnswer};
use tincan_turn::Credentials;

use super::connection::ConnectionId;
use super::user_key::UserKey;
use super::{Hub, Outgoing};

/// How TURN is reached for which logins get credentials.
#[derive(Clone)]
pub struct TurnAccess {
    pub credentials: Credentials,
    pub place: TurnPlace,
    /// When the hub's clock began, in milliseconds since 1970.
    pub started_ms: u64,
}

/// Where that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TurnPlace {
    /// This server.
    Here {
        /// If it is the same for everybody. Otherwise it is the one that the page came from.
        host: Option<String>,
        /// Over UDP and TCP.
        port: u16,
        /// Over TLS, where there is a certificate.
        tls_port: Option<u16>,
    },
    /// Another server.
    There { stun_urls: Vec<String>, turn_urls: Vec<String> },
}

const CREDENTIAL_MS: u64 = 24 * 3600 * 1000;
const RENEW_AFTER_MS: u64 = CREDENTIAL_MS / 2;

impl TurnAccess {
    fn servers(&self, now_ms: u64, page_host: Option<&str>, address: &str) -> Vec<IceServer> {
        let Some((stun_urls, turn_urls)) = self.place.urls(page_host) else { return Vec::new() };
        let expires_at_ms = self.started_ms.saturating_add(now_ms).saturating_add(CREDENTIAL_MS);
        // The user name crosses the network in the clear, and names of people shall not.
        let credential = self.credentials.issue(&self.credentials.pseudonym(address), expires_at_ms);
        let stun = IceServer { urls: stun_urls, username: None, credential: None };
        let turn = IceServer {
            urls: turn_urls,
            username: Some(credential.username),
            credential: Some(credential.password),
        };
        // A browser refuses an entry without URLs.
        [stun, turn].into_iter().filter(|server| !server.urls.is_empty()).collect()
    }
}

impl TurnPlace {
    /// Returns the URLs of STUN and those of TURN, if it is known where they are.
    fn urls(&self, page_host: Option<&str>) -> Option<(Vec<String>, Vec<String>)> {
        match self {
            TurnPlace::Here { host, port, tls_port } => {
                let host = host.as_deref().or(page_host)?;
                let plain = ["udp", "tcp"].map(|over| format!("turn:{host}:{port}?transport={over}"));
                let secure = tls_port.map(|port| format!("turns:{host}:{port}?transport=tcp"));
                Some((vec![format!("stun:{host}:{port}")], plain.into_iter().chain(secure).collect()))
            }
            TurnPlace::There { stun_urls, turn_urls } => Some((stun_urls.clone(), turn_urls.clone())),
        }
    }
}

impl Hub {
    /// Has logins be told of STUN and TURN, with a credential each.
    pub fn offer_turn(&mut self, turn: TurnAccess) {
        self.turn = Some(turn);
    }

    /// The page on this connection was loaded from there: a host without a port.
    pub fn came_from(&mut self, id: ConnectionId, host: &str) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.page_host = Some(host.into());
        }
    }

    /// Returns the `iceServers` for whoever signs in on this connection.
    pub(super) fn ice_servers_for(&self, now_ms: u64, id: ConnectionId, address: &str) -> Vec<IceServer> {
        let host = self.connections.get(&id).and_then(|connection| connection.page_host.as_deref());
        let own = self.turn.as_ref().map(|turn| turn.servers(now_ms, host, address));
        self.ice_servers.iter().cloned().chain(own.into_iter().flatten()).collect()
    }

    /// Notes when the user on this connection needs another credential. Classic clients don't expect one.
    pub(super) fn expect_renewal(&mut self, now_ms: u64, id: ConnectionId, key: &UserKey) {
        self.stop_renewing(id);
        let resumes = self.users.get(key).is_some_and(|user| user.resumption.is_some());
        if self.turn.is_none() && self.tickets.is_none() || !resumes {
            return;
        }
        let at = now_ms.saturating_add(RENEW_AFTER_MS);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.renew_at = Some(at);
            self.renewals.insert((at, id));
        }
    }

    pub(super) fn stop_renewing(&mut self, id: ConnectionId) {
        if let Some(at) = self.connections.get_mut(&id).and_then(|it| it.renew_at.take()) {
            self.renewals.remove(&(at, id));
        }
    }

    /// Gives another credential to those who have used up half of theirs.
    pub(super) fn renew_credentials(&mut self, now_ms: u64) {
        while let Some((at, id)) = self.renewals.first().copied()
            && at <= now_ms
        {
            self.stop_renewing(id);
            // Removes it even if its connection does not exist any more. That can't happen, but if it did,
            // this loop would never end.
            self.renewals.remove(&(at, id));
            let Some(key) = self.connections.get(&id).and_then(|it| it.user.clone()) else { continue };
            let Some(address) = self.users.get(&key).map(|user| user.address(&key)) else { continue };
            let guest = key.is_guest().then(|| self.display_name(&key)).flatten();
            let answer = LoginAnswer {
                display_name: guest.map(|name| name.as_str().to_owned()),
                resumed: true,
                ticket: self.ticket(now_ms, &key),
                ..self.accepted(now_ms, id, &address)
            };
            self.say(id, &Frame::plain(Outgoing::Login(LoginAnswer { name: Some(address), ..answer })));
            self.expect_renewal(now_ms, id, &key);
        }
    }
}
