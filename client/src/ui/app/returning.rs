//! Being who one was, and where, after the page was loaded anew, or came back from the back/forward cache.
//! It is in the lazy part.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use tincan_session::{Intent, Kept, Screen, StartProblem};
use tincan_shared::LoginRefusal;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::whereabouts::{Room, Whereabouts};
use crate::browser::{
    RestoreWatch, drop_mark, earlier, earlier_is_awaited, keep_name, leave_for_next, lower_case, now,
    page_is_left, room_in_address, take_name_of_another_tab,
};
use crate::ui::context::page::{Page, use_page};
use crate::ui::parts::effect::{end_of, use_effect_on};

/// How often it is written down that the page is still there. Browsers let no hidden page do more than that
/// once a minute.
const STILL_THERE_MS: u32 = 30_000;

#[derive(Properties, PartialEq)]
pub(super) struct ReturningProps {
    pub(super) screen: Screen,
    pub(super) kept: Option<Kept>,
    /// Told once it is known whether the page takes another's place.
    pub(super) on_settled: Callback<()>,
}

/// Who is here, and where, as the next page is to know it.
#[derive(Default)]
struct Here {
    whereabouts: RefCell<Whereabouts>,
    kept: RefCell<Option<Kept>>,
}

impl Here {
    /// Takes note of what is shown, as long as it is what the user wants: not once the page has said goodbye.
    fn update(&self, screen: &Screen, kept: Option<&Kept>) {
        if !page_is_left() {
            self.whereabouts.replace_with(|here| std::mem::take(here).then(screen));
            self.kept.replace(kept.cloned());
        }
    }

    /// Writes it down for the next page, once what the page before this one has left was looked at.
    fn write(&self) {
        if !earlier_is_awaited() {
            let (whereabouts, kept, now) = (self.whereabouts.borrow(), self.kept.borrow(), now().0);
            leave_for_next(whereabouts.write(kept.as_ref(), now).as_deref());
            let name = Whereabouts { account: whereabouts.account.clone(), room: None };
            let kept = kept.clone().map(|kept| Kept { call: None, ..kept });
            keep_name(name.write(kept.as_ref(), now).as_deref());
        }
    }
}

/// Draws nothing.
#[component]
pub(super) fn Returning(props: &ReturningProps) -> Html {
    let page = use_page();
    let here = use_memo((), |()| Here::default());
    here.update(&props.screen, props.kept.as_ref());
    // A name that this browser had a moment ago is one's own.
    let taken = match &props.screen {
        Screen::Start {
            problem: Some(StartProblem::Refused { name, reason: LoginRefusal::InUse }), ..
        } => Some(name.clone()),
        _ => None,
    };
    {
        let page = page.clone();
        use_effect_on(taken.clone(), move || {
            if let Some(name) = taken {
                spawn_local(async move { take_name_back(&page, name).await });
            }
            None
        });
    }
    // Where to go once one is signed in.
    let next = use_memo((), |()| RefCell::new(None::<Room>));
    let is_home = matches!(props.screen, Screen::Home { .. });
    {
        let (next, page) = (next.clone(), page.clone());
        use_effect_on(is_home, move || {
            if is_home {
                next.take().into_iter().for_each(|room| enter(&page, room));
            }
            None
        });
    }
    {
        let here = here.clone();
        let state = (here.whereabouts.borrow().clone(), here.kept.borrow().clone());
        use_effect_on(state, move || {
            here.write();
            None
        });
    }
    {
        let (here, next, page) = (here.clone(), next.clone(), page.clone());
        let on_settled = props.on_settled.clone();
        use_effect_on((), move || {
            let still_there = {
                let here = here.clone();
                Interval::new(STILL_THERE_MS, move || here.write())
            };
            if earlier_is_awaited() {
                spawn_local(async move {
                    let earlier = earlier().await.and_then(|text| Whereabouts::read(&text, now().0));
                    let address = room_in_address();
                    // Whoever has followed a link wants to be there.
                    match earlier.filter(|(earlier, _)| earlier.is_at(address.as_deref())) {
                        Some((whereabouts, kept)) => go_back(&page, &next, whereabouts, kept),
                        None => address.iter().for_each(|room| page.open_room(room)),
                    }
                    here.write();
                    on_settled.emit(());
                    drop_mark();
                });
            }
            end_of(still_there)
        });
    }
    use_effect_on((), move || {
        end_of(RestoreWatch::new(move |restored| {
            if restored {
                go_back(&page, &next, here.whereabouts.borrow().clone(), None);
            } else {
                here.write();
            }
        }))
    });
    Html::default()
}

fn go_back(page: &Page, next: &Rc<RefCell<Option<Room>>>, whereabouts: Whereabouts, kept: Option<Kept>) {
    if let Some(kept) = kept {
        page.handle.intent(Intent::Remember(kept));
    }
    let Whereabouts { account, room } = whereabouts;
    match account {
        Some(name) => {
            next.replace(room);
            page.handle.intent(Intent::SignIn { name });
        }
        None => room.into_iter().for_each(|room| enter(page, room)),
    }
}

/// Signs in by a name that is taken, if it is by a page of this browser that is no more.
async fn take_name_back(page: &Page, name: String) {
    let Some(text) = take_name_of_another_tab().await else { return };
    if let Some((Whereabouts { account: Some(account), .. }, kept)) = Whereabouts::read(&text, now().0)
        && lower_case(&account) == lower_case(&name)
    {
        let whereabouts = Whereabouts { account: Some(name), room: None };
        go_back(page, &Rc::default(), whereabouts, kept);
    }
}

fn enter(page: &Page, Room { name, inside_as, devices }: Room) {
    page.handle.intent(Intent::OpenRoom { room: name, devices });
    if let Some(name) = inside_as {
        page.handle.intent(Intent::JoinRoom { name });
    }
}
