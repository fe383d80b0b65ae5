//! What was written.

use std::ops::RangeInclusive;

use tincan_session::{Author, Conversation, Line, LineId, Reply};
use web_sys::Element;
use yew::prelude::*;

use super::Chosen;
use super::line::{Actions, LineView, Quote};
use super::stick::use_stick_to_bottom;
use super::window::{Heights, block_of};
use crate::ui::context::page::use_texts;
use crate::ui::parts::effect::use_effect_on;

/// The attribute of a block's element that says which block it is.
const BLOCK: &str = "data-block";

#[derive(Properties, PartialEq)]
pub(crate) struct LogProps {
    pub(crate) conversation: Conversation,
    /// `None` if the conversation is over.
    #[prop_or_default]
    pub(super) chosen: Option<Chosen>,
}

/// Shows the lines, with the newest at the bottom and in view. However many there are, only those near the
/// visible part are in the document.
#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let texts = use_texts();
    let element = use_node_ref();
    let lines = props.conversation.lines();
    let mine = lines.iter().filter(|line| line.author == Author::Me).count();
    let heights = use_mut_ref(Heights::default);
    let near = use_state_eq(|| None::<RangeInclusive<u64>>);
    let newest = lines.last().map_or(0, |line| block_of(line.id));
    let all = lines.first().map_or(0, |line| block_of(line.id))..=newest;
    let open = props.chosen.as_ref().and_then(|chosen| *chosen.open);
    let drawn = (props.conversation.clone(), (*near).clone(), open);
    let at_bottom = use_stick_to_bottom(&element, drawn.clone(), mine);
    let look = {
        let (element, heights, near, all) = (element.clone(), heights.clone(), near.setter(), all.clone());
        Callback::from(move |()| {
            let Some(element) = element.cast::<Element>() else { return };
            measure(&element, &mut heights.borrow_mut());
            let (top, height) = (f64::from(element.scroll_top()), f64::from(element.client_height()));
            near.set(Some(heights.borrow().near(all.clone(), top, height)));
        })
    };
    let onscroll = {
        let look = look.clone();
        Callback::from(move |event: Event| {
            at_bottom.emit(event);
            look.emit(());
        })
    };
    // What has just been drawn may be higher or lower than was estimated.
    use_effect_on(drawn, move || {
        look.emit(());
        None
    });
    let actions = props.chosen.as_ref().map(|chosen| Actions {
        chosen: chosen.clone(),
        seek: {
            let (element, heights, all) = (element.clone(), heights.clone(), all.clone());
            Callback::from(move |line| {
                if let Some(element) = element.cast::<Element>() {
                    let above = heights.borrow().of(*all.start()..block_of(line));
                    seek(&element, line, above);
                }
            })
        },
    });

    // The newest lines are always in the document, because they are announced, and seen first.
    let near = (*near).clone().unwrap_or(newest.saturating_sub(1)..=newest);
    let is_drawn = |block: u64| near.contains(&block) || block + 1 >= newest;
    let mut blocks = Vec::new();
    let mut hidden = 0.0;
    for lines in lines.chunk_by(|a, b| block_of(a.id) == block_of(b.id)) {
        let block = block_of(lines[0].id);
        if is_drawn(block) {
            blocks.extend(space(&mut hidden, block));
            let lines = lines.iter().map(|line| {
                let quote = quote(line, &props.conversation);
                html! { <LineView key={line.id.0} line={line.clone()} {quote} actions={actions.clone()} /> }
            });
            // Lines that come in by scrolling are not new, so they are not announced.
            let live = if block + 1 >= newest { None } else { Some("off") };
            blocks.push(html! {
                <div key={block} class="log__block" data-block={block.to_string()} aria-live={live}>
                    { for lines }
                </div>
            });
        } else {
            hidden += heights.borrow().of(std::iter::once(block));
        }
    }
    // Only new lines are announced, not that one was delivered. The log is in the tab order, so that the
    // keyboard can scroll it.
    html! {
        <div ref={element} class="log" role="log" aria-label={texts.conversation} aria-relevant="additions"
            tabindex="0" {onscroll}>
            { for blocks }
        </div>
    }
}

/// Draws an empty space in place of what isn't drawn before a block, if anything isn't. It is an `<svg>`,
/// because that has its height in an attribute: the page's Content-Security-Policy forbids styles in
/// attributes.
fn space(hidden: &mut f64, block: u64) -> Option<Html> {
    let height = std::mem::take(hidden) as u32;
    let key = ["before ", &block.to_string()].concat();
    (height > 0).then(|| {
        html! {
            <svg {key} class="log__space" width="1" height={height.to_string()} aria-hidden="true"></svg>
        }
    })
}

fn measure(log: &Element, heights: &mut Heights) {
    let children = log.children();
    for child in (0..children.length()).filter_map(|index| children.item(index)) {
        if let Some(block) = child.get_attribute(BLOCK).and_then(|block| block.parse().ok()) {
            heights.measured(block, f64::from(child.client_height()));
        }
    }
}

/// Scrolls to the line, or to the place where it will be drawn once that is near.
fn seek(log: &Element, line: LineId, above: f64) {
    match log.query_selector(&["#line-", &line.0.to_string()].concat()) {
        Ok(Some(line)) => line.scroll_into_view(),
        _ => log.set_scroll_top(above as i32),
    }
}

/// Returns what the line replies to.
fn quote(line: &Line, conversation: &Conversation) -> Option<Quote> {
    let found = match line.reply? {
        Reply::To(id) => conversation.line(id).cloned(),
        Reply::Unknown => None,
    };
    Some(found.map_or(Quote::Unknown, Quote::Line))
}
