//! What people write to each other: see [`crate::chat`].

use std::rc::Rc;

use super::room::Reach;
use super::*;
use crate::chat::{Author, Body, Chat, MAX_LINE_BYTES, Post, is_emoji};

/// How long after the last key one counts as writing.
const TYPING_MS: u64 = 5_000;
/// How often others are told, so that they can forget it if they hear no more.
const TYPING_AGAIN_MS: u64 = 4_000;
/// How much of what was written is shown to whoever comes, at most.
const MAX_EARLIER_LINES: usize = 300;
const MAX_EARLIER_BYTES: usize = 1024 * 1024;

/// Whoever sits here is writing something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typing {
    pub(super) until: Time,
    again: Time,
}

impl Session {
    /// Sends a line to everyone who is here.
    pub(super) fn write(&mut self, now: Time, text: &str, reply: Option<u64>, out: &mut Vec<Effect>) {
        self.stop_typing(now, out);
        let Some(text) = self.allowed(text) else { return };
        let to = self.listeners(text.len());
        let Some(conversation) = self.conversation_mut() else { return };
        let of = reply.and_then(|line| conversation.reference(line));
        let line = conversation.write(now, text.clone(), reply, to.clone());
        self.tell(now, &to, Some(line), &Post::Line { n: line, text, reply: of }, out);
    }

    /// Changes one's own line.
    pub(super) fn edit(&mut self, now: Time, line: u64, text: &str, out: &mut Vec<Effect>) {
        self.stop_typing(now, out);
        let Some(text) = self.allowed(text) else { return };
        let to = self.listeners(text.len());
        let edit = |conversation: &mut Conversation| conversation.edit(line, Body::Text(text.clone()));
        if self.conversation_mut().is_some_and(edit) {
            self.tell(now, &to, None, &Post::Edit { n: line, text }, out);
        }
    }

    /// Takes one's own line back.
    pub(super) fn retract(&mut self, now: Time, line: u64, out: &mut Vec<Effect>) {
        let to = self.listeners(0);
        if self.conversation_mut().is_some_and(|conversation| conversation.edit(line, Body::Retracted)) {
            self.tell(now, &to, None, &Post::Retract { n: line }, out);
        }
    }

    /// Puts a sign under a line, or takes it away.
    pub(super) fn react(&mut self, now: Time, line: u64, emoji: &str, out: &mut Vec<Effect>) {
        let to = self.listeners(0);
        let emoji: Rc<str> = emoji.into();
        let reacted = self.conversation_mut().and_then(|conversation| conversation.react(line, &emoji));
        if let Some((of, on)) = reacted.filter(|_| is_emoji(&emoji)) {
            self.tell(now, &to, None, &Post::React { of, emoji, on }, out);
        }
    }

    /// A key was pressed in the box.
    pub(super) fn type_on(&mut self, now: Time, out: &mut Vec<Effect>) {
        let again = self.typing.map_or(now, |typing| typing.again);
        let due = now >= again;
        let again = if due { now.plus(TYPING_AGAIN_MS) } else { again };
        self.typing = Some(Typing { until: now.plus(TYPING_MS), again });
        if due {
            self.tell_typing(now, true, out);
        }
    }

    pub(super) fn tick_typing(&mut self, now: Time, out: &mut Vec<Effect>) {
        if self.typing.is_some_and(|typing| now >= typing.until) {
            self.stop_typing(now, out);
        }
    }

    fn stop_typing(&mut self, now: Time, out: &mut Vec<Effect>) {
        if self.typing.take().is_some() {
            self.tell_typing(now, false, out);
        }
    }

    fn tell_typing(&mut self, now: Time, on: bool, out: &mut Vec<Effect>) {
        for epoch in self.epochs() {
            self.with_peer(now, epoch, out, |link, _, out| link.set_typing(on, out));
        }
    }

    /// Whether whoever comes into the room from now on is shown what was written.
    pub(super) fn offer_earlier(&mut self, now: Time, on: bool, out: &mut Vec<Effect>) {
        let Some(visit) = self.visit.as_mut().filter(|visit| visit.is_inside() && visit.offers != on) else {
            return;
        };
        visit.offers = on;
        visit.conversation.note(now, Author::Me, Body::Offers(on));
        let members = visit.members.iter().map(|member| member.who).collect::<Vec<_>>();
        self.with_chats(now, &members, out, |chat, out| chat.set_offers(on, out));
    }

    /// What a member who has just come may be shown of what was written.
    pub(super) fn pass_on_earlier(visit: &Visit, chat: &mut Chat) {
        chat.set_offers(visit.offers, &mut Vec::new());
        if !visit.offers {
            return;
        }
        let mut bytes = 0;
        let mut fits = |text: &Rc<str>| {
            bytes += text.len();
            bytes <= MAX_EARLIER_BYTES
        };
        let mut latest: Vec<Post> = visit
            .conversation
            .texts()
            .take(MAX_EARLIER_LINES)
            .take_while(|(_, _, text)| fits(text))
            .map(|(line, of, text)| {
                let name = match &line.author {
                    Author::Me => visit.me.as_str().into(),
                    Author::Other(name) => name.clone(),
                };
                Post::Earlier { of, name, at_ms: line.at_ms, text: text.clone() }
            })
            .collect();
        latest.reverse();
        latest.into_iter().for_each(|post| chat.tell(None, post, &mut Vec::new()));
    }

    /// Somebody told something.
    pub(super) fn hear(&mut self, now: Time, epoch: u32, post: Post) {
        let Some((who, name, before_me)) = self.speaker(epoch) else { return };
        let Some(conversation) = self.conversation_mut() else { return };
        match post {
            Post::Line { n, text, reply } => conversation.hear(now, (who, &name), n, text, reply),
            Post::Edit { n, text } => conversation.hear_edit(who, n, Body::Text(text)),
            Post::Retract { n } => conversation.hear_edit(who, n, Body::Retracted),
            Post::React { of, emoji, on } => conversation.hear_react((who, &name), of, emoji, on),
            Post::Earlier { of, name: author, at_ms, text } => {
                // Only from who was there before, and not without end.
                let Some(told) = before_me.filter(|told| *told < MAX_EARLIER_LINES) else { return };
                if told == 0 {
                    conversation.note(now, Author::Other(name.as_str().into()), Body::Earlier);
                }
                conversation.hear_earlier(Time(at_ms), of, &author, text);
                if let Some(member) = self.visit.as_mut().and_then(|visit| visit.linked(epoch)) {
                    member.told_earlier = Some(told + 1);
                }
            }
            Post::Unknown => {}
        }
    }

    /// Somebody said what their lines go by.
    pub(super) fn introduce(&mut self, epoch: u32, by: u64) {
        let Some((who, ..)) = self.speaker(epoch) else { return };
        self.conversation_mut().into_iter().for_each(|conversation| conversation.introduce(who, by));
    }

    /// Somebody shows what was written to whoever comes, or doesn't any more.
    pub(super) fn hear_offers(&mut self, now: Time, epoch: u32, on: bool) {
        let Some((_, name, _)) = self.speaker(epoch) else { return };
        // In a call nobody comes.
        if let Some(visit) = &mut self.visit {
            visit.conversation.note(now, Author::Other(name.as_str().into()), Body::Offers(on));
        }
    }

    /// All lines up to this one have arrived.
    pub(super) fn delivered(&mut self, epoch: u32, line: u64) {
        let Some((who, ..)) = self.speaker(epoch) else { return };
        self.conversation_mut().into_iter().for_each(|conversation| conversation.delivered(who, line));
    }

    /// A number that one's own lines go by in a conversation that begins.
    pub(super) fn new_conversation(&mut self) -> Conversation {
        // What JavaScript, and so any JSON, takes for a whole number; 0 is nobody's.
        Conversation::new((self.rng.next() >> 11).max(1))
    }

    pub(super) fn conversation_mut(&mut self) -> Option<&mut Conversation> {
        let room = self.visit.as_mut().filter(|visit| visit.is_inside()).map(|visit| &mut visit.conversation);
        room.or(self.call.as_mut().map(|call| &mut call.conversation))
    }

    /// The text, where it is one that can be sent now. Otherwise the page says that it isn't.
    fn allowed(&mut self, text: &str) -> Option<Rc<str>> {
        let room = self.visit.as_ref().is_some_and(Visit::is_inside);
        let link = self.call.as_ref().and_then(Call::link);
        let heard = room || link.is_some_and(|link| link.chat().has_room(text.len()));
        self.line_refused =
            text.trim().is_empty() || text.len() > MAX_LINE_BYTES || (link.is_some() && !heard);
        (heard && !self.line_refused).then(|| text.into())
    }

    /// Who is here and can be told something of so many bytes: the numbers of [`Conversation::write`], and their names.
    fn listeners(&self, bytes: usize) -> Vec<(u32, Rc<str>)> {
        let Some(visit) = &self.visit else {
            let call =
                self.call.iter().filter(|call| call.link().is_some_and(|it| it.chat().has_room(bytes)));
            return call.map(|call| (ONLY_ONE, call.peer.as_str().into())).collect();
        };
        // Whoever has been out of reach for hundreds of lines doesn't keep the others from talking.
        let hears = |member: &&Member| member.chat().has_room(bytes);
        visit.members.iter().filter(hears).map(|member| (member.who, member.name.as_str().into())).collect()
    }

    fn tell(
        &mut self,
        now: Time,
        to: &[(u32, Rc<str>)],
        line: Option<u64>,
        post: &Post,
        out: &mut Vec<Effect>,
    ) {
        let to: Vec<u32> = to.iter().map(|(who, _)| *who).collect();
        self.with_chats(now, &to, out, |chat, out| chat.tell(line, post.clone(), out));
    }

    /// Runs `step` on the chats with these people, whether or not there is a connection to them just now.
    fn with_chats(
        &mut self,
        now: Time,
        who: &[u32],
        out: &mut Vec<Effect>,
        step: impl Fn(&mut Chat, &mut Vec<String>),
    ) {
        if let Some(visit) = &mut self.visit {
            for member in visit.members.iter_mut().filter(|member| who.contains(&member.who)) {
                match &mut member.reach {
                    Reach::Linked(_) => {}
                    // Nothing goes out now: the channel of the next connection will take it.
                    Reach::Expected { chat, .. } | Reach::Asked { chat, .. } | Reach::Failed { chat, .. } => {
                        step(chat, &mut Vec::new());
                    }
                }
            }
        }
        let linked = self.epochs().into_iter();
        let meant =
            linked.filter(|epoch| self.speaker(*epoch).is_some_and(|(known, ..)| who.contains(&known)));
        for epoch in meant.collect::<Vec<_>>() {
            self.with_peer(now, epoch, out, |link, _, out| link.converse(out, |chat, out| step(chat, out)));
        }
    }

    /// Who is at the other end of a peer connection: their number, their name, and how many earlier lines they have
    /// passed on, where they were in the room before.
    fn speaker(&self, epoch: u32) -> Option<(u32, String, Option<usize>)> {
        if let Some(visit) = &self.visit {
            let is_meant = |member: &&Member| member.link().is_some_and(|link| link.epoch() == epoch);
            let member = visit.members.iter().find(is_meant)?;
            return Some((member.who, member.name.clone(), member.told_earlier));
        }
        let call = self.call.as_ref().filter(|call| call.link().is_some_and(|link| link.epoch() == epoch))?;
        Some((ONLY_ONE, call.peer.clone(), None))
    }
}
