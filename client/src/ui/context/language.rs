//! The language in use: the browser's, unless the user has chosen another.

use std::rc::Rc;

use crate::browser::{preferred_languages, read_preference, write_preference};
use crate::ui::catalogue::Language;

/// The key that the choice is remembered under.
const PREFERENCE: &str = "tincan.language";

/// Returns the language that the user has chosen, or else the one that the browser prefers.
pub(crate) fn preferred_language() -> Language {
    let remembered = read_preference(PREFERENCE).and_then(|tag| Language::from_tag(&tag));
    remembered.unwrap_or_else(|| Language::best(&preferred_languages()))
}

pub(crate) fn remember_language(language: Language) {
    write_preference(PREFERENCE, language.tag());
}

/// Returns the user's own variety of `language`, such as `en-GB`, where the browser names one. It says how to
/// write times of day.
pub(crate) fn time_tag(language: Language) -> Rc<str> {
    let own = preferred_languages().into_iter().find(|tag| Language::matching(tag) == Some(language));
    own.map_or_else(|| language.tag().into(), Rc::from)
}
