//! The check page: what calls need, whether it is there, and what to do where it isn't.

mod report;
mod run;
mod words;

use yew::platform::spawn_local;
use yew::prelude::*;

use self::report::{Item, Outcome, Report};
use self::run::{check_devices, check_network};
use crate::browser::{chime, copy_text};
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::use_initial_focus;
use crate::ui::parts::form::status;
use crate::ui::parts::icon::{Glyph, icon};

/// Checks the network at once, and devices when it is told to.
#[component]
pub(crate) fn CheckScreen() -> Html {
    let page = use_page();
    let texts = page.texts();
    let report = use_reducer_eq(Report::default);
    let copied = use_state_eq(|| None::<bool>);
    let heading = use_node_ref();
    use_initial_focus(&heading, None);
    let check = {
        let (support, tell) = (page.support, report.dispatcher());
        move || spawn_local(check_network(support, tell.clone()))
    };
    {
        let check = check.clone();
        use_effect_on((), move || {
            check();
            None
        });
    }
    let again = Callback::from(move |_: MouseEvent| check());
    let devices = {
        let tell = report.dispatcher();
        Callback::from(move |_: MouseEvent| spawn_local(check_devices(tell.clone())))
    };
    let copy = {
        let (text, copied) = (words::as_text(&report, texts), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let (text, copied) = (text.clone(), copied.clone());
            spawn_local(async move { copied.set(Some(copy_text(&text).await)) });
        })
    };
    let told = copied.map(|copied| if copied { texts.check_copied } else { texts.check_not_copied });
    let running = report.is_running();
    html! {
        <section class="card check">
            <h1 class="card__title" ref={heading} tabindex="-1">{ texts.check_title }</h1>
            <p class="hint">{ texts.check_intro }</p>
            <ul class="check__items" aria-busy={running.to_string()}>
                { for report.items().map(|(item, outcome)| row(item, outcome, texts)) }
            </ul>
            <div class="check__buttons">
                <button type="button" class="button button--primary" onclick={devices} disabled={running}>
                    { texts.check_devices }
                </button>
                <button type="button" class="button" onclick={Callback::from(|_: MouseEvent| chime())}>
                    { texts.check_sound }
                </button>
                <button type="button" class="button" onclick={again} disabled={running}>
                    { texts.check_again }
                </button>
                <button type="button" class="button" onclick={copy}>{ texts.check_copy }</button>
                <a class="button" href="./">{ texts.back }</a>
            </div>
            <p class="hint">{ texts.check_sound_hint }</p>
            { status(told) }
        </section>
    }
}

fn row(item: Item, outcome: &Outcome, texts: &Catalogue) -> Html {
    let (class, glyph) = match outcome {
        Outcome::Waiting | Outcome::Running | Outcome::NotOffered => ("check__item", None),
        Outcome::Good(_) => ("check__item check__item--good", Some(Glyph::Tick)),
        Outcome::Bad(_) => ("check__item check__item--bad", Some(Glyph::Warning)),
    };
    html! {
        <li {class}>
            <span class="check__glyph">{ for glyph.map(icon) }</span>
            <span class="check__name">{ words::name(item, texts) }</span>
            <span class="check__outcome">{ words::outcome(outcome, texts) }</span>
            if let Outcome::Bad(fault) = outcome {
                <p class="check__advice">{ words::advice(fault, texts) }</p>
            }
        </li>
    }
}
