//! The server from outside: messages in, messages out.

mod garbage;
mod inner_network;
mod limits;
mod relaying;
mod requests;
mod simulation;
mod world;

use std::net::SocketAddr;

use stun_types::attribute::{AttributeWrite, ErrorCode, Nonce, Realm, Username};
use stun_types::message::{
    BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageIntegrityCredentials,
    MessageWriteVec, Method, TransactionId,
};
use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};

use super::*;
use crate::credentials::Credential;
pub(super) use world::{Event, World, v4, v6};

/// Writes a request of somebody who has not authenticated.
fn plain(method: Method, attributes: &[&dyn AttributeWrite]) -> Vec<u8> {
    let mut message = Message::builder_request(method, MessageWriteVec::new());
    for attribute in attributes {
        message.add_attribute(*attribute).unwrap();
    }
    message.finish()
}

/// Writes a request with a credential.
fn signed(
    method: Method,
    attributes: &[&dyn AttributeWrite],
    credential: &Credential,
    nonce: &str,
) -> Vec<u8> {
    let mut message = Message::builder_request(method, MessageWriteVec::new());
    for attribute in attributes {
        message.add_attribute(*attribute).unwrap();
    }
    sign(message, credential, nonce)
}

fn sign(mut message: MessageWriteVec, credential: &Credential, nonce: &str) -> Vec<u8> {
    message.add_attribute(&Username::new(&credential.username).unwrap()).unwrap();
    message.add_attribute(&Realm::new(REALM).unwrap()).unwrap();
    message.add_attribute(&Nonce::new(nonce).unwrap()).unwrap();
    message.add_message_integrity(&key_of(credential), IntegrityAlgorithm::Sha1).unwrap();
    message.finish()
}

fn key_of(credential: &Credential) -> MessageIntegrityCredentials {
    let Credential { username, password } = credential.clone();
    LongTermKeyCredentials::new(username, password, REALM.to_owned()).into()
}

/// Returns an answer's code: 0 is success.
fn code(answer: &[u8]) -> u16 {
    let message = Message::from_bytes(answer).unwrap();
    match message.class() {
        MessageClass::Success => 0,
        MessageClass::Error => message.attribute::<ErrorCode>().unwrap().code(),
        class => panic!("{class:?} is no answer"),
    }
}
