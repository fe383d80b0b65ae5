//! The language in use: picked from the browser, changed by the user, known to every component.

use std::rc::Rc;

use yew::prelude::*;

use super::catalogue::{Catalogue, Language};
use crate::browser::{preferred_languages, read_preference, set_language, write_preference};

/// Where the choice is remembered.
const PREFERENCE: &str = "tincan.language";

/// The language in use, and how to change it.
#[derive(Clone, PartialEq)]
pub(crate) struct Locale {
    /// Which.
    pub(crate) language: Language,
    /// The user's own variety of it, such as `en-GB`, for times of day.
    pub(crate) time_tag: Rc<str>,
    /// Chooses another.
    pub(crate) choose: Callback<Language>,
}

/// The language in use.
#[hook]
pub(crate) fn use_locale() -> Locale {
    // `App` draws nothing outside of its provider.
    use_context().expect("components are drawn inside LocaleProvider")
}

/// The texts of the language in use.
#[hook]
pub(crate) fn use_texts() -> &'static Catalogue {
    use_locale().language.catalogue()
}

#[derive(Properties, PartialEq)]
pub(crate) struct LocaleProviderProps {
    pub(crate) children: Html,
}

/// Provides the language to everything inside it, and tells the browser and screen readers by `<html lang>`.
#[component]
pub(crate) fn LocaleProvider(props: &LocaleProviderProps) -> Html {
    let language = use_state(|| {
        let remembered = read_preference(PREFERENCE).and_then(|tag| Language::from_tag(&tag));
        remembered.unwrap_or_else(|| Language::best(&preferred_languages()))
    });
    let choose = {
        let language = language.setter();
        use_callback((), move |chosen: Language, ()| {
            write_preference(PREFERENCE, chosen.tag());
            language.set(chosen);
        })
    };
    use_effect_with(*language, |language| set_language(language.tag()));

    let locale = Locale { language: *language, time_tag: time_tag(*language), choose };
    html! {
        <ContextProvider<Locale> context={locale}>{ props.children.clone() }</ContextProvider<Locale>>
    }
}

/// The user's variety of `language`, where the browser names one.
fn time_tag(language: Language) -> Rc<str> {
    let own = preferred_languages().into_iter().find(|tag| Language::matching(tag) == Some(language));
    own.map_or_else(|| language.tag().into(), Rc::from)
}
