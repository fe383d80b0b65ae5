//! The screens outside of calls and rooms.
//!
//! Each is a function that draws with what the one component here lends it: a component for each would be a kilobyte more
//! of the first load for each.

use tincan_session::Screen;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::lazy::Lazy;
use crate::browser::pointer_is_coarse;
use crate::ui::context::page::use_page;
use crate::ui::context::settings::remembered_name;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::focus;
use crate::ui::screens::start::start;
use crate::ui::screens::tools::Tools;

#[derive(Properties, PartialEq)]
pub(crate) struct OutsideProps {
    pub(crate) screen: Screen,
    /// See [`outside`]; not needed for the first screen.
    pub(crate) lazy: Option<Lazy>,
}

/// Draws a screen that is neither a call nor a room. Another screen needs another key.
#[component]
pub(crate) fn Outside(props: &OutsideProps) -> Html {
    let page = use_page();
    let tools = Tools {
        texts: page.texts(),
        page,
        heading: use_node_ref(),
        input: use_node_ref(),
        second: use_node_ref(),
        chooser: use_node_ref(),
        missing: use_state_eq(|| false),
    };
    {
        let (heading, input) = (tools.heading.clone(), tools.input.clone());
        let guest = matches!(props.screen, Screen::Lobby(_));
        use_effect_on((), move || {
            // Not as the attribute, and only once: what is typed must outlive whatever else changes on the screen.
            if let Some(input) = input.cast::<HtmlInputElement>().filter(|_| guest) {
                input.set_value(&remembered_name());
            }
            let boxless = input.cast::<HtmlElement>().is_none();
            focus(if boxless || pointer_is_coarse() { &heading } else { &input });
            None
        });
    }
    match (&props.screen, props.lazy) {
        (Screen::Start { signing_in, problem }, _) => start(*signing_in, problem.as_ref(), &tools),
        (screen, Some(lazy)) => (lazy.outside)(screen, &tools),
        (_, None) => Html::default(),
    }
}
