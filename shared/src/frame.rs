//! The JSON of messages: each frame is one object, `type` says which message it is, and unknown fields are
//! ignored.
//!
//! The fields are written and read by hand. Serde's internally tagged enum would buffer, and so parse, the
//! session descriptions that the server only passes on, and its errors would not name the wrong field
//! (`docs/decisions/0002-frames-by-hand.md`).

use std::fmt;

use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::message::{
    Claim, ClientMessage, Description, IceCandidate, Login, LoginAnswer, MAX_CLAIMS, ServerMessage,
};
use crate::room::{RoomAnswer, RoomMember};
use crate::signal::StreamMessage;

/// A message with its numbers (see [`crate::Outbox`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<M> {
    /// The message.
    pub message: M,
    /// The number of this frame, counting from 1, where the sender numbers its frames.
    pub seq: Option<u64>,
    /// The sender of this frame has received all frames up to this number.
    pub ack: Option<u64>,
}

impl<M> Frame<M> {
    /// Creates a frame without numbers.
    pub fn plain(message: M) -> Frame<M> {
        Frame { message, seq: None, ack: None }
    }

    /// Returns the frame as JSON.
    pub fn encode(&self) -> String
    where
        Frame<M>: Serialize,
    {
        // Can't fail: every key is a string, and no value's `Serialize` fails.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The numbers of a frame, also of one that can't be decoded. They count all the same. Otherwise a frame of a
/// newer or faulty client would leave a gap, and everything after it would be out of order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// See [`Frame::seq`].
    pub seq: Option<u64>,
    /// See [`Frame::ack`].
    pub ack: Option<u64>,
}

/// A frame that can't be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct BadFrame {
    /// What is wrong with it.
    pub reason: DecodeError,
    /// Its numbers, as far as they can be read.
    pub numbers: Numbers,
}

/// Why a frame can't be decoded. The text is the `message` of the server's `error`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not JSON.
    #[error("Not JSON")]
    NotJson,
    /// JSON, but not an object.
    #[error("Not a JSON object")]
    NotAnObject,
    /// The `type` is unknown. The wording is that of the classic tutorials.
    #[error("Command not found: {0}")]
    UnknownType(String),
    /// A field is there twice, or there are more than any message has.
    #[error("A field is given twice, or there are too many")]
    Fields,
    /// This field is missing or has a wrong type.
    #[error("`{0}` is missing or not what it should be")]
    Field(&'static str),
}

/// How a session description or a candidate is held: parsed, or as the JSON that came.
pub trait Payload<'a>: Sized {
    /// Converts it from its JSON. Returns `None` if the JSON is something else.
    fn from_raw(raw: &'a RawValue) -> Option<Self>;
}

impl<'a> Payload<'a> for &'a RawValue {
    fn from_raw(raw: &'a RawValue) -> Option<Self> {
        Some(raw)
    }
}

impl Payload<'_> for Description {
    fn from_raw(raw: &RawValue) -> Option<Self> {
        parse(raw)
    }
}

impl Payload<'_> for IceCandidate {
    fn from_raw(raw: &RawValue) -> Option<Self> {
        parse(raw)
    }
}

fn parse<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// Decodes a frame of a client, as the server does. With `&RawValue` as payload, descriptions and candidates
/// stay the JSON that came.
///
/// # Errors
/// If `text` is no JSON object, has an unknown `type`, or lacks a field that the message needs.
pub fn decode_client<'a, D: Payload<'a>, C: Payload<'a>>(
    text: &'a str,
) -> Result<Frame<ClientMessage<D, C>>, BadFrame> {
    Fields::read(text)?.frame(client_message)
}

fn client_message<'a, D: Payload<'a>, C: Payload<'a>>(
    fields: &Fields<'a>,
) -> Result<ClientMessage<D, C>, DecodeError> {
    Ok(match fields.kind()?.as_str() {
        "login" => ClientMessage::Login(Login {
            name: fields.required("name")?,
            room: fields.optional("room")?,
            resume: fields.optional("resume")?,
            received: fields.optional("received")?.unwrap_or(0),
            version: fields.optional("version")?,
            calls: fields.claims()?,
            ticket: fields.optional("ticket")?,
        }),
        "offer" => ClientMessage::Offer {
            name: fields.required("name")?,
            offer: fields.payload("offer")?,
            call: fields.optional("call")?,
            files: fields.optional("files")?,
            stream: fields.optional("stream")?,
        },
        "answer" => ClientMessage::Answer {
            name: fields.required("name")?,
            answer: fields.payload("answer")?,
            call: fields.optional("call")?,
            stream: fields.optional("stream")?,
        },
        "candidate" => ClientMessage::Candidate {
            name: fields.required("name")?,
            candidate: fields.nullable_payload("candidate")?,
            call: fields.optional("call")?,
        },
        "leave" => ClientMessage::Leave {
            name: fields.optional("name")?,
            call: fields.optional("call")?,
            reason: fields.optional("reason")?,
        },
        "join" => ClientMessage::Join { room: fields.required("room")? },
        "leave-room" => ClientMessage::LeaveRoom,
        "reconnect" => {
            ClientMessage::Reconnect { name: fields.required("name")?, call: fields.required("call")? }
        }
        "signal" => ClientMessage::Signal {
            name: fields.required("name")?,
            call: fields.required("call")?,
            signal: fields.required("signal")?,
        },
        "claim" => {
            ClientMessage::Claim(Claim { name: fields.required("name")?, call: fields.required("call")? })
        }
        "ping" => ClientMessage::Ping,
        other => return Err(DecodeError::UnknownType(other.to_owned())),
    })
}

/// Decodes a frame of the server, as a client does.
///
/// # Errors
/// If `text` is no JSON object, has an unknown `type`, or lacks a field that the message needs.
pub fn decode_server<'a, D: Payload<'a>, C: Payload<'a>>(
    text: &'a str,
) -> Result<Frame<ServerMessage<D, C>>, BadFrame> {
    Fields::read(text)?.frame(server_message)
}

fn server_message<'a, D: Payload<'a>, C: Payload<'a>>(
    fields: &Fields<'a>,
) -> Result<ServerMessage<D, C>, DecodeError> {
    Ok(match fields.kind()?.as_str() {
        "login" => ServerMessage::Login(LoginAnswer {
            success: fields.required("success")?,
            name: fields.optional("name")?,
            display_name: fields.optional("displayName")?,
            reason: fields.optional("reason")?,
            resume: fields.optional("resume")?,
            ticket: fields.optional("ticket")?,
            resumed: fields.optional("resumed")?.unwrap_or(false),
            received: fields.optional("received")?.unwrap_or(0),
            ice_servers: fields.optional("iceServers")?.unwrap_or_default(),
            version: fields.optional("version")?,
        }),
        "offer" => ServerMessage::Offer {
            offer: fields.payload("offer")?,
            name: fields.required("name")?,
            call: fields.optional("call")?,
            files: fields.optional("files")?,
            stream: fields.optional("stream")?,
        },
        "answer" => ServerMessage::Answer {
            answer: fields.payload("answer")?,
            name: fields.optional("name")?,
            call: fields.optional("call")?,
            stream: fields.optional("stream")?,
        },
        "candidate" => ServerMessage::Candidate {
            candidate: fields.nullable_payload("candidate")?,
            name: fields.optional("name")?,
            call: fields.optional("call")?,
        },
        "leave" => ServerMessage::Leave {
            name: fields.optional("name")?,
            call: fields.optional("call")?,
            reason: fields.optional("reason")?,
        },
        "ringing" => {
            ServerMessage::Ringing { name: fields.required("name")?, call: fields.required("call")? }
        }
        "signal" => ServerMessage::Signal {
            name: fields.required("name")?,
            call: fields.required("call")?,
            signal: fields.required("signal")?,
        },
        "reachable" => {
            ServerMessage::Reachable { name: fields.required("name")?, call: fields.required("call")? }
        }
        "room" => ServerMessage::Room(RoomAnswer {
            room: fields.required("room")?,
            success: fields.required("success")?,
            reason: fields.optional("reason")?,
            limit: fields.optional("limit")?,
            members: fields.optional("members")?.unwrap_or_default(),
        }),
        "joined" => ServerMessage::Joined(RoomMember {
            name: fields.required("name")?,
            display_name: fields.required("displayName")?,
            call: fields.required("call")?,
            caller: fields.optional("caller")?.unwrap_or(false),
            stay: fields.optional("stay")?.unwrap_or(0),
        }),
        "left" => ServerMessage::Left {
            name: fields.required("name")?,
            call: fields.required("call")?,
            reason: fields.optional("reason")?,
        },
        "renamed" => ServerMessage::Renamed {
            name: fields.required("name")?,
            display_name: fields.required("displayName")?,
        },
        "error" => ServerMessage::Error {
            message: fields.required("message")?,
            code: fields.optional("code")?,
            call: fields.optional("call")?,
        },
        "pong" => ServerMessage::Pong,
        other => return Err(DecodeError::UnknownType(other.to_owned())),
    })
}

/// The names of all fields of all messages.
const NAMES: [&str; 32] = [
    "type",
    "name",
    "displayName",
    "room",
    "members",
    "caller",
    "stay",
    "limit",
    "call",
    "calls",
    "signal",
    "stream",
    "t",
    "description",
    "leave",
    "do",
    "offer",
    "files",
    "answer",
    "candidate",
    "reason",
    "resume",
    "resumed",
    "ticket",
    "received",
    "version",
    "success",
    "iceServers",
    "message",
    "code",
    "seq",
    "ack",
];

/// The raw values of a message's fields, in the order of [`NAMES`], found in one pass. A field that is `null`
/// counts as present, because `null` means something for `candidate`.
#[derive(Default)]
pub(crate) struct Fields<'a>([Option<&'a RawValue>; NAMES.len()]);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields<'de>, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields::default();
        for _ in 0..=MAX_FIELDS {
            let Some((name, value)) = map.next_entry::<Name<'_>, _>()? else { return Ok(fields) };
            if let Some(place) = place(&name.0)
                && fields.0[place].replace(value).is_some()
            {
                return Err(A::Error::duplicate_field(NAMES[place]));
            }
        }
        Err(A::Error::custom("too many fields"))
    }
}

/// More fields than any message has, those of later versions included. More would only take time.
const MAX_FIELDS: usize = 64;

/// The name of a field, which is only copied where it has escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

fn place(name: &str) -> Option<usize> {
    NAMES.iter().position(|known| *known == name)
}

fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

impl<'a> Fields<'a> {
    /// Reads all fields, in one pass over the text, whatever is in it.
    pub(crate) fn read(text: &'a str) -> Result<Fields<'a>, BadFrame> {
        let reason = if text.trim_ascii_start().starts_with('{') {
            match serde_json::from_str(text) {
                Ok(fields) => return Ok(fields),
                Err(error) if error.is_data() => DecodeError::Fields,
                Err(_) => DecodeError::NotJson,
            }
        } else if serde_json::from_str::<IgnoredAny>(text).is_ok() {
            DecodeError::NotAnObject
        } else {
            DecodeError::NotJson
        };
        Err(BadFrame { reason, numbers: Numbers::default() })
    }

    fn kind(&self) -> Result<String, DecodeError> {
        self.required("type")
    }

    fn raw(&self, name: &str) -> Option<&'a RawValue> {
        place(name).and_then(|place| self.0[place])
    }

    /// Returns the field, unless it is missing or `null`.
    fn some(&self, name: &str) -> Option<&'a RawValue> {
        self.raw(name).filter(|raw| !is_null(raw))
    }

    pub(crate) fn required<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, DecodeError> {
        self.raw(name).and_then(parse).ok_or(DecodeError::Field(name))
    }

    fn optional<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, DecodeError> {
        self.some(name).map(|raw| parse(raw).ok_or(DecodeError::Field(name))).transpose()
    }

    /// Returns the claims of a login. One that can't be read is none.
    fn claims(&self) -> Result<Vec<Claim>, DecodeError> {
        let claims: Vec<&RawValue> = match self.some("calls") {
            Some(raw) => serde_json::from_str(raw.get()).map_err(|_| DecodeError::Field("calls"))?,
            None => Vec::new(),
        };
        Ok(claims.into_iter().take(MAX_CLAIMS).filter_map(parse).collect())
    }

    pub(crate) fn payload<P: Payload<'a>>(&self, name: &'static str) -> Result<P, DecodeError> {
        self.some(name).and_then(P::from_raw).ok_or(DecodeError::Field(name))
    }

    pub(crate) fn nullable_payload<P: Payload<'a>>(
        &self,
        name: &'static str,
    ) -> Result<Option<P>, DecodeError> {
        match self.raw(name) {
            Some(raw) if is_null(raw) => Ok(None),
            _ => self.payload(name).map(Some),
        }
    }

    /// Reads the message by `read`, and the numbers.
    pub(crate) fn frame<M>(
        &self,
        read: impl FnOnce(&Self) -> Result<M, DecodeError>,
    ) -> Result<Frame<M>, BadFrame> {
        let (seq, ack) = (self.optional("seq"), self.optional("ack"));
        let numbers = Numbers { seq: seq.clone().ok().flatten(), ack: ack.clone().ok().flatten() };
        let message = read(self).and_then(|message| seq.and(ack).map(|_| message));
        match message {
            Ok(message) => Ok(Frame { message, seq: numbers.seq, ack: numbers.ack }),
            Err(reason) => Err(BadFrame { reason, numbers }),
        }
    }
}

/// Writes the fields of a frame, and leaves out optional ones that are `None`.
pub(crate) struct Writer<S: Serializer>(S::SerializeMap);

impl<S: Serializer> Writer<S> {
    pub(crate) fn field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        self.0.serialize_entry(name, value)
    }

    fn optional<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) -> Result<(), S::Error> {
        value.as_ref().map_or(Ok(()), |value| self.field(name, value))
    }
}

pub(crate) trait Fielded {
    fn write<S: Serializer>(&self, to: &mut Writer<S>) -> Result<(), S::Error>;
}

impl<D: Serialize, C: Serialize> Fielded for ClientMessage<D, C> {
    fn write<S: Serializer>(&self, to: &mut Writer<S>) -> Result<(), S::Error> {
        match self {
            ClientMessage::Login(login) => {
                to.field("type", "login")?;
                to.field("name", &login.name)?;
                to.optional("room", &login.room)?;
                to.optional("resume", &login.resume)?;
                to.optional("received", &Some(login.received).filter(|n| *n > 0))?;
                to.optional("version", &login.version)?;
                to.optional("calls", &Some(&login.calls).filter(|calls| !calls.is_empty()))?;
                to.optional("ticket", &login.ticket)
            }
            ClientMessage::Offer { name, offer, call, files, stream } => {
                to.field("type", "offer")?;
                to.field("name", name)?;
                to.field("offer", offer)?;
                to.optional("call", call)?;
                to.optional("files", files)?;
                to.optional("stream", stream)
            }
            ClientMessage::Answer { name, answer, call, stream } => {
                to.field("type", "answer")?;
                to.field("name", name)?;
                to.field("answer", answer)?;
                to.optional("call", call)?;
                to.optional("stream", stream)
            }
            ClientMessage::Candidate { name, candidate, call } => {
                to.field("type", "candidate")?;
                to.field("name", name)?;
                to.field("candidate", candidate)?;
                to.optional("call", call)
            }
            ClientMessage::Leave { name, call, reason } => {
                to.field("type", "leave")?;
                to.optional("name", name)?;
                to.optional("call", call)?;
                to.optional("reason", reason)
            }
            ClientMessage::Join { room } => {
                to.field("type", "join")?;
                to.field("room", room)
            }
            ClientMessage::LeaveRoom => to.field("type", "leave-room"),
            ClientMessage::Reconnect { name, call } => {
                to.field("type", "reconnect")?;
                to.field("name", name)?;
                to.field("call", call)
            }
            ClientMessage::Signal { name, call, signal } => {
                to.field("type", "signal")?;
                to.field("name", name)?;
                to.field("call", call)?;
                to.field("signal", signal)
            }
            ClientMessage::Claim(Claim { name, call }) => {
                to.field("type", "claim")?;
                to.field("name", name)?;
                to.field("call", call)
            }
            ClientMessage::Ping => to.field("type", "ping"),
        }
    }
}

impl<D: Serialize, C: Serialize> Fielded for ServerMessage<D, C> {
    fn write<S: Serializer>(&self, to: &mut Writer<S>) -> Result<(), S::Error> {
        match self {
            ServerMessage::Login(answer) => {
                to.field("type", "login")?;
                to.field("success", &answer.success)?;
                to.optional("name", &answer.name)?;
                to.optional("displayName", &answer.display_name)?;
                to.optional("reason", &answer.reason)?;
                to.optional("resume", &answer.resume)?;
                to.optional("ticket", &answer.ticket)?;
                to.optional("resumed", &Some(true).filter(|_| answer.resumed))?;
                to.optional("received", &Some(answer.received).filter(|n| *n > 0))?;
                let servers = Some(&answer.ice_servers).filter(|servers| !servers.is_empty());
                to.optional("iceServers", &servers)?;
                to.optional("version", &answer.version)
            }
            ServerMessage::Offer { offer, name, call, files, stream } => {
                to.field("type", "offer")?;
                to.field("offer", offer)?;
                to.field("name", name)?;
                to.optional("call", call)?;
                to.optional("files", files)?;
                to.optional("stream", stream)
            }
            ServerMessage::Answer { answer, name, call, stream } => {
                to.field("type", "answer")?;
                to.field("answer", answer)?;
                to.optional("name", name)?;
                to.optional("call", call)?;
                to.optional("stream", stream)
            }
            ServerMessage::Candidate { candidate, name, call } => {
                to.field("type", "candidate")?;
                to.field("candidate", candidate)?;
                to.optional("name", name)?;
                to.optional("call", call)
            }
            ServerMessage::Leave { name, call, reason } => {
                to.field("type", "leave")?;
                to.optional("name", name)?;
                to.optional("call", call)?;
                to.optional("reason", reason)
            }
            ServerMessage::Ringing { name, call } => {
                to.field("type", "ringing")?;
                to.field("name", name)?;
                to.field("call", call)
            }
            ServerMessage::Signal { name, call, signal } => {
                to.field("type", "signal")?;
                to.field("name", name)?;
                to.field("call", call)?;
                to.field("signal", signal)
            }
            ServerMessage::Reachable { name, call } => {
                to.field("type", "reachable")?;
                to.field("name", name)?;
                to.field("call", call)
            }
            ServerMessage::Room(answer) => {
                to.field("type", "room")?;
                to.field("room", &answer.room)?;
                to.field("success", &answer.success)?;
                to.optional("reason", &answer.reason)?;
                to.optional("limit", &answer.limit)?;
                to.optional("members", &Some(&answer.members).filter(|_| answer.success))
            }
            ServerMessage::Joined(member) => {
                to.field("type", "joined")?;
                to.field("name", &member.name)?;
                to.field("displayName", &member.display_name)?;
                to.field("call", &member.call)?;
                to.optional("caller", &Some(true).filter(|_| member.caller))?;
                to.optional("stay", &Some(member.stay).filter(|stay| *stay > 0))
            }
            ServerMessage::Left { name, call, reason } => {
                to.field("type", "left")?;
                to.field("name", name)?;
                to.field("call", call)?;
                to.optional("reason", reason)
            }
            ServerMessage::Renamed { name, display_name } => {
                to.field("type", "renamed")?;
                to.field("name", name)?;
                to.field("displayName", display_name)
            }
            ServerMessage::Error { message, code, call } => {
                to.field("type", "error")?;
                to.field("message", message)?;
                to.optional("code", code)?;
                to.optional("call", call)
            }
            ServerMessage::Pong => to.field("type", "pong"),
        }
    }
}

impl<D: Serialize, C: Serialize> Serialize for Frame<ClientMessage<D, C>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_frame(self, serializer)
    }
}

impl<D: Serialize, C: Serialize> Serialize for Frame<ServerMessage<D, C>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_frame(self, serializer)
    }
}

impl Serialize for Frame<StreamMessage> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_frame(self, serializer)
    }
}

fn write_frame<M: Fielded, S: Serializer>(frame: &Frame<M>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut writer = Writer::<S>(serializer.serialize_map(None)?);
    frame.message.write(&mut writer)?;
    writer.optional("seq", &frame.seq)?;
    writer.optional("ack", &frame.ack)?;
    writer.0.end()
}
