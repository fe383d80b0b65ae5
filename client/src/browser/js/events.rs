//! The one way from the browser to the session.

use futures_channel::mpsc::UnboundedSender;
use tincan_session::Input;

/// Where everything that happens goes. Cheap to clone into callbacks.
///
/// The queue has no bound of its own: callbacks run one at a time, and the session's task empties the queue
/// before the browser runs the next, so it holds what a single callback says.
#[derive(Clone)]
pub(crate) struct Events(UnboundedSender<Input>);

impl Events {
    pub(crate) fn new(sender: UnboundedSender<Input>) -> Events {
        Events(sender)
    }

    /// Tells the session.
    pub(crate) fn tell(&self, input: Input) {
        // Fails only once the session's task is gone, and then nobody needs to know.
        let _ = self.0.unbounded_send(input);
    }
}
