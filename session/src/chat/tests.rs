use proptest::prelude::*;

use super::*;

/// Two sides and the messages between them.
struct Pair {
    chats: [Chat; 2],
    /// What is on its way to each.
    channels: [Vec<String>; 2],
}

impl Pair {
    fn open(max_message_bytes: usize) -> Pair {
        let mut pair = Pair { chats: Default::default(), channels: Default::default() };
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

    fn write(&mut self, side: usize, text: &str) -> Result<(), RefusedLine> {
        self.chats[side].write(Time(5), text, &mut self.channels[1 - side])
    }

    /// Delivers until nothing is left.
    fn settle(&mut self) {
        while self.channels.iter().any(|channel| !channel.is_empty()) {
            for side in 0..2 {
                for text in std::mem::take(&mut self.channels[side]) {
                    self.chats[side].message(Time(7), &text, &mut self.channels[1 - side]);
                }
            }
        }
    }

    fn texts(&self, side: usize, mine: bool) -> Vec<String> {
        let lines = self.chats[side].conversation().lines().iter();
        lines.filter(|line| line.mine == mine).map(|line| line.text.to_string()).collect()
    }
}

#[test]
fn the_longest_line_arrives_whole_and_one_byte_more_is_refused() {
    for fill in ["x", "é", "\u{1}", "\"", "👋"] {
        let longest = fill.repeat(MAX_LINE_BYTES / fill.len());
        let mut pair = Pair::open(1024);
        assert_eq!(pair.write(0, &longest), Ok(()));
        assert!(pair.channels[1].iter().all(|message| message.len() <= 1024));
        pair.settle();
        assert!(pair.texts(1, false) == [longest.clone()], "{fill:?}");
        assert_eq!(pair.chats[0].conversation().lines()[0].delivery, Delivery::Delivered);
        assert_eq!(pair.write(0, &format!("{longest}{fill}")), Err(RefusedLine::TooLong));
    }
}

#[test]
fn empty_lines_are_not_sent() {
    assert_eq!(Pair::open(1024).write(0, " \n "), Err(RefusedLine::Empty));
}

#[test]
fn lines_that_wait_are_bounded() {
    let mut chat = Chat::default();
    let mut out = Vec::new();
    for _ in 0..MAX_UNACKNOWLEDGED {
        assert_eq!(chat.write(Time(0), "x", &mut out), Ok(()));
    }
    assert_eq!(chat.write(Time(0), "x", &mut out), Err(RefusedLine::TooMany));
    assert_eq!(out, Vec::<String>::new());
}

#[test]
fn what_was_not_acknowledged_is_unsent_in_the_end() {
    let mut pair = Pair::open(1024);
    pair.write(0, "one").unwrap();
    pair.settle();
    pair.write(0, "two").unwrap();
    let conversation = std::mem::take(&mut pair.chats[0]).end();
    let delivery: Vec<_> = conversation.lines().iter().map(|line| line.delivery).collect();
    assert_eq!(delivery, [Delivery::Delivered, Delivery::Unsent]);
}

#[test]
fn muted_is_told_once_it_can_be() {
    let (mut chat, mut out) = (Chat::default(), Vec::new());
    chat.set_muted(true, &mut out);
    assert!(out.is_empty());
    chat.opened(1024, &mut out);
    let mut other = Chat::default();
    assert_eq!(other.message(Time(0), &out[0], &mut Vec::new()), Some(ChatEvent::Muted(true)));
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
        assert_eq!(chat.message(Time(0), &text, &mut out), None);
    }
    assert_eq!(chat.conversation().lines(), []);
    chat.message(Time(0), r#"{"t":"line","id":1,"part":0,"parts":1,"text":"still fine"}"#, &mut out);
    assert_eq!(chat.conversation().lines().len(), 1);
}

proptest! {
    #[test]
    fn any_text_is_no_panic(texts in prop::collection::vec(".{0,60}", 0..20)) {
        let mut chat = Chat::default();
        for text in &texts {
            chat.message(Time(0), text, &mut Vec::new());
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
            if pair.write(side, &text).is_ok() {
                written[side].push(text);
            }
            // Some of what is on its way arrives, then perhaps the channel breaks and the rest is lost.
            let to = 1 - side;
            let count = deliver.min(pair.channels[to].len());
            let arriving: Vec<_> = pair.channels[to].drain(..count).collect();
            for text in arriving {
                pair.chats[to].message(Time(7), &text, &mut pair.channels[side]);
            }
            if breaks {
                pair.reopen(1024);
            }
        }
        pair.settle();
        for (side, written) in written.iter().enumerate() {
            prop_assert_eq!(&pair.texts(1 - side, false), written);
            prop_assert!(pair.chats[side].conversation().lines().iter().all(|l| l.delivery == Delivery::Delivered));
        }
    }
}
