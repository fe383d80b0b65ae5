//! What was written.

use tincan_session::{Author, Conversation};
use yew::prelude::*;

use super::line::LineView;
use super::stick::use_stick_to_bottom;
use crate::ui::texts::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct LogProps {
    pub(crate) conversation: Conversation,
}

/// Every line, the newest at the bottom and in sight.
#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let texts = use_texts();
    let element = use_node_ref();
    let lines = props.conversation.lines();
    let mine = lines.iter().filter(|line| line.author == Author::Me).count();
    let onscroll = use_stick_to_bottom(&element, lines.len(), mine);

    let lines = lines.iter().map(|line| html! { <LineView key={line.id} line={line.clone()} /> });
    // Only new lines are worth an announcement, not that one was delivered. In the tab order, so that the keyboard
    // can scroll it.
    html! {
        <div ref={element} class="log" role="log" aria-label={texts.conversation} aria-relevant="additions"
            tabindex="0" {onscroll}>
            { for lines }
        </div>
    }
}
