//! What is said about files over the data channel that text goes over: a JSON object a message, told apart by
//! `t`, beside those of the chat (see `crate::envelope`). The bytes have channels of their own.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::id::{Attempt, ContentHash, IdHalf, Run, TransferId};
use super::limits::{MAX_FILE_BYTES, MAX_UNFINISHED};
use super::name::{safe_mime, safe_name};

/// The longest message that is read. The longest that is written is a `have` of [`MAX_UNFINISHED`], of about
/// 4 KB.
const MAX_MESSAGE_BYTES: usize = 16 * 1024;

/// The tags of what is about files.
const TAGS: [&str; 10] = ["offer", "accept", "take", "hold", "cut", "drop", "again", "got", "have", "lost"];

/// A text about files, of which only the tag was read. The machine for files reads the rest: it is loaded
/// later than what receives the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileText(String);

impl FileText {
    /// Returns whether a text of this tag is about files.
    pub(crate) fn has_tag(tag: &str) -> bool {
        TAGS.contains(&tag)
    }

    /// Takes a text whose tag is one of those.
    pub(crate) fn new(text: String) -> FileText {
        FileText(text)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum FileFrame {
    /// A file for you. Said again on each new channel until it is answered.
    Offer { id: TransferId, name: String, size: u64, mime: Option<String>, attempt: Attempt },
    /// I want it; its turn comes.
    Accept { id: TransferId },
    /// Send it now, from `from` on, over a channel that names `run`. `hash` is that of what I have, if I have
    /// any.
    Take { id: TransferId, run: Run, from: u64, hash: Option<ContentHash> },
    /// I pause it, or no longer do.
    Hold { id: TransferId, on: bool },
    /// The channel of this run is closed.
    Cut { id: TransferId, run: Run },
    /// It is over, in this attempt.
    Drop { id: TransferId, why: Why, attempt: Attempt },
    /// Offer it again: I do want it.
    Again { id: TransferId },
    /// It is here whole, verified and kept.
    Got { id: TransferId },
    /// I have accepted these from somebody of your name, and they are not whole. The last of what is said
    /// first on a new channel.
    Have { halves: Vec<IdHalf> },
    /// Of what you have said to have, I know nothing of these.
    Lost { halves: Vec<IdHalf> },
}

/// Why a transfer is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Why {
    Refused,
    Cancelled,
    Changed,
    Full,
    Mismatch,
    /// Said of what isn't known.
    Forgotten,
    /// Also what a newer version may say.
    #[serde(other)]
    Failed,
}

/// Every field that any message has. An internally tagged derive would make the page several KB larger.
#[derive(Default, Serialize, Deserialize)]
struct Fields<'a> {
    t: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<Cow<'a, str>>>,
}

impl<'a> Fields<'a> {
    fn about(t: &'a str, id: TransferId) -> Fields<'a> {
        Fields { t: t.into(), id: Some(id.to_string().into()), ..Fields::default() }
    }

    fn listing(t: &'a str, halves: &[IdHalf]) -> Fields<'a> {
        let ids = Some(halves.iter().map(|half| half.to_string().into()).collect());
        Fields { t: t.into(), ids, ..Fields::default() }
    }
}

impl FileFrame {
    pub(super) fn encode(&self) -> String {
        let fields = match self {
            FileFrame::Offer { id, name, size, mime, attempt } => Fields {
                name: Some(name.into()),
                size: Some(*size),
                mime: mime.as_deref().map(Cow::from),
                attempt: Some(attempt.0),
                ..Fields::about("offer", *id)
            },
            FileFrame::Accept { id } => Fields::about("accept", *id),
            FileFrame::Take { id, run, from, hash } => Fields {
                run: Some(run.0),
                from: Some(*from),
                hash: hash.as_ref().map(|hash| hash.as_str().into()),
                ..Fields::about("take", *id)
            },
            FileFrame::Hold { id, on } => Fields { on: Some(*on), ..Fields::about("hold", *id) },
            FileFrame::Cut { id, run } => Fields { run: Some(run.0), ..Fields::about("cut", *id) },
            FileFrame::Drop { id, why, attempt } => {
                Fields { why: Some(*why), attempt: Some(attempt.0), ..Fields::about("drop", *id) }
            }
            FileFrame::Again { id } => Fields::about("again", *id),
            FileFrame::Got { id } => Fields::about("got", *id),
            FileFrame::Have { halves } => Fields::listing("have", halves),
            FileFrame::Lost { halves } => Fields::listing("lost", halves),
        };
        // Numbers, bools and strings always have a JSON form.
        serde_json::to_string(&fields).unwrap_or_default()
    }

    /// Returns what `text` says, made safe, if that is about files and makes sense.
    pub(super) fn decode(FileText(text): &FileText) -> Option<FileFrame> {
        if text.len() > MAX_MESSAGE_BYTES {
            return None;
        }
        let fields: Fields<'static> = serde_json::from_str(text).ok()?;
        let id = || fields.id.as_deref().and_then(TransferId::parse);
        Some(match fields.t.as_ref() {
            "offer" => FileFrame::Offer {
                id: id()?,
                name: safe_name(&fields.name?),
                size: fields.size.filter(|&size| size <= MAX_FILE_BYTES)?,
                mime: fields.mime.as_deref().and_then(safe_mime),
                attempt: fields.attempt.map_or(Attempt::FIRST, Attempt),
            },
            "accept" => FileFrame::Accept { id: id()? },
            "take" => {
                let (from, hash) = (fields.from?, fields.hash.as_deref());
                // A part has a hash, and nothing has none.
                let hash = match hash.filter(|hash| !hash.is_empty()) {
                    Some(hash) if from > 0 => Some(ContentHash::parse(hash)?),
                    None if from == 0 => None,
                    _ => return None,
                };
                FileFrame::Take { id: id()?, run: Run(fields.run?), from, hash }
            }
            "hold" => FileFrame::Hold { id: id()?, on: fields.on? },
            "cut" => FileFrame::Cut { id: id()?, run: Run(fields.run?) },
            "drop" => FileFrame::Drop {
                id: id()?,
                why: fields.why.unwrap_or(Why::Failed),
                attempt: fields.attempt.map_or(Attempt::FIRST, Attempt),
            },
            "again" => FileFrame::Again { id: id()? },
            "got" => FileFrame::Got { id: id()? },
            "have" => FileFrame::Have { halves: halves(fields.ids?) },
            "lost" => FileFrame::Lost { halves: halves(fields.ids?) },
            _ => return None,
        })
    }
}

fn halves(ids: Vec<Cow<'_, str>>) -> Vec<IdHalf> {
    ids.iter().filter_map(|half| IdHalf::parse(half)).take(MAX_UNFINISHED).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id() -> TransferId {
        TransferId::from_random(7)
    }

    fn decode(text: &str) -> Option<FileFrame> {
        FileFrame::decode(&FileText::new(text.to_owned()))
    }

    #[test]
    fn every_frame_has_its_json_and_comes_back_from_it() {
        let hash = ContentHash::parse(&"a".repeat(64)).unwrap();
        let (name, mime) = ("a.txt".to_owned(), Some("text/plain".to_owned()));
        let digits = "00000000000000000000000000000007";
        for (frame, json) in [
            (
                FileFrame::Offer { id: id(), name, size: 3, mime, attempt: Attempt::FIRST },
                r#"{"t":"offer","id":"#.to_owned()
                    + &format!(r#""{digits}","name":"a.txt","size":3,"mime":"text/plain","attempt":1}}"#),
            ),
            (FileFrame::Accept { id: id() }, format!(r#"{{"t":"accept","id":"{digits}"}}"#)),
            (
                FileFrame::Take { id: id(), run: Run(2), from: 0, hash: None },
                format!(r#"{{"t":"take","id":"{digits}","run":2,"from":0}}"#),
            ),
            (
                FileFrame::Take { id: id(), run: Run(2), from: 9, hash: Some(hash.clone()) },
                format!(r#"{{"t":"take","id":"{digits}","run":2,"from":9,"hash":"{}"}}"#, hash.as_str()),
            ),
            (FileFrame::Hold { id: id(), on: true }, format!(r#"{{"t":"hold","id":"{digits}","on":true}}"#)),
            (FileFrame::Cut { id: id(), run: Run(2) }, format!(r#"{{"t":"cut","id":"{digits}","run":2}}"#)),
            (
                FileFrame::Drop { id: id(), why: Why::Full, attempt: Attempt::FIRST },
                format!(r#"{{"t":"drop","id":"{digits}","attempt":1,"why":"full"}}"#),
            ),
            (FileFrame::Again { id: id() }, format!(r#"{{"t":"again","id":"{digits}"}}"#)),
            (FileFrame::Got { id: id() }, format!(r#"{{"t":"got","id":"{digits}"}}"#)),
            (
                FileFrame::Have { halves: vec![id().half()] },
                r#"{"t":"have","ids":["0000000000000000"]}"#.to_owned(),
            ),
            (
                FileFrame::Lost { halves: vec![id().half()] },
                r#"{"t":"lost","ids":["0000000000000000"]}"#.to_owned(),
            ),
        ] {
            assert_eq!(frame.encode(), json);
            assert_eq!(decode(&json), Some(frame));
        }
    }

    #[test]
    fn what_makes_no_sense_is_nothing() {
        let digits = id().to_string();
        for text in [
            "",
            "null",
            r#"{"t":"line","id":1,"part":0,"parts":1,"text":"x"}"#,
            r#"{"t":"accept","id":"../../x"}"#,
            &format!(r#"{{"t":"offer","id":"{digits}","name":"x","size":9007199254740992}}"#),
            &format!(r#"{{"t":"offer","id":"{digits}","name":"x","size":-1}}"#),
            &format!(r#"{{"t":"take","id":"{digits}","run":1,"from":5}}"#),
            &format!(r#"{{"t":"take","id":"{digits}","run":1,"from":0,"hash":"{}"}}"#, "a".repeat(64)),
            &format!(r#"{{"t":"got","id":"{digits}","x":"{}"}}"#, "x".repeat(MAX_MESSAGE_BYTES)),
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_new_or_missing_has_a_meaning() {
        let digits = id().to_string();
        let drop = FileFrame::Drop { id: id(), why: Why::Failed, attempt: Attempt::FIRST };
        for json in [
            format!(r#"{{"t":"drop","id":"{digits}","why":"moonlight","new":[1]}}"#),
            format!(r#"{{"t":"drop","id":"{digits}"}}"#),
        ] {
            assert_eq!(decode(&json), Some(drop.clone()));
        }
        let many = FileFrame::Have { halves: vec![id().half(); MAX_UNFINISHED] };
        assert!(decode(&many.encode()).is_some());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            decode(&text);
        }
    }
}
