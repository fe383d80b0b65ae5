//! The errors that the hub tells clients.

use std::borrow::Cow;

use tincan_shared::{DecodeError, ErrorCode};

/// Why a client's frame was not acted on, or why its connection is closed.
#[derive(Debug)]
pub(super) enum ClientError {
    AlreadySignedIn,
    Binary,
    LoginFirst,
    NobodyInRoom,
    /// The same whether or not anybody of that name is signed in, so that it tells nobody.
    NoSuchCall,
    NotInRoom,
    /// Holds the address of the user to whom the answer was sent.
    NotCalledBy(String),
    OutOfOrder,
    /// The receiver's queue has no room for the frame.
    QueueFull,
    Replaced,
    SignInTimeout,
    TooFast,
    TooLarge,
    TooManyRefusals,
    Undecodable(DecodeError),
    /// The client does not read what it is sent.
    UnreadFrames,
}

impl ClientError {
    pub(super) fn code(&self) -> ErrorCode {
        match self {
            ClientError::AlreadySignedIn => ErrorCode::AlreadySignedIn,
            ClientError::Binary => ErrorCode::Binary,
            ClientError::LoginFirst | ClientError::SignInTimeout | ClientError::TooManyRefusals => {
                ErrorCode::LoginFirst
            }
            ClientError::NobodyInRoom | ClientError::NoSuchCall | ClientError::NotCalledBy(_) => {
                ErrorCode::Unavailable
            }
            ClientError::NotInRoom => ErrorCode::NotInRoom,
            ClientError::OutOfOrder => ErrorCode::OutOfOrder,
            ClientError::QueueFull => ErrorCode::QueueFull,
            ClientError::Replaced => ErrorCode::Replaced,
            ClientError::TooFast | ClientError::UnreadFrames => ErrorCode::TooFast,
            ClientError::TooLarge => ErrorCode::TooLarge,
            ClientError::Undecodable(error) => match error {
                DecodeError::NotJson => ErrorCode::NotJson,
                DecodeError::NotAnObject => ErrorCode::NotAnObject,
                DecodeError::UnknownType(_) => ErrorCode::UnknownType,
                DecodeError::Fields | DecodeError::Field(_) => ErrorCode::BadMessage,
            },
        }
    }

    /// Returns the text for people. It may quote a client, at any length.
    pub(super) fn text(&self) -> Cow<'static, str> {
        let text = match self {
            ClientError::AlreadySignedIn => "Already signed in",
            ClientError::Binary => "Binary frames mean nothing here",
            ClientError::LoginFirst => "Log in first",
            ClientError::NobodyInRoom => "Nobody of that name is in the room",
            ClientError::NoSuchCall => "You are in no such call with anybody of that name",
            ClientError::NotInRoom => "You are in no room",
            ClientError::NotCalledBy(name) => return format!("{name} has not called you").into(),
            ClientError::OutOfOrder => "A numbered frame is missing before this one",
            ClientError::QueueFull => "Too much waits to be sent to that name",
            ClientError::Replaced => "Another connection has resumed this one",
            ClientError::SignInTimeout => "Nobody has signed in",
            ClientError::TooFast => "Too many frames too fast",
            ClientError::TooLarge => "The frame is too large",
            ClientError::TooManyRefusals => "Too many logins were refused",
            ClientError::Undecodable(error) => return error.to_string().into(),
            ClientError::UnreadFrames => "Too much is waiting to be read",
        };
        text.into()
    }
}
