//! What the members of a call or room write to each other: one conversation, and who is told what of it.

use std::rc::Rc;

use crate::chat::{
    Author, AuthorId, Body, Chat, ChatEvent, Conversation, EarlierLine, MAX_LINE_BYTES, Post, is_emoji,
};
use crate::context::Context;
use crate::ids::{LineId, MemberId};
use crate::member::Member;
use crate::time::Time;
use crate::view::{LineRefusal, PastConversation, Sent};

/// How long after the last key one counts as writing.
const TYPING_MS: u64 = 5_000;
/// How often others are told, so that they can forget it if they hear no more.
const TYPING_AGAIN_MS: u64 = 4_000;
/// How much of what was written is shown to whoever comes, at most.
const MAX_EARLIER_LINES: usize = 300;
const MAX_EARLIER_BYTES: usize = 1024 * 1024;

#[derive(Debug)]
pub(crate) struct GroupChat {
    conversation: Conversation,
    typing: Option<Typing>,
    sent: Sent,
}

/// The user is writing something.
#[derive(Clone, Copy, Debug)]
struct Typing {
    until: Time,
    /// When the members are told again.
    again: Time,
}

impl GroupChat {
    pub(crate) fn new(cx: &mut Context) -> GroupChat {
        GroupChat { conversation: cx.new_conversation(), typing: None, sent: Sent::default() }
    }

    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    pub(crate) fn sent(&self) -> Sent {
        self.sent
    }

    /// Returns what one's own lines go by.
    pub(crate) fn lines_by(&self) -> AuthorId {
        self.conversation.by()
    }

    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.typing.map(|typing| typing.until)
    }

    /// Ends the conversation with `peer`. Returns it if anything was written.
    pub(crate) fn end(mut self, peer: String) -> Option<PastConversation> {
        self.conversation.end();
        self.conversation.has_text().then_some(PastConversation { peer, conversation: self.conversation })
    }

    /// Writes a line, and sends it to every member who can take it.
    pub(crate) fn write(
        &mut self,
        cx: &mut Context,
        members: &mut [Member],
        text: &str,
        reply: Option<LineId>,
    ) {
        self.stop_typing(cx, members);
        let Some(text) = self.check(members, text) else { return };
        let to = recipients(members, text.len());
        let of = reply.and_then(|line| self.conversation.reference(line));
        let line = self.conversation.write(cx.wall_time(), text.clone(), reply, to.clone());
        tell(cx, members, &to, Some(line), &Post::Line { n: line, text, reply: of });
    }

    /// Changes one's own line.
    pub(crate) fn edit(&mut self, cx: &mut Context, members: &mut [Member], line: LineId, text: &str) {
        self.stop_typing(cx, members);
        let Some(text) = self.check(members, text) else { return };
        let to = recipients(members, text.len());
        if self.conversation.edit(line, Body::Text(text.clone())) {
            tell(cx, members, &to, None, &Post::Edit { n: line, text });
        }
    }

    /// Takes one's own line back.
    pub(crate) fn retract(&mut self, cx: &mut Context, members: &mut [Member], line: LineId) {
        let to = recipients(members, 0);
        if self.conversation.edit(line, Body::Retracted) {
            tell(cx, members, &to, None, &Post::Retract { n: line });
        }
    }

    /// Puts a reaction under a line, or takes it away.
    pub(crate) fn react(&mut self, cx: &mut Context, members: &mut [Member], line: LineId, emoji: &str) {
        let to = recipients(members, 0);
        let emoji: Rc<str> = emoji.into();
        let reacted = self.conversation.react(line, &emoji);
        if let Some((of, on)) = reacted.filter(|_| is_emoji(&emoji)) {
            tell(cx, members, &to, None, &Post::React { of, emoji, on });
        }
    }

    /// A key was pressed in the text box.
    pub(crate) fn type_on(&mut self, cx: &mut Context, members: &mut [Member]) {
        let again = self.typing.map_or(cx.now, |typing| typing.again);
        let due = cx.now >= again;
        let again = if due { cx.now.plus(TYPING_AGAIN_MS) } else { again };
        self.typing = Some(Typing { until: cx.now.plus(TYPING_MS), again });
        if due {
            tell_typing(cx, members, true);
        }
    }

    pub(crate) fn tick(&mut self, cx: &mut Context, members: &mut [Member]) {
        if self.typing.is_some_and(|typing| cx.now >= typing.until) {
            self.stop_typing(cx, members);
        }
    }

    fn stop_typing(&mut self, cx: &mut Context, members: &mut [Member]) {
        if self.typing.take().is_some() {
            tell_typing(cx, members, false);
        }
    }

    /// Adds something that somebody did.
    pub(crate) fn note(&mut self, cx: &Context, author: Author, body: Body) {
        self.conversation.note(cx.wall_time(), author, body, None);
    }

    /// A member is here.
    pub(crate) fn come(&mut self, member: &Member) {
        self.conversation.come(member.id, member.is_guest());
    }

    /// A member will get nothing any more.
    pub(crate) fn gone(&mut self, member: MemberId) {
        self.conversation.gone(member);
    }

    /// A member said something.
    pub(crate) fn hear(&mut self, cx: &Context, member: &mut Member, event: ChatEvent) {
        let id = member.id;
        match event {
            ChatEvent::Hello(by) => self.conversation.introduce(id, by),
            ChatEvent::Delivered(line) => self.conversation.delivered(id, line),
            ChatEvent::Post(post) => self.hear_post(cx, member, post),
            ChatEvent::Offers(on) => {
                let author = author(&member.name);
                self.conversation.note(cx.wall_time(), author, Body::Offers(on), Some(id));
            }
            // These are between the member and this side alone.
            ChatEvent::Typing(_) | ChatEvent::Muted(_) | ChatEvent::Shown { .. } | ChatEvent::Sent { .. } => {
            }
        }
    }

    fn hear_post(&mut self, cx: &Context, member: &mut Member, post: Post) {
        let (id, name) = (member.id, member.name.as_str());
        match post {
            Post::Line { n, text, reply } => {
                self.conversation.hear(cx.wall_time(), (id, name), n, text, reply)
            }
            Post::Edit { n, text } => self.conversation.hear_edit(id, n, Body::Text(text)),
            Post::Retract { n } => self.conversation.hear_edit(id, n, Body::Retracted),
            Post::React { of, emoji, on } => self.conversation.hear_react((id, name), of, emoji, on),
            Post::Earlier { of, name: writer, at_ms, text } => {
                // Only from who was there before, and not without end.
                let Some(passed_on) = member.passed_on.as_mut() else { return };
                passed_on.lines += 1;
                passed_on.bytes += text.len();
                if passed_on.lines > MAX_EARLIER_LINES || passed_on.bytes > MAX_EARLIER_BYTES {
                    return;
                }
                if passed_on.lines == 1 {
                    self.conversation.note(cx.wall_time(), author(name), Body::Earlier, Some(id));
                }
                let told = EarlierLine { of, name: writer, at: Time(at_ms), text };
                self.conversation.hear_earlier(cx.wall_time(), (id, name), told);
            }
            Post::Unknown => {}
        }
    }

    /// Shows a member who has just come what was written so far, as much as is shown at most.
    pub(crate) fn pass_on(&self, cx: &mut Context, member: &mut Member) {
        let me: Rc<str> = cx.display_name().into();
        let mut bytes = 0;
        let mut fits = |text: &Rc<str>| {
            bytes += text.len();
            bytes <= MAX_EARLIER_BYTES
        };
        let mut latest: Vec<Post> = self
            .conversation
            .texts()
            .take(MAX_EARLIER_LINES)
            .take_while(|(_, _, text)| fits(text))
            .map(|(line, of, text)| {
                let name = match &line.author {
                    Author::Me => me.clone(),
                    Author::Other(name) => name.clone(),
                };
                Post::Earlier { of, name, at_ms: line.at_ms, text: text.clone() }
            })
            .collect();
        latest.reverse();
        member.converse(cx, |chat, out| latest.into_iter().for_each(|post| chat.tell(None, post, out)));
    }

    /// Returns the text if it can be sent now; otherwise the page is told why not.
    fn check(&mut self, members: &[Member], text: &str) -> Option<Rc<str>> {
        // Whoever has been out of reach for hundreds of lines doesn't keep the others from talking.
        let queue_full = !members.is_empty() && !members.iter().any(|member| member.has_room(text.len()));
        self.sent.count += 1;
        self.sent.refused = match () {
            () if text.len() > MAX_LINE_BYTES => Some(LineRefusal::TooLong),
            () if queue_full => Some(LineRefusal::QueueFull),
            () => None,
        };
        (self.sent.refused.is_none() && !text.trim().is_empty()).then(|| text.into())
    }
}

/// Returns somebody else as the author of a line.
pub(crate) fn author(name: &str) -> Author {
    Author::Other(name.into())
}

/// Returns the members who can be told something of so many bytes, and their names.
fn recipients(members: &[Member], bytes: usize) -> Vec<(MemberId, Rc<str>)> {
    let can_hear = members.iter().filter(|member| member.has_room(bytes));
    can_hear.map(|member| (member.id, member.name.as_str().into())).collect()
}

fn tell(
    cx: &mut Context,
    members: &mut [Member],
    to: &[(MemberId, Rc<str>)],
    line: Option<LineId>,
    post: &Post,
) {
    for member in members.iter_mut().filter(|member| to.iter().any(|(id, _)| *id == member.id)) {
        member.converse(cx, |chat: &mut Chat, out| chat.tell(line, post.clone(), out));
    }
}

fn tell_typing(cx: &mut Context, members: &mut [Member], on: bool) {
    for member in members {
        member.converse(cx, |chat, out| chat.set_typing(on, out));
    }
}
