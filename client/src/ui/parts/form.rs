//! The parts of a form.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A text box for a name, with its label and a hint. The element alone holds what is written in it.
pub(crate) struct NameField {
    /// The element's id, which the id of the hint is made from.
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    /// What the browser may fill in (`autocomplete`).
    pub(crate) complete: &'static str,
    /// Whether what is written in it was refused.
    pub(crate) invalid: bool,
    pub(crate) oninput: Option<Callback<InputEvent>>,
}

impl NameField {
    /// Draws the box as `element`.
    pub(crate) fn draw(self, element: &NodeRef) -> Html {
        let NameField { id, label, hint, complete, invalid, oninput } = self;
        let hint_id = AttrValue::from([id, "-hint"].concat());
        html! {
            <>
                <label class="form__label" for={id}>{ label }</label>
                <input ref={element.clone()} {id} class="field" type="text" name="name"
                    autocomplete={complete} autocapitalize="words" spellcheck="false" enterkeyhint="go"
                    dir="auto"
                    aria-describedby={hint_id.clone()} aria-invalid={invalid.then_some("true")} {oninput} />
                <p id={hint_id} class="hint">{ hint }</p>
            </>
        }
    }
}

/// Returns what is typed into a text box, if it is drawn.
pub(crate) fn typed(input: &NodeRef) -> String {
    input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// Handles a form's `onsubmit`: hands what is typed into `input` to `act`, instead of loading another page.
pub(crate) fn on_submit(input: &NodeRef, act: impl Fn(String) + 'static) -> Callback<SubmitEvent> {
    let input = input.clone();
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        act(typed(&input));
    })
}

/// Draws the button that submits a form.
pub(crate) fn submit_button(text: &'static str) -> Html {
    html! { <button type="submit" class="button button--primary button--wide">{ text }</button> }
}

/// Draws the place for a problem. It is there without a problem too, because screen readers announce what is
/// added to it.
pub(crate) fn alert(problem: Option<Html>) -> Html {
    html! {
        <div class="alert" role="alert">
            { for problem.map(|problem| html! { <p>{ problem }</p> }) }
        </div>
    }
}

/// Draws the place for how something is going, which works in the same way.
pub(crate) fn status(text: Option<&'static str>) -> Html {
    html! { <p class="hint" role="status">{ text }</p> }
}

/// Draws a part of a screen, with its heading.
pub(crate) fn card(title: &'static str, content: Html) -> Html {
    html! { <section class="card"><h2 class="card__title">{ title }</h2>{ content }</section> }
}
