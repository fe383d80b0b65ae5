//! How signals are written: a JSON object a message, the same over the data channel and, as a text, past it.
//! See `docs/PROTOCOL.md`.

use serde::{Deserialize, Serialize};
use tincan_shared::{Description, IceCandidate, LeaveReason};

use super::Signal;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignalFrame {
    /// The stream that it is of.
    pub(crate) stream: u64,
    /// Everything of the other side's up to this number has been heard.
    pub(crate) heard: u64,
    pub(crate) content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// Nothing but what has been heard.
    Nothing,
    Numbered(u64, Signal),
    /// Asks for a sign of life.
    Ping,
    Pong,
}

/// The tag of every message about signaling.
pub(crate) const TAG: &str = "signal";

/// Every field that any message has.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Fields {
    t: String,
    stream: u64,
    #[serde(skip_serializing_if = "is_zero")]
    heard: u64,
    #[serde(skip_serializing_if = "is_zero")]
    n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Description>,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidate: Option<IceCandidate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leave: Option<LeaveReason>,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    what: Option<Do>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Do {
    Ping,
    Pong,
    Restart,
    #[serde(other)]
    Other,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl SignalFrame {
    pub(crate) fn encode(self) -> String {
        let mut fields =
            Fields { t: TAG.to_owned(), stream: self.stream, heard: self.heard, ..Fields::default() };
        match self.content {
            Content::Nothing => {}
            Content::Ping => fields.what = Some(Do::Ping),
            Content::Pong => fields.what = Some(Do::Pong),
            Content::Numbered(n, signal) => {
                fields.n = n;
                match signal {
                    Signal::Description(description) => fields.description = Some(description),
                    Signal::Candidate(candidate) => {
                        fields.candidate = Some(candidate.unwrap_or_else(end_of_candidates));
                    }
                    Signal::Restart => fields.what = Some(Do::Restart),
                    Signal::Leave(reason) => fields.leave = Some(reason),
                    Signal::Nothing => {}
                }
            }
        }
        // Numbers and strings always have a JSON form.
        serde_json::to_string(&fields).unwrap_or_default()
    }

    pub(crate) fn decode(text: &str) -> Option<SignalFrame> {
        let fields: Fields = serde_json::from_str(text).ok()?;
        if fields.t != TAG {
            return None;
        }
        let Fields { stream, heard, n, .. } = fields;
        let content = match (n, fields.what) {
            (0, Some(Do::Ping)) => Content::Ping,
            (0, Some(Do::Pong)) => Content::Pong,
            (0, _) => Content::Nothing,
            (n, _) => Content::Numbered(n, fields.signal()),
        };
        Some(SignalFrame { stream, heard, content })
    }
}

impl Fields {
    fn signal(self) -> Signal {
        match (self.description, self.candidate, self.leave, self.what) {
            (Some(description), ..) => Signal::Description(description),
            (_, Some(candidate), ..) => {
                Signal::Candidate(Some(candidate).filter(|it| !it.candidate.is_empty()))
            }
            (_, _, Some(reason), _) => Signal::Leave(reason),
            (.., Some(Do::Restart)) => Signal::Restart,
            _ => Signal::Nothing,
        }
    }
}

/// The last candidate has an empty line, as some browsers write it.
fn end_of_candidates() -> IceCandidate {
    IceCandidate { candidate: String::new(), sdp_mid: None, sdp_m_line_index: None, username_fragment: None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use tincan_shared::DescriptionKind;

    use super::*;

    fn numbered(signal: Signal) -> SignalFrame {
        SignalFrame { stream: 5, heard: 2, content: Content::Numbered(3, signal) }
    }

    #[test]
    fn every_message_is_read_as_it_is_written() {
        let description = Description { kind: DescriptionKind::Offer, sdp: "v=0\r\n".to_owned() };
        let candidate = IceCandidate { candidate: "candidate:1".to_owned(), ..end_of_candidates() };
        let line = |line| IceCandidate { candidate: line, ..end_of_candidates() };
        let json_of = |text: &str| serde_json::to_value(line(text.to_owned())).expect("JSON");
        let (json_candidate, end) = (json_of("candidate:1"), json_of(""));
        for (frame, rest) in [
            (
                numbered(Signal::Description(description)),
                json!({"n": 3, "description": {"type": "offer", "sdp": "v=0\r\n"}}),
            ),
            (numbered(Signal::Candidate(Some(candidate))), json!({"n": 3, "candidate": json_candidate})),
            (numbered(Signal::Candidate(None)), json!({"n": 3, "candidate": end})),
            (numbered(Signal::Restart), json!({"n": 3, "do": "restart"})),
            (numbered(Signal::Leave(LeaveReason::Hangup)), json!({"n": 3, "leave": "hangup"})),
            (numbered(Signal::Nothing), json!({"n": 3})),
            (SignalFrame { content: Content::Ping, ..numbered(Signal::Nothing) }, json!({"do": "ping"})),
            (SignalFrame { content: Content::Pong, ..numbered(Signal::Nothing) }, json!({"do": "pong"})),
            (SignalFrame { content: Content::Nothing, ..numbered(Signal::Nothing) }, json!({})),
        ] {
            let mut json = json!({"t": "signal", "stream": 5, "heard": 2});
            json.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            let text = frame.clone().encode();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json);
            assert_eq!(SignalFrame::decode(&text), Some(frame));
        }
    }

    #[test]
    fn what_a_later_version_says_has_its_number_all_the_same() {
        for text in
            [r#"{"t":"signal","stream":5,"n":3,"new":1}"#, r#"{"t":"signal","stream":5,"n":3,"do":"dance"}"#]
        {
            let frame = SignalFrame::decode(text).unwrap();
            assert_eq!(frame.content, Content::Numbered(3, Signal::Nothing));
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            SignalFrame::decode(&text);
        }
    }
}
