//! What people do with lines that were written, and what of it must hold.

use std::collections::BTreeSet;
use std::rc::Rc;

use tincan_session::{Author, Body, Conversation, Intent, Line, LineId, Meeting, Reply};

use crate::world::World;

/// What stands between a line's own text, which is never written twice, and what an edit has added.
const EDITED: char = '|';

/// The own text of a line, whatever was made of it.
pub(crate) fn token(text: &str) -> &str {
    text.split(EDITED).next().unwrap_or_default()
}

impl World {
    /// Somebody does something with a line that is there, or only begins to write one.
    pub(crate) fn touch_a_line(&mut self, meeting: &Meeting) -> Intent {
        let lines = meeting.conversation.lines();
        let texts: Vec<&Rc<Line>> = lines.iter().filter(|line| line.text().is_some()).collect();
        let Some(line) = self.network.rng.choice(texts) else { return Intent::Typing };
        let id = line.id;
        match self.network.rng.u32(..10) {
            0..=1 => Intent::Typing,
            2..=4 => {
                let text = format!("{}{EDITED}{}", token(line.text().map_or("", |it| it)), self.now);
                Intent::Edit { line: id, text }
            }
            5 => Intent::Retract { line: id },
            6 => Intent::OfferEarlier(self.network.rng.bool()),
            _ => Intent::React { line: id, emoji: ["👍", "🎉"][self.network.rng.usize(..2)].to_owned() },
        }
    }

    /// A line to answer, at times.
    pub(crate) fn reply(&mut self, meeting: &Meeting) -> Option<LineId> {
        let lines = meeting.conversation.lines();
        self.network.rng.choice(lines).filter(|_| self.now.is_multiple_of(3)).map(|line| line.id)
    }
}

/// What the others wrote, by their own hand.
pub(crate) fn heard(lines: &[Rc<Line>]) -> impl Iterator<Item = &Rc<Line>> {
    let theirs = |line: &&Rc<Line>| line.author != Author::Me && !line.is_second_hand();
    lines.iter().filter(theirs).filter(|line| line.text().is_some())
}

/// Nobody reads a line twice, first-hand or second-hand.
pub(crate) fn each_once(conversation: &Conversation) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let mut texts = conversation.lines().iter().filter_map(|line| line.text());
    match texts.find(|text| !seen.insert(token(text))) {
        Some(text) => Err(format!("\"{text}\" is there twice")),
        None => Ok(()),
    }
}

/// Returns whether the reader's copy of a line is what its author's is.
pub(crate) fn is_same(
    (author, own): (&Conversation, &Line),
    (reader, copy): (&Conversation, &Line),
) -> Result<(), String> {
    let answered = |conversation: &Conversation, line: &Line| match line.reply {
        Some(Reply::To(id)) => match conversation.line(id).map(|line| &line.body) {
            Some(Body::Text(text)) => Some(token(text).to_owned()),
            _ => None,
        },
        Some(Reply::Unknown) | None => None,
    };
    if (&own.body, own.edited) != (&copy.body, copy.edited) {
        return Err(format!("{:?} reads {:?}", own.body, copy.body));
    }
    let (wanted, got) = (answered(author, own), answered(reader, copy));
    // What it answers may be a line that the reader isn't to know, or that was taken back for one of them
    // alone.
    if got.is_some() && wanted.is_some() && wanted != got {
        return Err(format!("it answers {wanted:?}, and there {got:?}"));
    }
    Ok(())
}

/// Returns whether two people who are alone with each other see the same signs under a line, each as their
/// own or the other's.
pub(crate) fn same_reactions(own: &Line, copy: &Line) -> Result<(), String> {
    let signs = |line: &Line, whose: fn(&Author) -> bool| -> BTreeSet<Rc<str>> {
        let of_them = line.reactions.iter().filter(|it| it.by.iter().any(|by| whose(&by.author)));
        of_them.map(|reaction| reaction.emoji.clone()).collect()
    };
    let (mine, theirs) = (|it: &Author| *it == Author::Me, |it: &Author| *it != Author::Me);
    if signs(own, mine) != signs(copy, theirs) || signs(own, theirs) != signs(copy, mine) {
        return Err(format!("{:?} and {:?}", own.reactions, copy.reactions));
    }
    Ok(())
}
