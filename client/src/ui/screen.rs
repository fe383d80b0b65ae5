//! The screens outside of calls and rooms.
//!
//! Each is a function that draws with what the one component here lends it: a component for each would be a kilobyte more
//! of the first load for each.

use tincan_session::Screen;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::calling::calling;
use super::catalogue::Catalogue;
use super::effect::use_effect_on;
use super::focus::focus;
use super::home::home;
use super::incoming::{incoming, incoming_files};
use super::later::Later;
use super::lobby::lobby;
use super::page::{Page, use_page};
use super::settings::remembered_name;
use super::start::start;
use crate::browser::pointer_is_coarse;

/// What a screen draws with.
pub(crate) struct Tools {
    pub(crate) page: Page,
    pub(crate) texts: &'static Catalogue,
    /// Has the focus in the beginning, where there is no text box to have it, or it would open a keyboard on a touch screen
    /// that nobody asked for. Needs a `tabindex`.
    pub(crate) heading: NodeRef,
    /// The text box that has the focus otherwise.
    pub(crate) input: NodeRef,
    /// Another.
    pub(crate) second: NodeRef,
    /// The element that files are chosen by.
    pub(crate) chooser: NodeRef,
    /// The text box was left empty and must not be.
    pub(crate) missing: UseStateHandle<bool>,
}

impl Tools {
    /// What a form does that hands over what its text box holds.
    pub(crate) fn submit(&self, input: &NodeRef, act: fn(&Page, String)) -> Callback<SubmitEvent> {
        let (page, input) = (self.page.clone(), input.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            act(&page, typed(&input));
        })
    }
}

/// What is typed into a text box, if it is drawn.
pub(crate) fn typed(input: &NodeRef) -> String {
    input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

#[derive(Properties, PartialEq)]
pub(crate) struct OutsideProps {
    pub(crate) screen: Screen,
    /// See [`outside`]; not needed for the first screen.
    pub(crate) later: Option<Later>,
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
    match (&props.screen, props.later) {
        (Screen::Start { signing_in, problem }, _) => start(*signing_in, problem.as_ref(), &tools),
        (screen, Some(later)) => (later.outside)(screen, &tools),
        (_, None) => Html::default(),
    }
}

/// Draws every screen but the first.
pub(super) fn outside(screen: &Screen, tools: &Tools) -> Html {
    match screen {
        Screen::Home { me, past, .. } => home(me, past.as_ref(), tools),
        Screen::Calling { peer, kind, stage, local } => calling(peer, *kind, *stage, local, tools),
        Screen::Incoming { peer, files: Some(files), .. } => incoming_files(peer, files, tools),
        Screen::Incoming { peer, kind, .. } => incoming(peer, *kind, tools),
        Screen::Lobby(shown) => lobby(shown, tools),
        Screen::Start { .. } | Screen::Meeting(_) => Html::default(),
    }
}
