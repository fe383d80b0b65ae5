use proptest::prelude::*;

use super::conversation::{MAX_BYTES, MAX_LINES};
use super::line::{AuthorId, LineRef};
use super::*;
use crate::ids::MemberId;
use crate::time::Time;

fn message(chat: &mut Chat, text: &str, out: &mut Vec<String>) -> Option<ChatEvent> {
    chat.message(ChatFrame::decode(text)?, out)
}

const THEM: MemberId = MemberId(7);

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
        let line = self.conversations[side].write(Time(5), text.into(), None, vec![(THEM, "them".into())]);
        let post = Post::Line { n: line, text: text.into(), reply: None };
        self.chats[side].tell(Some(line), post, &mut self.channels[1 - side]);
    }

    fn arrive(&mut self, side: usize, text: &str) {
        match message(&mut self.chats[side], text, &mut self.channels[1 - side]) {
            Some(ChatEvent::Post(Post::Line { n, text, reply })) => {
                self.conversations[side].hear(Time(7), (THEM, "them"), n, text, reply);
            }
            Some(ChatEvent::Delivered(line)) => self.conversations[side].delivered(THEM, line),
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

fn line(n: u64, text: &str) -> Post {
    Post::Line { n: LineId(n), text: text.into(), reply: None }
}

fn text_of(line: &Line) -> &str {
    match &line.body {
        Body::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

fn deliveries(conversation: &Conversation) -> Vec<Delivery> {
    let mine = conversation.lines().iter().filter(|line| line.author == Author::Me);
    mine.map(|line| line.delivery()).collect()
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
    for n in 0..MAX_UNACKNOWLEDGED as u64 {
        assert!(chat.has_room(1));
        chat.tell(Some(LineId(n)), line(n, "x"), &mut out);
    }
    assert!(!chat.has_room(1));
    assert!(!Chat::default().has_room(MAX_UNACKNOWLEDGED_BYTES + 1));
    assert_eq!(out, Vec::<String>::new());
}

#[test]
fn a_line_is_delivered_once_everyone_has_it_who_is_still_there() {
    let mut conversation = Conversation::default();
    let mut write = |to: &[u32]| {
        let to = to.iter().map(|who| (MemberId(*who), "somebody".into())).collect();
        conversation.write(Time(0), "x".into(), None, to)
    };
    let (one, two, three, alone) = (write(&[1, 2, 3]), write(&[1, 3]), write(&[3]), write(&[]));
    assert_eq!([one, two, three, alone], [1, 2, 3, 4].map(LineId));
    use Delivery::{Delivered, Sending, Unsent};
    assert_eq!(deliveries(&conversation), [Sending, Sending, Sending, Unsent]);
    conversation.delivered(MemberId(1), two);
    conversation.delivered(MemberId(2), one);
    assert_eq!(deliveries(&conversation), [Sending, Sending, Sending, Unsent]);
    conversation.gone(MemberId(3));
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
    let heard: Vec<_> = out.iter().filter_map(|text| message(&mut other, text, &mut Vec::new())).collect();
    let shown = ChatEvent::Shown { camera: PictureSize::Small, screen: PictureSize::None };
    assert_eq!(heard, [ChatEvent::Muted(true), shown]);
}

#[test]
fn a_size_of_a_later_version_counts_as_large() {
    let text = r#"{"t":"shows","camera":"huge","screen":"none"}"#;
    let shown = ChatEvent::Shown { camera: PictureSize::Large, screen: PictureSize::None };
    assert_eq!(message(&mut Chat::default(), text, &mut Vec::new()), Some(shown));
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
        assert_eq!(message(&mut chat, &text, &mut out), None);
    }
    let fine = r#"{"t":"line","id":1,"n":1,"text":"still fine"}"#;
    assert_eq!(message(&mut chat, fine, &mut out), Some(ChatEvent::Post(line(1, "still fine"))));
    // Two lines of one number could not be told apart.
    assert_eq!(message(&mut chat, r#"{"t":"line","id":2,"n":1,"text":"again"}"#, &mut out), None);
}

#[test]
fn what_a_later_version_tells_does_not_hold_up_the_rest() {
    let (mut chat, mut out) = (Chat::default(), Vec::new());
    assert_eq!(message(&mut chat, r#"{"t":"poll","id":1,"n":5}"#, &mut out), None);
    assert_eq!(message(&mut chat, r#"{"t":"line","id":2,"text":"without a number"}"#, &mut out), None);
    let next = r#"{"t":"line","id":3,"n":1,"text":"next"}"#;
    assert_eq!(message(&mut chat, next, &mut out), Some(ChatEvent::Post(line(1, "next"))));
    assert_eq!(out.last().map(String::as_str), Some(r#"{"t":"ack","id":3}"#));
}

#[test]
fn every_post_survives_the_way() {
    let of = LineRef { by: AuthorId(9_007_199_254_740_991), n: LineId(3) };
    let posts = [
        line(1, "a line"),
        Post::Line { n: LineId(2), text: "an answer".into(), reply: Some(of) },
        Post::Edit { n: LineId(1), text: "edited".into() },
        Post::Retract { n: LineId(1) },
        Post::React { of, emoji: "👍".into(), on: true },
        Post::React { of, emoji: "👍".into(), on: false },
        Post::Earlier { of, name: "Anna \"A\"".into(), at_ms: 5, text: "x".repeat(5_000).as_str().into() },
    ];
    let (mut chat, mut other, mut out) = (Chat::new(AuthorId(5), 1), Chat::default(), Vec::new());
    chat.opened(1024, &mut out);
    posts.iter().for_each(|post| chat.tell(None, post.clone(), &mut out));
    let heard: Vec<_> = out.iter().filter_map(|text| message(&mut other, text, &mut Vec::new())).collect();
    let told: Vec<_> = posts.into_iter().map(ChatEvent::Post).collect();
    assert_eq!(heard[0], ChatEvent::Hello(AuthorId(5)));
    assert_eq!(heard[1..], told);
    assert!(out.iter().all(|message| message.len() <= 1024));
}

#[test]
fn words_are_no_emoji() {
    for emoji in ["👍", "❤️", "👩‍👩‍👧‍👦", "1️⃣", "🇹🇼", "✅"] {
        assert!(is_emoji(emoji), "{emoji}");
    }
    for other in ["", "1", "ok", "好", "👍 yes", "\u{200B}", "\u{202E}👍", "👍\n", &"👍".repeat(11)]
    {
        assert!(!is_emoji(other), "{other:?}");
    }
}

/// A conversation with Bob (1) and Cleo (2), and one line of each of the three.
fn of_three() -> Conversation {
    let mut conversation = Conversation::new(AuthorId(10));
    for (who, by) in [(1, 11), (2, 12)] {
        conversation.introduce(MemberId(who), AuthorId(by));
    }
    let to = vec![(MemberId(1), "Bob".into()), (MemberId(2), "Cleo".into())];
    conversation.write(Time(0), "mine".into(), None, to);
    conversation.hear(Time(0), (MemberId(1), "Bob"), LineId(1), "Bob’s".into(), None);
    conversation.hear(
        Time(0),
        (MemberId(2), "Cleo"),
        LineId(1),
        "Cleo’s".into(),
        Some(LineRef { by: AuthorId(11), n: LineId(1) }),
    );
    conversation
}

fn body(conversation: &Conversation, id: LineId) -> &Body {
    &conversation.line(id).expect("a line").body
}

#[test]
fn a_line_is_its_authors_alone() {
    let mut conversation = of_three();
    assert_eq!(conversation.line(LineId(3)).expect("a line").reply, Some(Reply::To(LineId(2))));
    conversation.hear_edit(MemberId(1), LineId(1), Body::Text("changed by Bob".into()));
    conversation.hear_edit(MemberId(2), LineId(7), Body::Retracted);
    assert!(
        !conversation.edit(LineId(2), Body::Retracted)
            && conversation.edit(LineId(1), Body::Text("mine, changed".into()))
    );
    let bodies = [1, 2, 3].map(|id| text_of(conversation.line(LineId(id)).expect("a line")).to_owned());
    assert_eq!(bodies, ["mine, changed", "changed by Bob", "Cleo’s"]);
    assert!(conversation.line(LineId(2)).is_some_and(|line| line.edited) && !conversation.lines()[2].edited);

    conversation.hear_edit(MemberId(1), LineId(1), Body::Retracted);
    assert_eq!(body(&conversation, LineId(2)), &Body::Retracted);
    // What was taken back stays so, and nobody can react to it or answer it.
    conversation.hear_edit(MemberId(1), LineId(1), Body::Text("here again".into()));
    assert_eq!(body(&conversation, LineId(2)), &Body::Retracted);
    assert_eq!(
        (conversation.react(LineId(2), &"👍".into()), conversation.reference(LineId(2))),
        (None, None)
    );
}

#[test]
fn nobody_takes_the_number_of_somebody_who_is_here() {
    let mut conversation = of_three();
    conversation.introduce(MemberId(3), AuthorId(11));
    conversation.introduce(MemberId(3), AuthorId(10));
    conversation.hear(Time(0), (MemberId(3), "Eve"), LineId(1), "Eve’s".into(), None);
    conversation.hear_edit(MemberId(3), LineId(1), Body::Text("changed by Eve".into()));
    assert_eq!(text_of(conversation.line(LineId(2)).expect("a line")), "Bob’s");
    assert_eq!(text_of(conversation.line(LineId(4)).expect("a line")), "changed by Eve");
    assert!(!conversation.line(LineId(4)).expect("a line").is_known());
}

#[test]
fn reactions_of_everyone_once_each() {
    let mut conversation = of_three();
    let (thumb, party): (Rc<str>, Rc<str>) = ("👍".into(), "🎉".into());
    let of = LineRef { by: AuthorId(11), n: LineId(1) };
    assert_eq!(conversation.react(LineId(2), &thumb), Some((of, true)));
    conversation.hear_react((MemberId(2), "Cleo"), of, thumb.clone(), true);
    conversation.hear_react((MemberId(2), "Cleo"), of, thumb.clone(), true);
    conversation.hear_react((MemberId(2), "Cleo"), of, party, true);
    let signs = |conversation: &Conversation| -> Vec<(String, usize, bool)> {
        let reactions = &conversation.line(LineId(2)).expect("a line").reactions;
        reactions.iter().map(|it| (it.emoji.to_string(), it.by.len(), it.is_mine())).collect()
    };
    assert_eq!(signs(&conversation), [("👍".to_owned(), 2, true), ("🎉".to_owned(), 1, false)]);
    assert_eq!(conversation.react(LineId(2), &thumb), Some((of, false)));
    conversation.hear_react((MemberId(2), "Cleo"), of, thumb, false);
    assert_eq!(signs(&conversation), [("🎉".to_owned(), 1, false)]);
}

#[test]
fn reactions_of_one_and_of_all_are_bounded() {
    let mut conversation = of_three();
    let of = LineRef { by: AuthorId(11), n: LineId(1) };
    for who in 0..20 {
        for sign in 0..20_u32 {
            let emoji = char::from_u32(0x1F600 + (who * 20 + sign) % 400).expect("a letter").to_string();
            conversation.hear_react((MemberId(100 + who), "Eve"), of, emoji.as_str().into(), true);
        }
    }
    assert_eq!(conversation.line(LineId(2)).expect("a line").reactions.len(), 40);
}

#[test]
fn what_is_about_a_line_waits_for_it() {
    let mut conversation = of_three();
    let of = LineRef { by: AuthorId(11), n: LineId(2) };
    conversation.hear_react((MemberId(2), "Cleo"), of, "👍".into(), true);
    conversation.hear_react((MemberId(2), "Cleo"), of, "🎉".into(), true);
    conversation.hear_react((MemberId(2), "Cleo"), of, "🎉".into(), false);
    conversation.hear(Time(0), (MemberId(2), "Cleo"), LineId(2), "an answer".into(), Some(of));
    assert_eq!(conversation.line(LineId(4)).expect("a line").reply, Some(Reply::Unknown));
    conversation.hear(Time(0), (MemberId(1), "Bob"), LineId(2), "what it is about".into(), None);
    assert_eq!(conversation.line(LineId(4)).expect("a line").reply, Some(Reply::To(LineId(5))));
    let emoji: Vec<_> =
        conversation.line(LineId(5)).expect("a line").reactions.iter().map(|it| &*it.emoji).collect();
    assert_eq!(emoji, ["👍"]);
}

/// What Bob (1) tells of a line that somebody wrote before.
fn earlier(conversation: &mut Conversation, of: LineRef, name: &str, text: &str) {
    let told = EarlierLine { of, name: name.into(), at: Time(0), text: text.into() };
    conversation.hear_earlier(Time(9), (MemberId(1), "Bob"), told);
}

#[test]
fn earlier_lines_are_there_once_and_nobodys_to_change() {
    let mut conversation = of_three();
    earlier(&mut conversation, LineRef { by: AuthorId(11), n: LineId(1) }, "Bob", "Bob’s, again");
    let of = LineRef { by: AuthorId(44), n: LineId(9) };
    earlier(&mut conversation, of, "Dora", "from before");
    earlier(&mut conversation, of, "Dora", "from before");
    assert_eq!(conversation.lines().len(), 4);
    assert_eq!(conversation.line(LineId(4)).expect("a line").told_by(), Some("Bob"));
    conversation.introduce(MemberId(5), AuthorId(44));
    conversation.hear_edit(MemberId(5), LineId(9), Body::Retracted);
    assert!(conversation.line(LineId(4)).is_some_and(|line| line.is_second_hand() && line.text().is_some()));
    // Unless their author tells them, too. Then what hung on it hangs on theirs.
    assert_eq!(conversation.react(LineId(4), &"👍".into()), Some((of, true)));
    conversation.hear(Time(0), (MemberId(2), "Cleo"), LineId(2), "an answer".into(), Some(of));
    conversation.hear(Time(0), (MemberId(5), "Dora"), LineId(9), "as Dora has it".into(), None);
    assert_eq!(conversation.lines().len(), 5);
    assert_eq!(conversation.line(LineId(4)), None);
    let line = conversation.line(LineId(6)).expect("a line");
    assert_eq!((text_of(line), line.told_by(), line.edited), ("as Dora has it", None, false));
    assert_eq!(line.reactions.len(), 1);
    assert_eq!(conversation.line(LineId(5)).expect("a line").reply, Some(Reply::To(LineId(6))));
}

#[test]
fn nobody_passes_on_what_one_wrote_oneself_or_what_is_yet_to_be_written() {
    let mut conversation = of_three();
    for by in [AuthorId(10), AuthorId::UNKNOWN] {
        earlier(&mut conversation, LineRef { by, n: LineId(77) }, "Me", "never said");
    }
    assert_eq!(conversation.lines().len(), 3);
    let told = EarlierLine {
        of: LineRef { by: AuthorId(44), n: LineId(1) },
        name: "Dora".into(),
        at: Time(u64::MAX),
        text: "from the future".into(),
    };
    conversation.hear_earlier(Time(9), (MemberId(1), "Bob"), told);
    assert_eq!(conversation.line(LineId(4)).expect("a line").at_ms, 9);
}

#[test]
fn an_earlier_line_has_an_author_who_can_be_called_that() {
    let mut chat = Chat::default();
    let mut tell = |id: u64, name: &str| {
        let fields = serde_json::json!(
            {"t": "earlier", "id": id, "by": 99, "of": id, "at": 1, "text": "x", "name": name}
        );
        message(&mut chat, &fields.to_string(), &mut Vec::new()).is_some()
    };
    let long = "B".repeat(250_000);
    let names = ["Bob", "Bob\n\u{202e}boB", "Bob\nAnna", " Bob", "", &long];
    assert_eq!(
        [1, 2, 3, 4, 5, 6].map(|id| tell(id, names[id as usize - 1])),
        [true, false, false, false, false, false]
    );
}

#[test]
fn nobody_erases_what_others_wrote() {
    let mut conversation = of_three();
    conversation.come(MemberId(1), false);
    conversation.come(MemberId(2), false);
    let there = |conversation: &Conversation, id| conversation.line(LineId(id)).is_some();
    for n in 2..60_000 {
        conversation.hear(Time(0), (MemberId(2), "Cleo"), LineId(n), "x".into(), None);
    }
    assert!(conversation.lines().len() <= MAX_LINES);
    assert!(there(&conversation, 1) && there(&conversation, 2) && !there(&conversation, 3));
    // By bytes as well as by lines.
    let long = "x".repeat(60_000);
    for n in 60_000..61_000 {
        conversation.hear(Time(0), (MemberId(2), "Cleo"), LineId(n), long.as_str().into(), None);
    }
    assert!(there(&conversation, 1) && there(&conversation, 2));
    let bytes: usize = conversation.lines().iter().map(|line| line.bytes()).sum();
    assert!(bytes <= MAX_BYTES);
    // Nor by coming again and again as somebody else: whoever has left shares one share.
    for who in 100..400_u64 {
        conversation.come(MemberId(who as u32), false);
        for n in 1..100 {
            conversation.hear(Time(0), (MemberId(who as u32), "Eve"), LineId(n), "x".into(), None);
        }
        conversation.gone(MemberId(who as u32));
    }
    assert!(there(&conversation, 1) && there(&conversation, 2));
}

#[test]
fn notes_of_a_kind_replace_each_other() {
    let mut conversation = of_three();
    let bob = || Author::Other("Bob".into());
    for n in 0..60_000 {
        conversation.note(Time(n), bob(), Body::Offers(n % 2 == 1), Some(MemberId(1)));
        conversation.note(Time(n), bob(), Body::Joined, None);
    }
    assert_eq!(conversation.lines().len(), 5);
    assert_eq!(conversation.lines()[3].body, Body::Offers(true));
    conversation.note(Time(0), Author::Other("Cleo".into()), Body::Offers(true), Some(MemberId(2)));
    conversation.hear(Time(0), (MemberId(1), "Bob"), LineId(2), "a line".into(), None);
    conversation.note(Time(0), bob(), Body::Offers(false), Some(MemberId(1)));
    assert_eq!(conversation.lines().len(), 8);
}

#[test]
fn what_waits_is_bounded_for_each_member() {
    let mut conversation = of_three();
    let of = LineRef { by: AuthorId(11), n: LineId(2) };
    conversation.hear_react((MemberId(2), "Cleo"), of, "👍".into(), true);
    for n in 0..1_000 {
        let of = LineRef { by: AuthorId(11), n: LineId(100 + n) };
        conversation.hear_react((MemberId(3), "Eve"), of, "👍".into(), true);
    }
    conversation.hear(Time(0), (MemberId(1), "Bob"), LineId(2), "what it is about".into(), None);
    assert_eq!(conversation.line(LineId(4)).expect("a line").reactions.len(), 1);
}

#[test]
fn it_is_known_to_whom_a_line_was_delivered() {
    let mut conversation = of_three();
    conversation.delivered(MemberId(2), LineId(1));
    conversation.gone(MemberId(1));
    let line = conversation.line(LineId(1)).expect("a line");
    let told: Vec<_> = line.recipients.iter().map(|it| (&*it.name, it.delivery)).collect();
    assert_eq!(told, [("Bob", Delivery::Unsent), ("Cleo", Delivery::Delivered)]);
    assert_eq!(line.delivery(), Delivery::Delivered);
}

proptest! {
    #[test]
    fn any_text_is_no_panic(texts in prop::collection::vec(".{0,60}", 0..20)) {
        let mut chat = Chat::default();
        for text in &texts {
            message(&mut chat, text, &mut Vec::new());
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
