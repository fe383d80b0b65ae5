//! What forms are made of.

use yew::prelude::*;

/// A text box for a name, with its label and a hint. What is written in it stays with the element.
pub(crate) struct NameField {
    /// Of the element; the hint's is made from it.
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    /// What the browser may fill in (`autocomplete`).
    pub(crate) complete: &'static str,
    /// What is in it is refused.
    pub(crate) invalid: bool,
}

impl NameField {
    /// Draws it. `missing` is told that the box isn't empty any more as soon as something is typed.
    pub(crate) fn draw(self, element: &NodeRef, missing: UseStateSetter<bool>) -> Html {
        let NameField { id, label, hint, complete, invalid } = self;
        let hint_id = AttrValue::from([id, "-hint"].concat());
        let oninput = Callback::from(move |_: InputEvent| missing.set(false));
        html! {
            <>
                <label class="form__label" for={id}>{ label }</label>
                <input ref={element.clone()} {id} class="field" type="text" name="name" autocomplete={complete}
                    autocapitalize="words" spellcheck="false" enterkeyhint="go" dir="auto"
                    aria-describedby={hint_id.clone()} aria-invalid={invalid.then_some("true")} {oninput} />
                <p id={hint_id} class="hint">{ hint }</p>
            </>
        }
    }
}

/// The button that sends a form.
pub(crate) fn submit_button(text: &'static str) -> Html {
    html! { <button type="submit" class="button button--primary button--wide">{ text }</button> }
}

/// Where a problem is told. It is there without one too: screen readers announce what comes into it.
pub(crate) fn alert(problem: Option<Html>) -> Html {
    html! {
        <div class="alert" role="alert">
            { for problem.map(|problem| html! { <p>{ problem }</p> }) }
        </div>
    }
}

/// Where it is told how something is going, in the same way.
pub(crate) fn status(text: Option<&'static str>) -> Html {
    html! { <p class="hint" role="status">{ text }</p> }
}

/// A part of a screen, with its heading.
pub(crate) fn card(title: &'static str, content: Html) -> Html {
    html! { <section class="card"><h2 class="card__title">{ title }</h2>{ content }</section> }
}
