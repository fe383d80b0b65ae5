//! What happens while the page can't be seen: it is counted in the title, announced by a sound, and by a
//! notification where the user wants that.

use gloo_timers::callback::Interval;
use tincan_session::{Author, Conversation, Line, LineId, Screen};
use yew::prelude::*;

use crate::browser::{VisibilityWatch, chime, notify, page_is_visible};
use crate::ui::catalogue::Phrase;
use crate::ui::context::page::Page;
use crate::ui::context::settings::Settings;
use crate::ui::parts::effect::{end_of, use_effect_on};

/// How often the sound of an incoming call is repeated.
const RING_EVERY_MS: u32 = 2_500;

/// Draws attention to calls and lines that come while the page can't be seen. Returns how many lines came.
#[hook]
pub(crate) fn use_attention(screen: &Screen, page: &Page) -> usize {
    let visible = use_state_eq(page_is_visible);
    {
        let visible = visible.setter();
        use_effect_on((), move || end_of(VisibilityWatch::new(move |now| visible.set(now))));
    }
    let seen = use_mut_ref(|| None::<LineId>);
    let lines = match screen {
        Screen::Meeting(meeting) => Some(&meeting.conversation),
        _ => None,
    };
    let last = lines.and_then(|lines| lines.lines().last()).map(|line| line.id);
    {
        let mut seen = seen.borrow_mut();
        // Ids only grow within a conversation, so a lower one means that it is another conversation.
        if *visible || last < *seen {
            *seen = last;
        }
    }
    let unread: Vec<&Line> = lines.map(|lines| unread(lines, *seen.borrow())).unwrap_or_default();
    let count = unread.len();
    let news = unread.last().map(|line| (line.id, author(line).to_owned()));
    let ringing = match screen {
        Screen::Incoming { peer, .. } => Some(peer.clone()),
        _ => None,
    };
    {
        let page = page.clone();
        use_effect_on(news.clone(), move || {
            if let Some((_, name)) = news {
                tell(&page, page.first_texts().wrote_a_message(&name));
            }
            None
        });
    }
    {
        let page = page.clone();
        use_effect_on(ringing.clone(), move || {
            let name = ringing?;
            if page_is_visible() {
                sound(&page.settings);
            } else {
                tell(&page, page.first_texts().is_calling(&name));
            }
            end_of(Interval::new(RING_EVERY_MS, move || sound(&page.settings)))
        });
    }
    count
}

/// Returns the lines of others after the last one that was seen.
fn unread(conversation: &Conversation, seen: Option<LineId>) -> Vec<&Line> {
    let lines = conversation.lines().iter().rev().take_while(|line| Some(line.id) > seen);
    let theirs = |line: &&Line| line.author != Author::Me && line.text().is_some() && !line.is_second_hand();
    let mut unread: Vec<&Line> = lines.map(|line| &**line).filter(theirs).collect();
    unread.reverse();
    unread
}

fn author(line: &Line) -> &str {
    match &line.author {
        Author::Me => "",
        Author::Other(name) => name,
    }
}

fn tell(page: &Page, news: Phrase<'_>) {
    sound(&page.settings);
    if page.settings.notifications {
        // A notification doesn't say what was written, because anybody near may read it.
        notify("Tincan", &news.into_string());
    }
}

fn sound(settings: &Settings) {
    if settings.sounds {
        chime();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_unread_where_nothing_is() {
        assert!(unread(&Conversation::default(), None).is_empty());
    }
}
