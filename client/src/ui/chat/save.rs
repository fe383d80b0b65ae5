//! Saves a conversation as a text file. Nothing else keeps it.

use tincan_session::Conversation;
use yew::prelude::*;

use super::line::plain;
use crate::browser::{iso_time, local_time, save_text};
use crate::ui::context::page::Page;
use crate::ui::parts::button::text_button;
use crate::ui::parts::icon::Glyph;

/// Draws the button that saves what was written with `whom`.
pub(crate) fn save_button(whom: &str, conversation: &Conversation, page: &Page) -> Html {
    let texts = page.texts();
    let (whom, conversation, page) = (whom.to_owned(), conversation.clone(), page.clone());
    let save = Callback::from(move |_: MouseEvent| {
        let began = conversation.lines().first().map_or(String::new(), |line| iso_time(line.at_ms));
        // Not every system allows colons in the names of files, and a person's name can hold anything.
        let day = began.split('T').next().unwrap_or_default();
        let whom: String = whom.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        save_text(&["Tincan ", &whom, " ", day, ".txt"].concat(), &as_text(&conversation, &page));
    });
    text_button("button button--quiet", Glyph::Save, texts.save_conversation, save)
}

/// Returns the lines, each after its time.
fn as_text(conversation: &Conversation, page: &Page) -> String {
    let mut text = String::new();
    for line in conversation.lines() {
        let time = local_time(line.at_ms, &page.time_tag);
        text.extend(["[", &time, "] ", &plain(line, page.texts()), "\n"]);
    }
    text
}
