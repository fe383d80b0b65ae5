//! The title of the browser's tab.

use tincan_session::{Meeting, MeetingKind, Screen};
use yew::prelude::*;

use crate::browser::set_title;
use crate::ui::catalogue::FirstCatalogue;
use crate::ui::meeting::callee;
use crate::ui::parts::effect::use_effect_on;

const PRODUCT: &str = "Tincan";

/// Keeps the title up to date: it says what the screen is about, and how many lines are unread, so that a
/// call is noticed from another tab.
#[hook]
pub(crate) fn use_title(screen: &Screen, unread: usize, texts: &'static FirstCatalogue) {
    let title = title(screen, unread, texts);
    use_effect_on(title.clone(), move || {
        set_title(&title);
        None
    });
}

fn title(screen: &Screen, unread: usize, texts: &FirstCatalogue) -> String {
    let about = match screen {
        Screen::Start { .. } | Screen::Home { .. } => return PRODUCT.to_owned(),
        Screen::Calling { peer, .. } => texts.calling(peer),
        Screen::Incoming { peer, .. } => texts.is_calling(peer),
        Screen::Lobby(lobby) => texts.room(&lobby.room),
        Screen::Meeting(Meeting { kind: MeetingKind::Room { name, .. }, .. }) => texts.room(name),
        Screen::Meeting(meeting) => texts.call_with(callee(meeting)),
    };
    let count = if unread == 0 { String::new() } else { ["(", &unread.to_string(), ") "].concat() };
    [&count, &about.into_string(), " – ", PRODUCT].concat()
}

#[cfg(test)]
mod tests {
    use tincan_session::CallKind;

    use super::*;
    use crate::ui::catalogue::Language;

    #[test]
    fn the_tab_says_who_calls() {
        let ringing = Screen::Incoming {
            me: "Bob".to_owned(),
            past: None,
            peer: "Anna".to_owned(),
            kind: CallKind::Video,
            files: None,
        };
        assert_eq!(title(&ringing, 0, Language::English.first_catalogue()), "Anna is calling – Tincan");
        let start = Screen::Start { signing_in: false, problem: None };
        assert_eq!(title(&start, 0, Language::TraditionalChinese.first_catalogue()), "Tincan");
    }
}
