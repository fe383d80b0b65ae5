//! The choice of language.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon::{Glyph, icon};
use crate::ui::catalogue::Language;
use crate::ui::context::language::remember_language;
use crate::ui::context::page::Page;
use crate::ui::context::settings::Settings;

/// Draws a list of the languages, each in its own name.
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
            <select class="language__select" aria-label={page.first_texts().language} {onchange}>
                { for options }
            </select>
        </div>
    }
}
