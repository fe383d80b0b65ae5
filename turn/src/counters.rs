//! What happened, as numbers for the log and for whoever measures.

/// Each counts since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Bytes and datagrams that were relayed, each once per allocation that they passed.
    pub relayed_bytes: u64,
    pub relayed_datagrams: u64,
    /// Datagrams that were neither a STUN message nor data of a channel.
    pub not_turn: u64,
    /// Answers not given, because a source got too many already.
    pub unanswered: u64,
    /// Requests that were told how to authenticate, as each client's first is.
    pub unauthorized: u64,
    /// Those among them whose credential is wrong, or has expired.
    pub wrong_credential: u64,
    /// Datagrams dropped because their user has used up what there is for one.
    pub over_budget: u64,
    /// Datagrams dropped because there was no permission, or no channel, for their peer.
    pub not_permitted: u64,
    /// Requests and datagrams refused because of where they lead.
    pub forbidden_peer: u64,
    /// Allocations refused because there were too many, of the user or in all.
    pub too_many: u64,
    /// Relayed addresses for which there was no socket.
    pub no_socket: u64,
}
