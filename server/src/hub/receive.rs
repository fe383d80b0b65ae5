//! Receives frames from connections: limits their rate, decodes them, notes their numbers, and hands them on
//! by their type.

use tincan_shared::{
    ACKNOWLEDGE_EVERY, Arrival, BadFrame, Frame, LeaveReason, MAX_FRAME_BYTES, decode_client,
};

use super::client_error::ClientError;
use super::connection::{Close, ConnectionId};
use super::user_key::UserKey;
use super::{Hub, Incoming, Outgoing};

/// A text frame of a client, decoded: once, and by whoever brings it, before the hub is locked.
pub struct ReceivedFrame<'a> {
    bytes: usize,
    content: Content<'a>,
}

enum Content<'a> {
    TooLarge,
    Decoded(Result<Frame<Incoming<'a>>, BadFrame>),
}

/// How many bytes of a frame cost as much as a frame.
const BYTES_OF_A_TOKEN: usize = 2048;

impl<'a> ReceivedFrame<'a> {
    /// Decodes `text`, if it isn't too long.
    pub fn decode(text: &'a str) -> ReceivedFrame<'a> {
        let content = if text.len() > MAX_FRAME_BYTES {
            Content::TooLarge
        } else {
            Content::Decoded(decode_client(text))
        };
        ReceivedFrame { bytes: text.len(), content }
    }

    /// Returns how many small frames it counts as.
    fn cost(&self) -> u64 {
        1 + (self.bytes / BYTES_OF_A_TOKEN) as u64
    }
}

impl Hub {
    /// Receives a text frame.
    pub fn receive(&mut self, now_ms: u64, id: ConnectionId, frame: ReceivedFrame<'_>) {
        if self.admit(now_ms, id, frame.cost()) {
            match frame.content {
                _ if frame.bytes > self.limits.login_bytes && self.signed_in(id).is_none() => {
                    self.close(id, Close::TOO_LARGE, ClientError::TooLarge);
                }
                Content::TooLarge => self.reply_error(id, ClientError::TooLarge, None),
                Content::Decoded(Ok(frame)) => self.receive_frame(now_ms, id, frame),
                Content::Decoded(Err(bad)) => self.receive_nonsense(now_ms, id, bad),
            }
        }
        self.settle();
    }

    /// Answers a binary frame by an `error`. The connection goes on.
    pub fn receive_binary(&mut self, now_ms: u64, id: ConnectionId) {
        if self.admit(now_ms, id, 1) {
            self.reply_error(id, ClientError::Binary, None);
        }
        self.settle();
    }

    /// Receives a control frame. It means nothing here, but it costs as much as any other frame.
    pub fn receive_control(&mut self, now_ms: u64, id: ConnectionId) {
        self.admit(now_ms, id, 1);
        self.settle();
    }

    /// Closes the connection, after an `error`, because a frame began that is longer than
    /// [`MAX_FRAME_BYTES`]. The frame was not read, so the rest of the stream has no meaning any more.
    pub fn receive_too_large(&mut self, id: ConnectionId) {
        self.close(id, Close::TOO_LARGE, ClientError::TooLarge);
        self.settle();
    }

    /// Returns whether this connection may send something that costs as much as so many `frames`. If that
    /// makes a flood, ends the connection and its user, without a grace.
    fn admit(&mut self, now_ms: u64, id: ConnectionId, frames: u64) -> bool {
        let Some(connection) = self.connections.get_mut(&id) else { return false };
        if connection.is_closing() {
            return false;
        }
        if connection.bucket.take(self.limits.frames, now_ms, frames) {
            return true;
        }
        let user = connection.user.clone();
        self.close(id, Close::TOO_FAST, ClientError::TooFast);
        if let Some(key) = user {
            self.end_user(&key, LeaveReason::Lost);
        }
        false
    }

    fn receive_frame(&mut self, now_ms: u64, id: ConnectionId, frame: Frame<Incoming<'_>>) {
        if is_told_to_members(&frame.message) && !self.admit(now_ms, id, TOLD_TO_MEMBERS - 1) {
            return;
        }
        let Some(key) = self.signed_in(id) else {
            return match frame.message {
                Incoming::Login(login) => self.log_in(now_ms, id, &login),
                Incoming::Ping => self.say(id, &Frame::plain(Outgoing::Pong)),
                _ => self.reply_error(id, ClientError::LoginFirst, None),
            };
        };
        self.take_acknowledgement(&key, frame.ack);
        if !self.take_number(now_ms, id, &key, frame.seq) {
            return;
        }
        match frame.message {
            Incoming::Login(_) => self.reply_error(id, ClientError::AlreadySignedIn, None),
            Incoming::Ping => self.pong(id, &key),
            Incoming::Join { room } => self.join(now_ms, id, &key, &room),
            Incoming::LeaveRoom => self.leave_room(now_ms, id, &key),
            Incoming::Reconnect { name, call } => self.reconnect(&key, &name, call),
            Incoming::Claim(claim) => self.claim(&key, &claim),
            message => self.route(now_ms, id, &key, message),
        }
        self.acknowledge_if_due(id, &key);
    }

    fn receive_nonsense(&mut self, now_ms: u64, id: ConnectionId, bad: BadFrame) {
        let BadFrame { reason, numbers } = bad;
        let error = ClientError::Undecodable(reason);
        let Some(key) = self.signed_in(id) else {
            return self.reply_error(id, error, None);
        };
        // A newer client may number a message that this server doesn't know. Its number counts all the same,
        // or every frame after it would seem out of order.
        self.take_acknowledgement(&key, numbers.ack);
        if self.take_number(now_ms, id, &key, numbers.seq) {
            self.reply_error(id, error, None);
            self.acknowledge_if_due(id, &key);
        }
    }

    fn signed_in(&self, id: ConnectionId) -> Option<UserKey> {
        self.connections.get(&id).and_then(|connection| connection.user.clone())
    }

    /// Forgets the frames that the client has received.
    fn take_acknowledgement(&mut self, key: &UserKey, ack: Option<u64>) {
        let resumption = self.users.get_mut(key).and_then(|user| user.resumption.as_mut());
        if let (Some(resumption), Some(ack)) = (resumption, ack) {
            resumption.acknowledged(ack);
            self.catch_up_with_room(key);
        }
    }

    /// Notes the frame's number. Returns whether to act on the frame.
    fn take_number(&mut self, now_ms: u64, id: ConnectionId, key: &UserKey, seq: Option<u64>) -> bool {
        let resumption = self.users.get_mut(key).and_then(|user| user.resumption.as_mut());
        let (Some(resumption), Some(seq)) = (resumption, seq) else { return true };
        match resumption.inbox.arrive(seq) {
            Arrival::Next => true,
            Arrival::Duplicate => false,
            Arrival::Gap => {
                let never_any = resumption.inbox.received() == 0;
                self.close(id, Close::OUT_OF_ORDER, ClientError::OutOfOrder);
                if never_any {
                    // The client counts on from before its user ended (see `login.rs`), so resuming would
                    // only lead back here.
                    self.end_user(key, LeaveReason::Lost);
                } else {
                    // Treats this like a lost connection: on a new one, the client sends the missing frames
                    // again.
                    self.begin_grace(now_ms, key);
                }
                false
            }
        }
    }

    /// Sends a `pong`, with an acknowledgement for a user who numbers frames.
    fn pong(&mut self, id: ConnectionId, key: &UserKey) {
        let resumption = self.users.get_mut(key).and_then(|user| user.resumption.as_mut());
        let ack = resumption.map(|resumption| resumption.inbox.acknowledge());
        self.say(id, &Frame { message: Outgoing::Pong, seq: None, ack });
    }

    fn acknowledge_if_due(&mut self, id: ConnectionId, key: &UserKey) {
        let resumption = self.users.get(key).and_then(|user| user.resumption.as_ref());
        if resumption.is_some_and(|resumption| resumption.inbox.owed() >= ACKNOWLEDGE_EVERY) {
            self.pong(id, key);
        }
    }
}

/// How many frames a message costs that the members of a room are told of. They are told through the reserve
/// of their queues, however full these are. This cost keeps any single connection from filling the queue of a
/// member who is away for a while.
const TOLD_TO_MEMBERS: u64 = 10;

fn is_told_to_members(message: &Incoming<'_>) -> bool {
    match message {
        Incoming::Login(login) => login.room.is_some(),
        Incoming::Join { .. } | Incoming::Reconnect { .. } => true,
        // Leaving costs no more than other frames, because a user who leaves has paid for entering.
        Incoming::LeaveRoom
        | Incoming::Offer { .. }
        | Incoming::Answer { .. }
        | Incoming::Candidate { .. }
        | Incoming::Leave { .. }
        | Incoming::Signal { .. }
        | Incoming::Claim(_)
        | Incoming::Ping => false,
    }
}
