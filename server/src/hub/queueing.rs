//! Queues messages.

use tincan_shared::{CallId, Frame, LeaveReason};

use super::client_error::ClientError;
use super::connection::{Close, ConnectionId};
use super::queued_frame::{FrameText, QueuedFrame, Relation, Sender, Share};
use super::user_key::UserKey;
use super::{Hub, Outgoing, Overflowing};

/// The receiver's queue has no room for the frame.
pub(super) struct QueueFull;

impl Hub {
    /// Queues a message from `from` to `to`.
    pub(super) fn relay(
        &mut self,
        from: &UserKey,
        to: &UserKey,
        relation: Relation,
        message: Outgoing<'_>,
    ) -> Result<(), QueueFull> {
        self.deliver(to, message, Share::Relayed(&Sender { key: from.clone(), relation }))
    }

    /// Queues a message that `to` must get whatever waits already: one that the hub makes, or the end of a
    /// call.
    pub(super) fn tell(&mut self, to: &UserKey, message: Outgoing<'_>) {
        if self.deliver(to, message, Share::Reserve).is_err() {
            self.overflowing.push(Overflowing::User(to.clone()));
        }
    }

    fn deliver(&mut self, to: &UserKey, message: Outgoing<'_>, share: Share<'_>) -> Result<(), QueueFull> {
        let Some(user) = self.users.get_mut(to) else { return Ok(()) };
        let text = encode(&user.frame(message));
        // Through one that closes nothing comes any more. Whoever resumes gets it then. A server that ends
        // closes all, and what that means to one must not end a call of another.
        let connection = user.connection().and_then(|id| Some((id, self.connections.get_mut(&id)?)));
        let connection = connection.filter(|(_, connection)| !connection.is_closing());
        let fits = user.has_room(share, &self.limits, text.len())
            && connection.as_ref().is_none_or(|(_, it)| it.has_room(share, &self.limits, text.len()));
        if !fits {
            return Err(QueueFull);
        }
        let frame = QueuedFrame { text, from: share.sender() };
        user.keep(&frame);
        if let Some((id, connection)) = connection
            && connection.push(frame)
        {
            self.woken.push(id);
        }
        Ok(())
    }

    /// Queues a frame without a number for a connection.
    pub(super) fn say(&mut self, id: ConnectionId, frame: &Frame<Outgoing<'_>>) {
        let Some(connection) = self.connections.get_mut(&id).filter(|it| !it.is_closing()) else { return };
        let text = encode(frame);
        if !connection.has_room(Share::Reserve, &self.limits, text.len()) {
            self.overflowing.push(Overflowing::Connection(id));
        } else if connection.push(QueuedFrame { text, from: None }) {
            self.woken.push(id);
        }
    }

    /// Queues frames that were queued on an earlier connection already. They fit into the outbox, so at worst
    /// the queue becomes as long as the outbox and the answers to refused logins together.
    pub(super) fn queue_again(&mut self, id: ConnectionId, frames: Vec<QueuedFrame>) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        for frame in frames {
            if connection.push(frame) {
                self.woken.push(id);
            }
        }
    }

    /// Sends an `error` to a user.
    pub(super) fn tell_error(&mut self, to: &UserKey, error: ClientError, call: Option<CallId>) {
        self.tell(to, error_message(error, call));
    }

    /// Sends a message to whoever is on this connection, signed in or not.
    pub(super) fn reply(&mut self, id: ConnectionId, message: Outgoing<'_>) {
        match self.connections.get(&id).and_then(|connection| connection.user.clone()) {
            Some(key) => self.tell(&key, message),
            None => self.say(id, &Frame::plain(message)),
        }
    }

    /// Sends an `error` to whoever is on this connection, signed in or not.
    pub(super) fn reply_error(&mut self, id: ConnectionId, error: ClientError, call: Option<CallId>) {
        self.reply(id, error_message(error, call));
    }

    /// Sends an `error` that says why, and closes the connection. Leaves the user who is signed in on it
    /// alone.
    pub(super) fn close(&mut self, id: ConnectionId, close: Close, error: ClientError) {
        let Some(connection) = self.connections.get_mut(&id).filter(|it| !it.is_closing()) else { return };
        // Exceeds the bounds if need be, because this frame is the last one.
        let text = encode(&Frame::plain(error_message(error, None)));
        let first = connection.push(QueuedFrame { text, from: None });
        if connection.close(close) | first {
            self.woken.push(id);
        }
    }

    /// Ends the receivers whose queue has exceeded even its reserve. Ending one may make other queues exceed
    /// theirs, so this goes on until everybody else is within bounds.
    pub(super) fn settle(&mut self) {
        while let Some(overflowing) = self.overflowing.pop() {
            let (connection, user) = match overflowing {
                Overflowing::Connection(id) => {
                    (Some(id), self.connections.get(&id).and_then(|it| it.user.clone()))
                }
                Overflowing::User(key) => {
                    (self.users.get(&key).and_then(|user| user.connection()), Some(key))
                }
            };
            if let Some(id) = connection {
                self.close(id, Close::TOO_FAST, ClientError::UnreadFrames);
            }
            if let Some(key) = user {
                self.end_user(&key, LeaveReason::Lost);
            }
        }
    }
}

/// Creates an `error`. Bounds the length of its text, which may quote a client.
fn error_message<'a>(error: ClientError, call: Option<CallId>) -> Outgoing<'a> {
    const MAX_CHARS: usize = 200;
    let text = error.text();
    let mut message: String = text.chars().take(MAX_CHARS).collect();
    if message.len() < text.len() {
        message.push('…');
    }
    Outgoing::Error { message, code: Some(error.code()), call }
}

fn encode(frame: &Frame<Outgoing<'_>>) -> FrameText {
    // Drops spare capacity, because the bounds count the length alone.
    FrameText::from(frame.encode().into_boxed_str().into_string())
}
