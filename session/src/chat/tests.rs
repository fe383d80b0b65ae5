use proptest::prelude::*;

use super::*;
use crate::time::Time;

/// Two sides, the messages between them, and what each has heard.
#[derive(Default)]
struct Pair {
    chats: [Chat; 2],
    conversations: [Conversation; 2],
    /// What is on its way to each.
    channels: [Vec<String>; 2],
}

impl Pair {
    fn open(max_message_bytes: usize) -> Pair {
        let mut pair = Pair::default();
        pair.reopen(max_message_bytes);
        pair
    }

    fn reopen(&mut self, max_message_bytes: usize) {
        self.channels = Default::default();
        for side in 0..2 {
            self.chats[side].closed();
            self.chats[side].opened(max_message_bytes, &mut self.channels[1 - side]);
        }
    }

    fn write(&mut self, side: usize, text: &str) {
        let line = self.conversations[side].write(Time(5), text.into(), vec![7]);
        self.chats[side].write(line, text.into(), &mut self.channels[1 - side]);
    }

    fn arrive(&mut self, side: usize, text: &str) {
        match self.chats[side].message(text, &mut self.channels[1 - side]) {
            Some(ChatEvent::Line(text)) => self.conversations[side].hear(Time(7), "them", Body::Text(text)),
            Some(ChatEvent::Delivered(line)) => self.conversations[side].delivered(7, line),
            other => assert_eq!(other, None),
        }
    }

    /// Delivers until nothing is left.
    fn settle(&mut self) {
        while self.channels.iter().any(|channel| !channel.is_empty()) {
            for side in 0..2 {
                for text in std::mem::take(&mut self.channels[side]) {
                    self.arrive(side, &text);
                }
            }
        }
    }

    /// What this side has heard.
    fn heard(&self, side: usize) -> Vec<String> {
        let lines = self.conversations[side].lines().iter().filter(|line| line.author != Author::Me);
        lines.map(|line| text_of(line).to_owned()).collect()
    }
}

fn text_of(line: &Line) -> &str {
    match &line.body {
        Body::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

fn deliveries(conversation: &Conversation) -> Vec<Delivery> {
    conversation.lines().iter().map(|line| line.delivery).collect()
}

#[test]
fn the_longest_line_arrives_whole() {
    for fill in ["x", "é", "\u{1}", "\"", "👋"] {
        let longest = fill.repeat(MAX_LINE_BYTES / fill.len());
        let mut pair = Pair::open(1024);
        pair.write(0, &longest);
        assert!(pair.channels[1].iter().all(|message| message.len() <= 1024));
        pair.settle();
        assert!(pair.heard(1) == [longest.clone()], "{fill:?}");
        assert_eq!(deliveries(&pair.conversations[0]), [Delivery::Delivered]);
    }
}

#[test]
fn lines_that_wait_are_bounded() {
    let mut chat = Chat::default();
    let mut out = Vec::new();
    for line in 0..MAX_UNACKNOWLEDGED {
        assert!(chat.has_room(1));
        chat.write(line as u64, "x".into(), &mut out);
    }
    assert!(!chat.has_room(1));
    assert!(!Chat::default().has_room(MAX_UNACKNOWLEDGED_BYTES + 1));
    assert_eq!(out, Vec::<String>::new());
}

#[test]
fn a_line_is_delivered_once_everyone_has_it_who_is_still_there() {
    let mut conversation = Conversation::default();
    let mut write = |to: &[u32]| conversation.write(Time(0), "x".into(), to.to_vec());
    let (one, two, three, alone) = (write(&[1, 2, 3]), write(&[1, 3]), write(&[3]), write(&[]));
    assert_eq!([one, two, three, alone], [1, 2, 3, 4]);
    use Delivery::{Delivered, Sending, Unsent};
    assert_eq!(deliveries(&conversation), [Sending, Sending, Sending, Unsent]);
    conversation.delivered(1, two);
    conversation.delivered(2, one);
    assert_eq!(deliveries(&conversation), [Sending, Sending, Sending, Unsent]);
    conversation.gone(3);
    assert_eq!(deliveries(&conversation), [Delivered, Delivered, Unsent, Unsent]);
}

#[test]
fn what_was_not_acknowledged_is_unsent_in_the_end() {
    let mut pair = Pair::open(1024);
    pair.write(0, "one");
    pair.settle();
    pair.write(0, "two");
    pair.conversations[0].end();
    assert_eq!(deliveries(&pair.conversations[0]), [Delivery::Delivered, Delivery::Unsent]);
}

#[test]
fn what_is_so_is_told_once_it_can_be() {
    let (mut chat, mut out) = (Chat::default(), Vec::new());
    chat.set_muted(true, &mut out);
    chat.set_shows(PictureSize::Small, PictureSize::None, &mut out);
    assert!(out.is_empty());
    chat.opened(1024, &mut out);
    let mut other = Chat::default();
    let heard: Vec<_> = out.iter().filter_map(|text| other.message(text, &mut Vec::new())).collect();
    let shown = ChatEvent::Shown { camera: PictureSize::Small, screen: PictureSize::None };
    assert_eq!(heard, [ChatEvent::Muted(true), shown]);
}

#[test]
fn a_size_of_a_later_version_counts_as_large() {
    let text = r#"{"t":"shows","camera":"huge","screen":"none"}"#;
    let shown = ChatEvent::Shown { camera: PictureSize::Large, screen: PictureSize::None };
    assert_eq!(Chat::default().message(text, &mut Vec::new()), Some(shown));
}

#[test]
fn a_hostile_peer_gets_nowhere() {
    let mut chat = Chat::default();
    let mut out = Vec::new();
    let big = "x".repeat(MAX_LINE_BYTES);
    for text in [
        r#"{"t":"line","id":1,"part":1,"parts":2,"text":"no beginning"}"#.to_owned(),
        r#"{"t":"line","id":9,"part":0,"parts":1,"text":"from the future"}"#.to_owned(),
        r#"{"t":"line","id":1,"part":0,"parts":0,"text":"no parts"}"#.to_owned(),
        r#"{"t":"ack","id":18446744073709551615}"#.to_owned(),
        r#"{"t":"line","id":-1}"#.to_owned(),
        format!(r#"{{"t":"line","id":1,"part":0,"parts":3,"text":"{big}"}}"#),
        format!(r#"{{"t":"line","id":1,"part":1,"parts":3,"text":"{big}"}}"#),
        "null".to_owned(),
    ] {
        assert_eq!(chat.message(&text, &mut out), None);
    }
    let fine = r#"{"t":"line","id":1,"part":0,"parts":1,"text":"still fine"}"#;
    assert_eq!(chat.message(fine, &mut out), Some(ChatEvent::Line("still fine".into())));
}

proptest! {
    #[test]
    fn any_text_is_no_panic(texts in prop::collection::vec(".{0,60}", 0..20)) {
        let mut chat = Chat::default();
        for text in &texts {
            chat.message(text, &mut Vec::new());
        }
    }

    /// Lines are shown once and in order, wherever the channel breaks.
    #[test]
    fn once_and_in_order_through_broken_channels(
        steps in prop::collection::vec((0..2usize, "[a-z\"\u{1}]{1,3000}", 0..6usize, any::<bool>()), 1..12)
    ) {
        let mut pair = Pair::open(1024);
        let mut written: [Vec<String>; 2] = Default::default();
        for (side, text, deliver, breaks) in steps {
            pair.write(side, &text);
            written[side].push(text);
            // Some of what is on its way arrives, then perhaps the channel breaks and the rest is lost.
            let to = 1 - side;
            let count = deliver.min(pair.channels[to].len());
            let arriving: Vec<_> = pair.channels[to].drain(..count).collect();
            for text in arriving {
                pair.arrive(to, &text);
            }
            if breaks {
                pair.reopen(1024);
            }
        }
        pair.settle();
        for (side, written) in written.iter().enumerate() {
            prop_assert_eq!(&pair.heard(1 - side), written);
            prop_assert!(deliveries(&pair.conversations[side]).iter().all(|it| *it == Delivery::Delivered));
        }
    }
}
