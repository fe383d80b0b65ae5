//! What was written.

use tincan_session::Conversation;
use yew::prelude::*;

use super::line::LineView;
use super::stick::use_stick_to_bottom;
use crate::ui::locale::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct LogProps {
    pub(crate) conversation: Conversation,
    /// What the other side is called.
    pub(crate) peer: AttrValue,
}

/// Every line, the newest at the bottom and in sight.
#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let texts = use_texts();
    let element = use_node_ref();
    let lines = props.conversation.lines();
    let mine = lines.iter().filter(|line| line.mine).count();
    let onscroll = use_stick_to_bottom(&element, lines.len(), mine);

    let lines = lines.iter().map(|line| {
        let key = format!("{}{}", if line.mine { 'm' } else { 't' }, line.id);
        let who = if line.mine { AttrValue::Static(texts.you) } else { props.peer.clone() };
        html! { <LineView {key} line={line.clone()} {who} /> }
    });
    // Only new lines are worth an announcement, not that one was delivered. In the tab order, so that the keyboard
    // can scroll it.
    html! {
        <div ref={element} class="log" role="log" aria-label={texts.conversation} aria-relevant="additions"
            tabindex="0" {onscroll}>
            { for lines }
        </div>
    }
}
