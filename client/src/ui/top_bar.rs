//! The top of the page outside of calls: what this is, and its language.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::cans::logo;
use super::catalogue::Language;
use super::icon::{Glyph, icon};
use super::page::Page;
use super::settings::Settings;
use super::texts::remember_language;

/// The product's name and the choice of language. `inert`: something in front of it wants an answer first, and it can't
/// be reached by mouse or keyboard.
pub(crate) fn top_bar(inert: bool, page: &Page) -> Html {
    html! {
        <header class="top-bar" {inert}>
            <span class="brand">{ logo() }{ "Tincan" }</span>
            { language_picker(page) }
        </header>
    }
}

/// Lists every language in its own name.
pub(crate) fn language_picker(page: &Page) -> Html {
    let settings = page.settings.clone();
    let chosen = settings.language;
    let onchange = {
        Callback::from(move |event: Event| {
            let tag = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(language) = Language::from_tag(&tag) {
                remember_language(language);
                settings.set(Settings { language, ..(*settings).clone() });
            }
        })
    };
    let options = Language::ALL.into_iter().map(|language| {
        html! {
            <option key={language.tag()} value={language.tag()} lang={language.tag()}
                selected={language == chosen}>
                { language.own_name() }
            </option>
        }
    });
    html! {
        <div class="language">
            { icon(Glyph::Globe) }
            <select class="language__select" aria-label={page.texts().language} {onchange}>
                { for options }
            </select>
        </div>
    }
}
