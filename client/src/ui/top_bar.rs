//! The top of the page outside of calls: what this is, and its language.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::cans::Logo;
use super::catalogue::Language;
use super::icon::{Glyph, Icon};
use super::locale::use_locale;

#[derive(Properties, PartialEq)]
pub(crate) struct TopBarProps {
    /// Something in front of it wants an answer first: it can't be reached by mouse or keyboard.
    pub(crate) inert: bool,
}

/// The product's name and the choice of language.
#[component]
pub(crate) fn TopBar(props: &TopBarProps) -> Html {
    html! {
        <header class="top-bar" inert={props.inert}>
            <span class="brand"><Logo />{ "Tincan" }</span>
            <LanguagePicker />
        </header>
    }
}

/// Lists every language in its own name.
#[component]
pub(crate) fn LanguagePicker() -> Html {
    let locale = use_locale();
    let onchange = {
        let choose = locale.choose.clone();
        Callback::from(move |event: Event| {
            let tag = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(language) = Language::from_tag(&tag) {
                choose.emit(language);
            }
        })
    };
    let options = Language::ALL.into_iter().map(|language| {
        html! {
            <option key={language.tag()} value={language.tag()} lang={language.tag()}
                selected={language == locale.language}>
                { language.own_name() }
            </option>
        }
    });
    html! {
        <div class="language">
            <Icon glyph={Glyph::Globe} />
            <select class="language__select" aria-label={locale.language.catalogue().language} {onchange}>
                { for options }
            </select>
        </div>
    }
}
