//! The only way from the browser to the session.

use futures_channel::mpsc::UnboundedSender;
use tincan_session::Input;

/// Sends inputs to the session. Cheap to clone into callbacks.
///
/// The queue has no bound of its own. Callbacks run one at a time, and the session's task empties the queue
/// before the browser runs the next, so it holds what a single callback sends.
#[derive(Clone)]
pub(crate) struct Events(UnboundedSender<Input>);

impl Events {
    pub(crate) fn new(sender: UnboundedSender<Input>) -> Events {
        Events(sender)
    }

    pub(crate) fn tell(&self, input: Input) {
        // It fails only once the session's task is gone. Then nobody needs to know.
        let _ = self.0.unbounded_send(input);
    }
}
