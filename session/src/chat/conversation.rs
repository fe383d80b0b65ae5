//! What was written, as the screen shows it.

use std::rc::Rc;

use super::line::{
    Author, AuthorId, Body, Delivery, Line, LineRef, Origin, Reaction, Reactor, Recipient, Reply,
};
use super::share::crowded_out;
use crate::ids::{LineId, MemberId};
use crate::time::Time;

/// How many lines are kept, and how many bytes, so that a peer who never stops can't fill the memory. Beyond
/// that, whoever has most of it loses the oldest (`share.rs`).
pub(super) const MAX_LINES: usize = 20_000;
pub(super) const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How many different emojis stand under a line, and how many of one person.
const MAX_REACTIONS: usize = 40;
const MAX_REACTIONS_OF_ONE: usize = 12;
/// How many reactions and answers of one member wait for the lines that they are about, which others have
/// written.
const MAX_EARLY_OF_ONE: usize = 64;

/// The lines of a call or room, oldest first. Cheap to clone and to compare.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    /// What one's own lines go by: see [`LineRef::by`].
    by: AuthorId,
    lines: Rc<Vec<Rc<Line>>>,
    bytes: usize,
    last_id: LineId,
    /// The lines of mine that somebody has still to get, oldest first.
    pending: Vec<LineId>,
    /// Who is here, and whether as a guest.
    present: Vec<(MemberId, bool)>,
    /// What the lines of those who are here go by.
    authors: Vec<(MemberId, AuthorId)>,
    /// What came before the line that it is about: each pair has a channel of its own.
    early: Vec<Early>,
}

#[derive(Clone, Debug)]
struct Early {
    of: LineRef,
    member: MemberId,
    what: EarlyPart,
}

#[derive(Clone, Debug)]
enum EarlyPart {
    /// This line answers it.
    Reply(LineId),
    React {
        name: Rc<str>,
        emoji: Rc<str>,
    },
}

/// A line from before one came, as somebody else tells it.
pub(crate) struct EarlierLine {
    pub(crate) of: LineRef,
    /// Who is said to have written it.
    pub(crate) name: Rc<str>,
    /// When, as is said.
    pub(crate) at: Time,
    pub(crate) text: Rc<str>,
}

impl Conversation {
    /// Creates one in which one's own lines go by this number, which nobody else's may.
    pub(crate) fn new(by: AuthorId) -> Conversation {
        Conversation { by, ..Conversation::default() }
    }

    pub fn lines(&self) -> &[Rc<Line>] {
        &self.lines
    }

    /// Returns the line of this number, unless it was forgotten.
    pub fn line(&self, id: LineId) -> Option<&Rc<Line>> {
        self.index(id).map(|index| &self.lines[index])
    }

    /// Returns what one's own lines go by.
    pub(crate) fn by(&self) -> AuthorId {
        self.by
    }

    /// Returns whether anybody wrote anything.
    pub(crate) fn has_text(&self) -> bool {
        self.lines.iter().any(|line| line.text().is_some())
    }

    /// Adds a line of mine for these members, who have these names now. Returns its number.
    pub(crate) fn write(
        &mut self,
        now: Time,
        text: Rc<str>,
        reply: Option<LineId>,
        to: Vec<(MemberId, Rc<str>)>,
    ) -> LineId {
        let id = self.next_id();
        if !to.is_empty() {
            self.pending.push(id);
        }
        let recipients =
            to.into_iter().map(|(member, name)| Recipient { member, name, delivery: Delivery::Sending });
        self.push(Line {
            recipients: recipients.collect(),
            reply: reply.filter(|line| self.line(*line).is_some()).map(Reply::To),
            reference: Some(LineRef { by: self.by, n: id }),
            ..Line::new(now, Author::Me, Body::Text(text), Origin::Mine)
        })
    }

    /// Returns what the others call a line that can be answered and reacted to.
    pub(crate) fn reference(&self, id: LineId) -> Option<LineRef> {
        self.line(id).filter(|line| line.is_known())?.reference
    }

    /// Changes a line of mine. Returns whether it is one, and still says something.
    pub(crate) fn edit(&mut self, id: LineId, body: Body) -> bool {
        let is_mine = |line: &&Rc<Line>| line.author == Author::Me && line.text().is_some();
        let found = self.line(id).filter(is_mine).is_some();
        if found {
            self.set_body(id, body);
        }
        found
    }

    /// Adds or takes away a reaction of mine. Returns the line's name, and whether the reaction is there now,
    /// unless the line is not one to react to.
    pub(crate) fn react(&mut self, id: LineId, emoji: &Rc<str>) -> Option<(LineRef, bool)> {
        let line = self.line(id).filter(|line| line.is_known())?;
        let on = !line.reactions.iter().any(|reaction| reaction.emoji == *emoji && reaction.is_mine());
        let reference = line.reference?;
        self.change(id, |line| line.react(Reactor { author: Author::Me, member: None }, emoji, on));
        Some((reference, on))
    }

    /// Somebody is here, and has a share of the memory of their own.
    pub(crate) fn come(&mut self, member: MemberId, guest: bool) {
        self.present.push((member, guest));
    }

    /// Somebody's lines go by this number from now on: a page that was loaded anew has another than the one
    /// before it. It is theirs, unless it is that of somebody else who is here.
    pub(crate) fn introduce(&mut self, member: MemberId, by: AuthorId) {
        let is_free = by != self.by && by != AuthorId::UNKNOWN;
        if is_free && !self.authors.iter().any(|(_, number)| *number == by) {
            self.authors.retain(|(known, _)| *known != member);
            self.authors.push((member, by));
        }
    }

    /// Adds something that somebody did: this member, or else the server says so. Of several such notes in a
    /// row, the last of each kind stays.
    pub(crate) fn note(&mut self, now: Time, author: Author, body: Body, by: Option<MemberId>) {
        let kind = std::mem::discriminant(&body);
        let mut notes = self.lines.iter().enumerate().rev().take_while(|(_, line)| line.is_note());
        let same = |line: &Line| line.author == author && std::mem::discriminant(&line.body) == kind;
        let replaced = notes.find(|(_, line)| same(line)).map(|(index, _)| index);
        if let Some(index) = replaced {
            self.remove(index);
        }
        self.push(Line::new(now, author, body, Origin::Note(by)));
    }

    /// Adds what somebody wrote: their `n`th line.
    pub(crate) fn hear(
        &mut self,
        now: Time,
        (member, name): (MemberId, &str),
        n: LineId,
        text: Rc<str>,
        reply: Option<LineRef>,
    ) {
        let by = self.authors.iter().find(|(known, _)| *known == member).map(|(_, by)| *by);
        let reference = by.map(|by| LineRef { by, n });
        let found = reply.map(|of| self.find(of).map_or(Reply::Unknown, Reply::To));
        let known = reference.and_then(|reference| self.find(reference));
        let second_hand = known.filter(|known| self.line(*known).is_some_and(|line| line.is_second_hand()));
        if known.is_some() && second_hand.is_none() {
            return;
        }
        let id = self.push(Line {
            reference: reference.or(Some(LineRef { by: AuthorId::UNKNOWN, n })),
            reply: found,
            guest: self.present.contains(&(member, true)),
            ..Line::new(now, Author::Other(name.into()), Body::Text(text), Origin::FirstHand(member))
        });
        if let Some(told) = second_hand {
            self.replace(told, id);
        }
        if let (Some(of), Some(Reply::Unknown)) = (reply, found) {
            self.wait_for(Early { of, member, what: EarlyPart::Reply(id) });
        }
        if let Some(reference) = reference {
            self.arrived(reference, id);
        }
    }

    /// Adds what was written before one came, as `teller` has it. It is known already if another has told it,
    /// too. Nobody but its author can tell what one wrote oneself, or when a line will be written.
    pub(crate) fn hear_earlier(&mut self, now: Time, teller: (MemberId, &str), told: EarlierLine) {
        let EarlierLine { of, name, at, text } = told;
        if of.by == self.by || of.by == AuthorId::UNKNOWN || self.find(of).is_some() {
            return;
        }
        let origin = Origin::PassedOn { by: teller.0, name: teller.1.into() };
        let line = Line::new(at.min(now), Author::Other(name), Body::Text(text), origin);
        let id = self.push(Line { reference: Some(of), ..line });
        self.arrived(of, id);
    }

    /// Somebody changes their `n`th line.
    pub(crate) fn hear_edit(&mut self, member: MemberId, n: LineId, body: Body) {
        let is_meant =
            |line: &&Rc<Line>| line.owner() == Some(member) && line.reference.is_some_and(|it| it.n == n);
        if let Some(line) = self.lines.iter().rev().find(is_meant).filter(|line| line.text().is_some()) {
            self.set_body(line.id, body);
        }
    }

    /// Somebody thinks something of a line, or no longer does.
    pub(crate) fn hear_react(
        &mut self,
        (member, name): (MemberId, &str),
        of: LineRef,
        emoji: Rc<str>,
        on: bool,
    ) {
        if let Some(id) = self.find(of) {
            let author = Author::Other(name.into());
            self.change(id, |line| line.react(Reactor { author, member: Some(member) }, &emoji, on));
        } else if on {
            self.wait_for(Early { of, member, what: EarlyPart::React { name: name.into(), emoji } });
        } else {
            self.early.retain(|early| {
                let EarlyPart::React { emoji: other, .. } = &early.what else { return true };
                early.of != of || early.member != member || *other != emoji
            });
        }
    }

    /// Returns what somebody who comes now may be shown: everything that was written, from the last on back.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&Line, LineRef, &Rc<str>)> {
        self.lines.iter().rev().filter_map(|line| {
            let reference = line.reference.filter(|reference| reference.by != AuthorId::UNKNOWN)?;
            Some((&**line, reference, line.text()?))
        })
    }

    /// `member` has all lines of mine up to this one.
    pub(crate) fn delivered(&mut self, member: MemberId, line: LineId) {
        self.settle(Delivery::Delivered, |id, recipient| id <= line && recipient.member == member);
    }

    /// `member` will get nothing any more.
    pub(crate) fn gone(&mut self, member: MemberId) {
        self.present.retain(|(known, _)| *known != member);
        self.authors.retain(|(known, _)| *known != member);
        self.early.retain(|early| early.member != member);
        self.settle(Delivery::Unsent, |_, recipient| recipient.member == member);
    }

    /// It is over: nobody will get anything any more.
    pub(crate) fn end(&mut self) {
        self.settle(Delivery::Unsent, |_, _| true);
    }

    /// Says what became of the lines that are on their way to some.
    fn settle(&mut self, delivery: Delivery, concerns: impl Fn(LineId, &Recipient) -> bool) {
        for id in std::mem::take(&mut self.pending) {
            let is_settled =
                |recipient: &Recipient| recipient.delivery == Delivery::Sending && concerns(id, recipient);
            // One that was forgotten is no matter.
            let Some(line) = self.line(id) else { continue };
            if line.recipients.iter().any(is_settled) {
                self.change(id, |line| {
                    let settled = line.recipients.iter_mut().filter(|recipient| is_settled(recipient));
                    settled.for_each(|recipient| recipient.delivery = delivery);
                });
            }
            if self.line(id).is_some_and(|line| line.delivery() == Delivery::Sending) {
                self.pending.push(id);
            }
        }
    }

    fn set_body(&mut self, id: LineId, body: Body) {
        let before = self.line(id).map_or(0, |line| line.bytes());
        self.change(id, |line| {
            line.edited = body != Body::Retracted;
            if !line.edited {
                (line.reactions, line.reply) = (Vec::new(), None);
            }
            line.body = body;
        });
        let after = self.line(id).map_or(0, |line| line.bytes());
        self.bytes = (self.bytes + after).saturating_sub(before);
        self.make_room();
    }

    /// A line is there now: so is what waited for it.
    fn arrived(&mut self, reference: LineRef, id: LineId) {
        let waited: Vec<Early> = self.early.extract_if(.., |early| early.of == reference).collect();
        for early in waited {
            match early.what {
                EarlyPart::Reply(answer) => self.change(answer, |line| line.reply = Some(Reply::To(id))),
                EarlyPart::React { name, emoji } => {
                    self.hear_react((early.member, &name), reference, emoji, true);
                }
            }
        }
    }

    /// Remembers what came too early. Beyond the bound, its member's oldest is forgotten, and nobody else's.
    fn wait_for(&mut self, early: Early) {
        let is_theirs = |other: &Early| other.member == early.member;
        if self.early.iter().filter(|other| is_theirs(other)).count() >= MAX_EARLY_OF_ONE
            && let Some(oldest) = self.early.iter().position(is_theirs)
        {
            self.early.remove(oldest);
        }
        self.early.push(early);
    }

    /// The author has told the line that another passed on: what hung on that one hangs on theirs.
    fn replace(&mut self, told: LineId, own: LineId) {
        let Some(index) = self.index(told) else { return };
        let reactions = self.remove(index).reactions.clone();
        self.change(own, |line| line.reactions = reactions);
        let answers = self.lines.iter().filter(|line| line.reply == Some(Reply::To(told)));
        for answer in answers.map(|line| line.id).collect::<Vec<_>>() {
            self.change(answer, |line| line.reply = Some(Reply::To(own)));
        }
    }

    fn remove(&mut self, index: usize) -> Rc<Line> {
        let line = Rc::make_mut(&mut self.lines).remove(index);
        self.bytes -= line.bytes();
        line
    }

    /// Returns the last line of that name: what is spoken of is rarely old.
    fn find(&self, reference: LineRef) -> Option<LineId> {
        self.lines.iter().rev().find(|line| line.reference == Some(reference)).map(|line| line.id)
    }

    /// Lines are in the order of their numbers.
    fn index(&self, id: LineId) -> Option<usize> {
        self.lines.binary_search_by_key(&id, |line| line.id).ok()
    }

    fn change(&mut self, id: LineId, change: impl FnOnce(&mut Line)) {
        if let Some(index) = self.index(id) {
            change(Rc::make_mut(&mut Rc::make_mut(&mut self.lines)[index]));
        }
    }

    fn next_id(&self) -> LineId {
        LineId(self.last_id.0 + 1)
    }

    fn push(&mut self, line: Line) -> LineId {
        self.last_id = self.next_id();
        self.bytes += line.bytes();
        Rc::make_mut(&mut self.lines).push(Rc::new(Line { id: self.last_id, ..line }));
        self.make_room();
        self.last_id
    }

    fn make_room(&mut self) {
        while self.lines.len() > MAX_LINES || self.bytes > MAX_BYTES {
            let present: Vec<_> = self.present.iter().map(|(member, _)| *member).collect();
            let crowded_out = crowded_out(&self.lines, &present, self.bytes > MAX_BYTES);
            let lines = Rc::make_mut(&mut self.lines);
            lines.retain(|line| crowded_out.binary_search(&line.id).is_err());
            self.bytes = lines.iter().map(|line| line.bytes()).sum();
        }
    }
}

impl Line {
    fn new(at: Time, author: Author, body: Body, origin: Origin) -> Line {
        Line {
            id: LineId::default(),
            author,
            body,
            at_ms: at.0,
            edited: false,
            guest: false,
            reply: None,
            reactions: Vec::new(),
            recipients: Vec::new(),
            reference: None,
            origin,
        }
    }

    fn react(&mut self, reactor: Reactor, emoji: &Rc<str>, on: bool) {
        let is_theirs = |one: &Reactor| {
            one.member == reactor.member && (one.author == Author::Me) == (reactor.member.is_none())
        };
        if self.body == Body::Retracted {
            return;
        }
        for reaction in self.reactions.iter_mut().filter(|reaction| reaction.emoji == *emoji) {
            reaction.by.retain(|one| !is_theirs(one));
        }
        let of_one = self.reactions.iter().filter(|reaction| reaction.by.iter().any(is_theirs)).count();
        if on && of_one < MAX_REACTIONS_OF_ONE {
            if let Some(reaction) = self.reactions.iter_mut().find(|reaction| reaction.emoji == *emoji) {
                reaction.by.push(reactor);
            } else if self.reactions.len() < MAX_REACTIONS {
                self.reactions.push(Reaction { emoji: emoji.clone(), by: vec![reactor] });
            }
        }
        self.reactions.retain(|reaction| !reaction.by.is_empty());
    }
}

impl PartialEq for Conversation {
    fn eq(&self, other: &Conversation) -> bool {
        Rc::ptr_eq(&self.lines, &other.lines)
    }
}
