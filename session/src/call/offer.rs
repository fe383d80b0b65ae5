//! An offer that waits to be accepted.

use tincan_shared::{Description, IceCandidate};

use crate::view::CallKind;

/// How many candidates of a call that rings are kept for when it is accepted.
const MAX_EARLY_CANDIDATES: usize = 256;

/// The offer, and the candidates that came after it.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(super) description: Description,
    /// The number of the stream that it begins.
    pub(super) stream: Option<u64>,
    pub(super) candidates: Vec<Option<IceCandidate>>,
}

impl Offer {
    pub(crate) fn new(description: Description, stream: Option<u64>) -> Offer {
        Offer { description, stream, candidates: Vec::new() }
    }

    pub(super) fn add(&mut self, candidate: Option<IceCandidate>) {
        if self.candidates.len() < MAX_EARLY_CANDIDATES {
            self.candidates.push(candidate);
        }
    }

    /// Returns what is being offered: read off the media sections of the description (RFC 8866, section 5.14)
    /// that are neither rejected nor `inactive`. Port 0 rejects a section, except where that says that it
    /// shares the transport of another (`bundle-only`, RFC 9143, section 6).
    pub(super) fn kind(&self) -> CallKind {
        let (mut audio, mut video) = (false, false);
        for section in self.description.sdp.split("\nm=").skip(1) {
            let mut words = section.split_whitespace();
            let (media, port) = (words.next(), words.next());
            let says = |attribute| section.lines().any(|line| line.trim_end() == attribute);
            let offered = (port != Some("0") || says("a=bundle-only")) && !says("a=inactive");
            audio |= offered && media == Some("audio");
            video |= offered && media == Some("video");
        }
        match (video, audio) {
            (true, _) => CallKind::Video,
            (false, true) => CallKind::Voice,
            (false, false) => CallKind::Text,
        }
    }
}
