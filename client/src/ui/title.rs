//! The title of the browser's tab.

use tincan_session::Screen;
use yew::prelude::*;

use super::catalogue::{Catalogue, fill};
use crate::browser::set_title;

const PRODUCT: &str = "Tincan";

/// Keeps the tab's title at what the screen is about, so that a call is noticed from another tab.
#[hook]
pub(crate) fn use_title(screen: &Screen, texts: &'static Catalogue) {
    use_effect_with(title(screen, texts), |title| set_title(title));
}

fn title(screen: &Screen, texts: &Catalogue) -> String {
    let (text, peer) = match screen {
        Screen::Start { .. } | Screen::Home { .. } => return PRODUCT.to_owned(),
        Screen::Calling { peer, .. } => (texts.calling, peer),
        Screen::Incoming { peer, .. } => (texts.is_calling, peer),
        Screen::InCall(call) => (texts.call_with, &call.peer),
    };
    format!("{} – {PRODUCT}", fill(text, &[("name", peer)]))
}

#[cfg(test)]
mod tests {
    use tincan_session::CallKind;

    use super::super::catalogue::Language;
    use super::*;

    #[test]
    fn the_tab_says_who_calls() {
        let ringing = Screen::Incoming { peer: "Anna".to_owned(), kind: CallKind::Video };
        assert_eq!(title(&ringing, Language::English.catalogue()), "Anna is calling – Tincan");
        let start = Screen::Start { signing_in: false, problem: None };
        assert_eq!(title(&start, Language::TraditionalChinese.catalogue()), "Tincan");
    }
}
