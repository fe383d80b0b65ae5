//! The note that the server has a newer version of this page.

use tincan_session::ServerView;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::browser::{another_is_served, load_again};
use crate::ui::catalogue::FirstCatalogue;
use crate::ui::context::page::use_page;
use crate::ui::parts::effect::use_effect_on;

#[derive(Properties, PartialEq)]
struct NewerNoteProps {
    online: bool,
}

/// Says so from the moment that the server is back with one. It is in the lazy part.
///
/// The page works on with that server: it doesn't load itself again, and nothing that is typed or said is
/// lost.
pub(super) fn newer_note(server: &ServerView) -> Html {
    html! { <NewerNote online={*server == ServerView::Online} /> }
}

#[component]
fn NewerNote(props: &NewerNoteProps) -> Html {
    let page = use_page();
    let newer = use_state_eq(|| false);
    let online = props.online;
    {
        let newer = newer.setter();
        use_effect_on(online, move || {
            if online {
                spawn_local(async move { newer.set(another_is_served().await) });
            }
            None
        });
    }
    html! {
        <div class={if *newer { "notice notice--shown" } else { "notice" }}>
            <div class="notice__text" role="status">
                if *newer { { newer_version(page.first_texts()) } }
            </div>
        </div>
    }
}

/// Says that there is a newer version, and offers to load it.
pub(super) fn newer_version(texts: &FirstCatalogue) -> Html {
    let onclick = Callback::from(|_: MouseEvent| load_again());
    html! {
        <p>{ texts.newer_version }{ " " }
            <button type="button" class="button button--small" {onclick}>{ texts.reload }</button>
        </p>
    }
}
