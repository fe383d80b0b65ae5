//! One line of a conversation.

use std::rc::Rc;

use tincan_session::{Author, Body, Delivery, Intent, Line, LineId, Reaction};
use yew::prelude::*;

use super::links::{Segment, segments};
use super::markup::{Part, parts};
use super::{Chosen, Subject};
use crate::browser::{iso_time, local_time};
use crate::ui::catalogue::{Catalogue, Phrase};
use crate::ui::context::page::{Page, use_page};
use crate::ui::parts::button::icon_button;
use crate::ui::parts::icon::Glyph;

/// The reactions that are offered.
const EMOJIS: [&str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

/// What the user can do with a line.
#[derive(Clone, PartialEq)]
pub(super) struct Actions {
    pub(super) chosen: Chosen,
    /// Scrolls to a line.
    pub(super) seek: Callback<LineId>,
}

/// The line that another one replies to.
#[derive(Clone, PartialEq)]
pub(super) enum Quote {
    Line(Rc<Line>),
    Unknown,
}

#[derive(Properties, PartialEq)]
pub(super) struct LineViewProps {
    pub(super) line: Rc<Line>,
    pub(super) quote: Option<Quote>,
    /// `None` if the conversation is over.
    pub(super) actions: Option<Actions>,
}

/// Shows who wrote what and when, and whether it was delivered.
#[component]
pub(super) fn LineView(props: &LineViewProps) -> Html {
    let line = &*props.line;
    let page = use_page();
    let texts = page.texts();
    let time = html! {
        <time datetime={iso_time(line.at_ms)}>{ local_time(line.at_ms, &page.time_tag) }</time>
    };
    let who = name(&line.author, texts);
    let Body::Text(text) = &line.body else {
        return html! {
            <article class="line line--event">
                <p class="line__about">{ event(line, texts) }{ " " }{ time }</p>
            </article>
        };
    };
    let mine = line.author == Author::Me;
    let actions = props.actions.as_ref().filter(|_| line.is_known());
    let open = actions.is_some_and(|actions| *actions.chosen.open == Some(line.id));
    let id = ["line-", &line.id.0.to_string()].concat();
    html! {
        <article {id} class={if mine { "line line--mine" } else { "line line--theirs" }}>
            <p class="line__about">
                <bdi class="line__who">{ who.to_owned() }</bdi>{ " " }
                if line.guest { <span class="mark">{ texts.is_guest }</span>{ " " } }
                { time }
                if let Some(teller) = line.told_by() { { " " }<span>{ texts.passed_on_by(teller) }</span> }
                if line.edited { { " " }<span>{ texts.edited }</span> }
                { for actions.map(|actions| more(line, open, actions, texts)) }
            </p>
            { for props.quote.as_ref().map(|quote| quoted(quote, actions, texts)) }
            <div class="line__text" dir="auto">{ for parts(text).into_iter().map(draw) }</div>
            { reactions(line, actions.is_some(), &page, texts) }
            if mine { { delivery(line, texts) } }
            { for actions.filter(|_| open).map(|actions| offered(line, mine, actions, &page, texts)) }
        </article>
    }
}

fn name<'a>(author: &'a Author, texts: &'static Catalogue) -> &'a str {
    match author {
        Author::Me => texts.you,
        Author::Other(name) => name,
    }
}

/// Says what happened.
fn event<'a>(line: &'a Line, texts: &'static Catalogue) -> Phrase<'a> {
    let name = name(&line.author, texts);
    match &line.body {
        Body::Text(_) | Body::Retracted => texts.taken_back(name),
        Body::Joined => texts.joined(name),
        Body::Left => texts.left(name),
        Body::Renamed(new) => texts.renamed(name, new),
        Body::NothingEarlier => texts.nothing_earlier.into(),
        Body::Earlier => texts.earlier_from(name),
        Body::Offers(true) => texts.offers_earlier(name),
        Body::Offers(false) => texts.offers_nothing(name),
    }
}

/// Returns a line as it is saved in a text file.
pub(super) fn plain(line: &Line, texts: &'static Catalogue) -> String {
    match &line.body {
        Body::Text(text) => {
            let remark = |remark: &str| [" (", remark, ")"].concat();
            let told = line.told_by().map(|teller| remark(&texts.passed_on_by(teller).into_string()));
            let edited = line.edited.then(|| remark(texts.edited));
            let guest = line.guest.then(|| remark(texts.is_guest));
            let [guest, told, edited] = [guest, told, edited].map(Option::unwrap_or_default);
            [name(&line.author, texts), &guest, &told, &edited, ": ", &indented(text)].concat()
        }
        _ => event(line, texts).into_string(),
    }
}

/// Returns `text` with all lines but the first moved in, so that none can pass for what somebody else wrote.
fn indented(text: &str) -> String {
    let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    text.replace("\r\n", "\n").split(breaks).collect::<Vec<_>>().join("\n    ")
}

/// Draws the button that shows what can be done with a line.
fn more(line: &Line, open: bool, actions: &Actions, texts: &'static Catalogue) -> Html {
    let id = line.id;
    let name = texts.message_actions(&excerpt(line, texts)).into_string();
    let shown = actions.chosen.open.clone();
    let onclick = Callback::from(move |_: MouseEvent| shown.set((!open).then_some(id)));
    html! {
        <button type="button" class="line__more" aria-label={name.clone()} title={name}
            aria-expanded={if open { "true" } else { "false" }} {onclick}>{ "⋯" }</button>
    }
}

/// Draws what can be done with a line.
fn offered(line: &Line, mine: bool, actions: &Actions, page: &Page, texts: &'static Catalogue) -> Html {
    let id = line.id;
    let close = actions.chosen.open.setter();
    let does = |intent: Intent| {
        let (handle, close) = (page.handle.clone(), close.clone());
        Callback::from(move |_: MouseEvent| {
            handle.intent(intent.clone());
            close.set(None);
        })
    };
    let begins = |subject: Subject| {
        let (chosen, close) = (actions.chosen.subject.setter(), close.clone());
        Callback::from(move |_: MouseEvent| {
            chosen.set(Some(subject));
            close.set(None);
        })
    };
    let emojis = EMOJIS.iter().map(|emoji| {
        let name = texts.react_with(emoji).into_string();
        let onclick = does(Intent::React { line: id, emoji: (*emoji).to_owned() });
        html! {
            <button type="button" class="line__emoji" aria-label={name.clone()} title={name} {onclick}>
                { *emoji }
            </button>
        }
    });
    html! {
        <div class="line__actions">
            { for emojis }
            { icon_button(Glyph::Reply, texts.reply, begins(Subject::Reply(id))) }
            if mine {
                { icon_button(Glyph::Edit, texts.edit, begins(Subject::Edit(id))) }
                { icon_button(Glyph::TakeBack, texts.take_back, does(Intent::Retract { line: id })) }
            }
        </div>
    }
}

/// Draws the beginning of the line that this one replies to.
fn quoted(quote: &Quote, actions: Option<&Actions>, texts: &'static Catalogue) -> Html {
    let Quote::Line(line) = quote else {
        return html! { <p class="quote">{ texts.earlier_message }</p> };
    };
    let said = html! {
        <>
            <bdi class="line__who">{ name(&line.author, texts).to_owned() }</bdi>{ " " }
            if let Some(teller) = line.told_by() { <span>{ texts.passed_on_by(teller) }</span>{ " " } }
            <bdi>{ excerpt(line, texts) }</bdi>
        </>
    };
    let Some(actions) = actions else { return html! { <p class="quote">{ said }</p> } };
    let (seek, id) = (actions.seek.clone(), line.id);
    let onclick = Callback::from(move |_: MouseEvent| seek.emit(id));
    html! { <button type="button" class="quote" {onclick}>{ said }</button> }
}

/// Returns the beginning of a line, enough to recognize it by.
pub(super) fn excerpt(line: &Line, texts: &'static Catalogue) -> String {
    match line.text() {
        Some(text) => text.chars().map(|c| if c == '\n' { ' ' } else { c }).take(120).collect(),
        None => texts.taken_back(name(&line.author, texts)).into_string(),
    }
}

fn draw(part: Part<'_>) -> Html {
    match part {
        Part::Text(text) => segments(text).map(draw_segment).collect(),
        Part::Code(code) => html! { <code>{ code.to_owned() }</code> },
        Part::Block(code) => html! { <pre dir="ltr" tabindex="0"><code>{ code.to_owned() }</code></pre> },
    }
}

/// Text becomes text nodes, whatever is in it. A link opens a new tab, which learns nothing of this one.
fn draw_segment(segment: Segment<'_>) -> Html {
    match segment {
        Segment::Text(text) => html! { text.to_owned() },
        Segment::Link { text, address } => html! {
            <a href={address.into_owned()} target="_blank" rel="noopener noreferrer">{ text.to_owned() }</a>
        },
    }
}

/// Draws the reactions to a line. A press of one adds the user's own, or takes it back.
fn reactions(line: &Line, live: bool, page: &Page, texts: &'static Catalogue) -> Html {
    let draw = |reaction: &Reaction| {
        let names: Vec<&str> = reaction.by.iter().map(|by| name(&by.author, texts)).collect();
        let names = [&*reaction.emoji, ": ", &names.join(", ")].concat();
        let onclick = page.press(Intent::React { line: line.id, emoji: reaction.emoji.to_string() });
        html! {
            <button type="button" key={&*reaction.emoji} class="reaction" aria-label={names.clone()}
                title={names} aria-pressed={if reaction.is_mine() { "true" } else { "false" }}
                disabled={!live} {onclick}>
                { reaction.emoji.to_string() }{ " " }{ reaction.by.len() }
            </button>
        }
    };
    if line.reactions.is_empty() {
        return Html::default();
    }
    html! { <p class="reactions">{ for line.reactions.iter().map(draw) }</p> }
}

/// Says who has received the user's line.
fn delivery(line: &Line, texts: &'static Catalogue) -> Html {
    let have: Vec<&str> = line
        .recipients
        .iter()
        .filter(|recipient| recipient.delivery == Delivery::Delivered)
        .map(|recipient| &*recipient.name)
        .collect();
    let (state, class) = match line.delivery() {
        Delivery::Sending => (texts.sending, "delivery delivery--sending"),
        Delivery::Delivered => ("", "delivery delivery--delivered"),
        Delivery::Unsent => (texts.not_delivered, "delivery delivery--unsent"),
    };
    let delivered = match (have.len(), line.recipients.len()) {
        (0, _) => String::new(),
        (1, 1) => texts.delivered.to_owned(),
        (some, all) if some == all => texts.delivered_to_all.to_owned(),
        _ => texts.delivered_to(&have.join(", ")).into_string(),
    };
    html! { <p {class}>{ delivered }{ " " }{ state }</p> }
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn no_line_of_a_text_begins_where_a_name_would() {
        for text in
            ["a\n[12:00] Bob: b", "a\r\n[12:00] Bob: b", "a\r[12:00] Bob: b", "a\u{2028}[12:00] Bob: b"]
        {
            assert_eq!(indented(text), "a\n    [12:00] Bob: b", "{text:?}");
        }
        assert_eq!(indented("one line"), "one line");
    }
}
