//! Frames between client and server.

use serde_json::value::RawValue;
use tincan_shared::{BadFrame, Description, Frame, IceCandidate, Numbers, decode_client, decode_server};

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (raw, typed) =
        (decode_client::<&RawValue, &RawValue>(text), decode_client::<Description, IceCandidate>(text));
    assert_eq!(numbers(&raw), numbers(&typed));
    if let Ok(frame) = typed {
        assert!(raw.is_ok());
        assert_eq!(decode_client(&frame.encode()), Ok(frame));
    }
    // What the server passes on says the same to whoever gets it.
    if let Ok(frame) = raw {
        let again = frame.encode();
        let again = decode_client::<&RawValue, &RawValue>(&again).expect("what was read can be read again");
        assert_eq!(again.encode(), frame.encode());
    }
    let (raw, typed) =
        (decode_server::<&RawValue, &RawValue>(text), decode_server::<Description, IceCandidate>(text));
    assert_eq!(numbers(&raw), numbers(&typed));
    if let Ok(frame) = typed {
        assert!(raw.is_ok());
        assert_eq!(decode_server(&frame.encode()), Ok(frame));
    }
}

/// Returns the numbers of a frame, which are read even where nothing else can be.
fn numbers<M>(decoded: &Result<Frame<M>, BadFrame>) -> Numbers {
    match decoded {
        Ok(Frame { seq, ack, .. }) => Numbers { seq: *seq, ack: *ack },
        Err(bad) => bad.numbers,
    }
}
