//! The language in use: picked from the browser, changed by the user.

use std::rc::Rc;

use crate::browser::{preferred_languages, read_preference, write_preference};
use crate::ui::catalogue::Language;

/// Where the choice is remembered.
const PREFERENCE: &str = "tincan.language";

/// What was chosen, or else what the browser prefers.
pub(crate) fn preferred_language() -> Language {
    let remembered = read_preference(PREFERENCE).and_then(|tag| Language::from_tag(&tag));
    remembered.unwrap_or_else(|| Language::best(&preferred_languages()))
}

pub(crate) fn remember_language(language: Language) {
    write_preference(PREFERENCE, language.tag());
}

/// The user's own variety of `language`, such as `en-GB`, where the browser names one: for times of day.
pub(crate) fn time_tag(language: Language) -> Rc<str> {
    let own = preferred_languages().into_iter().find(|tag| Language::matching(tag) == Some(language));
    own.map_or_else(|| language.tag().into(), Rc::from)
}
