//! What carries out the session's effects on files, as the rest of the page holds it: behind a pointer, since
//! it is loaded after the first screen.

use std::cell::OnceCell;
use std::rc::Rc;

use tincan_session::PeerConnectionId;
use tincan_session::files::FileEffect;
use web_sys::{RtcDataChannel, RtcPeerConnection};

/// Returns a peer connection, if it is still there.
pub(crate) type FindConnection<'a> = &'a dyn Fn(PeerConnectionId) -> Option<RtcPeerConnection>;

/// `Transfers` in `files/`.
pub(crate) trait FileEffects {
    /// Does what is to be done.
    fn perform(&self, effect: FileEffect, connection: FindConnection<'_>);

    /// Takes a data channel that the other side has opened on this peer connection, at once.
    fn accept(&self, id: PeerConnectionId, channel: RtcDataChannel);
}

/// Where it is once it is loaded. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct FileSlot(Rc<OnceCell<Rc<dyn FileEffects>>>);

impl FileSlot {
    pub(crate) fn fill(&self, work: Rc<dyn FileEffects>) {
        // The first is as good as any other.
        let _ = self.0.set(work);
    }

    pub(crate) fn get(&self) -> Option<&dyn FileEffects> {
        self.0.get().map(|work| &**work)
    }
}
