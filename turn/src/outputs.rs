//! What the driver has to do.

use std::net::SocketAddr;
use std::ops::Range;

use crate::allocation::{Family, RelayId};
use crate::client::Client;
use crate::packet::PacketBuffer;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Sends to a client.
    ToClient { client: Client, data: Data },
    /// Sends from a relayed address to a peer.
    ToPeer { relay: RelayId, peer: SocketAddr, data: Data },
    /// Opens a UDP socket of this family. [`Turn::relay_opened`](crate::Turn::relay_opened) is told of it.
    /// Some clients want an even port.
    OpenRelay { relay: RelayId, family: Family, even_port: bool },
    /// Closes that socket. Nothing is to be reported.
    CloseRelay { relay: RelayId },
}

/// Where the bytes to send are. [`Outputs::bytes`] returns them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// In the buffer that the message came in.
    Packet(Range<usize>),
    /// In [`Outputs`].
    Answer(Range<usize>),
}

/// What there is to do after one input. Kept by the driver, so that nothing has to be allocated for it.
#[derive(Debug, Default)]
pub struct Outputs {
    list: Vec<Output>,
    answers: Vec<u8>,
}

impl Outputs {
    pub fn list(&self) -> &[Output] {
        &self.list
    }

    /// Returns the bytes to send. `packet` is the buffer that went in.
    pub fn bytes<'a>(&'a self, packet: &'a PacketBuffer, data: &Data) -> &'a [u8] {
        match data {
            Data::Packet(range) => packet.slice(range.clone()),
            Data::Answer(range) => &self.answers[range.clone()],
        }
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.answers.clear();
    }

    pub(crate) fn push(&mut self, output: Output) {
        self.list.push(output);
    }

    /// Answers with what `write` writes into the space that it gets. It returns how much that is, or `None`
    /// if there is no answer.
    pub(crate) fn answer(
        &mut self,
        client: Client,
        space: usize,
        write: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) {
        let start = self.answers.len();
        self.answers.resize(start + space, 0);
        let length = write(&mut self.answers[start..]).map(|length| length.min(space));
        self.answers.truncate(start + length.unwrap_or(0));
        if let Some(length) = length {
            self.list.push(Output::ToClient { client, data: Data::Answer(start..start + length) });
        }
    }
}
