//! How a peer connection and the `EffectRunner` reach what carries out the session's effects on files. That
//! is loaded after the first screen, so they know it only by a trait.

use std::cell::OnceCell;
use std::rc::Rc;

use tincan_session::PeerConnectionId;
use tincan_session::files::FileEffect;
use web_sys::{RtcDataChannel, RtcPeerConnection};

/// Returns a peer connection, if it is still there.
pub(crate) type FindConnection<'a> = &'a dyn Fn(PeerConnectionId) -> Option<RtcPeerConnection>;

/// Carries out effects on files. `Transfers` in `files/` does.
pub(crate) trait FileEffects {
    /// Carries out an effect.
    fn perform(&self, effect: FileEffect, connection: FindConnection<'_>);

    /// Takes a data channel that the other side has opened on this peer connection, or closes it if nobody
    /// expects it. To be called within the `datachannel` event: later, messages would be missed.
    fn accept(&self, id: PeerConnectionId, channel: RtcDataChannel);
}

/// Holds it once it is loaded. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct FileSlot(Rc<OnceCell<Rc<dyn FileEffects>>>);

impl FileSlot {
    pub(crate) fn fill(&self, effects: Rc<dyn FileEffects>) {
        // If it is filled already, the first stays.
        let _ = self.0.set(effects);
    }

    pub(crate) fn get(&self) -> Option<&dyn FileEffects> {
        self.0.get().map(|effects| &**effects)
    }
}
