//! Writes the answers to requests.

use stun_types::attribute::{AttributeWrite, ErrorCode};
use stun_types::message::{
    IntegrityAlgorithm, IntegrityKey, Message, MessageClass, MessageType, MessageWriteMutSlice, Method,
    TransactionId,
};
use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};

use crate::client::Client;
use crate::outputs::Outputs;

/// No answer is longer. Together with the headers of IPv4 and UDP it fits where 576 bytes do.
const LONGEST: usize = 548;

/// A request, as far as its answer depends on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transaction {
    pub(crate) client: Client,
    pub(crate) method: Method,
    pub(crate) id: TransactionId,
    /// Whoever sends FINGERPRINT gets it, too.
    pub(crate) fingerprint: bool,
}

impl Transaction {
    /// Whoever has authenticated gets MESSAGE-INTEGRITY with the `key`.
    pub(crate) fn succeed(
        &self,
        key: Option<&IntegrityKey>,
        attributes: &[&dyn AttributeWrite],
        out: &mut Outputs,
    ) {
        self.answer(MessageClass::Success, key, attributes, out);
    }

    /// The reason is left out, because an answer to whoever hasn't authenticated has to be short.
    pub(crate) fn fail(
        &self,
        code: u16,
        key: Option<&IntegrityKey>,
        attributes: &[&dyn AttributeWrite],
        out: &mut Outputs,
    ) {
        let Ok(error) = ErrorCode::new(code, "") else { return };
        let mut all: Vec<&dyn AttributeWrite> = vec![&error];
        all.extend(attributes);
        self.answer(MessageClass::Error, key, &all, out);
    }

    fn answer(
        &self,
        class: MessageClass,
        key: Option<&IntegrityKey>,
        attributes: &[&dyn AttributeWrite],
        out: &mut Outputs,
    ) {
        out.answer(self.client, LONGEST, |space| {
            let kind = MessageType::from_class_method(class, self.method);
            let mut message = Message::builder(kind, self.id, MessageWriteMutSlice::new(space));
            for attribute in attributes {
                message.add_attribute(*attribute).ok()?;
            }
            if let Some(key) = key {
                message.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1).ok()?;
            }
            if self.fingerprint {
                message.add_fingerprint().ok()?;
            }
            Some(message.finish())
        });
    }
}
