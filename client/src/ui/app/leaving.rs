//! Leaving by mistake: the browser asks before the page is closed or loaded anew, and the page asks when its
//! user goes back. It is in the lazy part.

use std::cell::Cell;

use tincan_session::files::{Direction, TransferState, TransferView};
use tincan_session::{Intent, MeetingKind, Screen, View};
use yew::prelude::*;

use crate::browser::{BackCatch, LeaveGuard, drop_mark};
use crate::ui::context::page::use_page;
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::effect::{end_of, use_effect_on};

#[derive(Properties, PartialEq)]
struct LeavingProps {
    /// Where one is, if one is somewhere.
    place: Option<Place>,
    /// Whether something is lost with the page.
    busy: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Call,
    Room,
}

/// Asks before somebody leaves what they are in.
pub(super) fn leaving(view: &View) -> Html {
    let (place, others) = match &view.screen {
        Screen::Meeting(meeting) => match meeting.kind {
            MeetingKind::Call { .. } => (Some(Place::Call), true),
            // Nothing is lost by who waits there alone.
            MeetingKind::Room { .. } => (Some(Place::Room), !meeting.others.is_empty()),
        },
        _ => (None, false),
    };
    let busy = others || view.transfers.iter().any(is_lost);
    html! { <Leaving {place} {busy} /> }
}

/// Returns whether it is lost, or stands still, when the page is closed.
fn is_lost(transfer: &TransferView) -> bool {
    match transfer.state {
        TransferState::Queued | TransferState::Running { .. } => true,
        TransferState::Done => transfer.direction == Direction::Incoming && !transfer.saved,
        _ => false,
    }
}

#[component]
fn Leaving(props: &LeavingProps) -> Html {
    let LeavingProps { place, busy } = *props;
    let page = use_page();
    let texts = page.texts();
    let asks = use_state_eq(|| false);
    // What is heard later looks at the present.
    let asks_now = use_memo((), |()| Cell::new(false));
    asks_now.set(*asks);
    let leave = if place == Some(Place::Room) { Intent::LeaveRoom } else { Intent::HangUp };
    {
        let (asks, handle, leave) = (asks.setter(), page.handle.clone(), leave.clone());
        use_effect_on(place, move || {
            asks.set(false);
            if place.is_none() {
                // Also of a page that was loaded anew in a call.
                drop_mark();
                return None;
            }
            end_of(BackCatch::new(move || {
                if asks_now.get() {
                    handle.intent(leave.clone());
                } else {
                    asks.set(true);
                }
            }))
        });
    }
    // Who has just been asked by the page isn't asked by the browser, too.
    let guarded = busy && !*asks;
    use_effect_on(guarded, move || end_of(guarded.then(LeaveGuard::new)));

    let Some(place) = place.filter(|_| *asks) else { return Html::default() };
    let title = match place {
        Place::Call => texts.leave_call,
        Place::Room => texts.leave_room,
    };
    let onclose = {
        let asks = asks.setter();
        Callback::from(move |_: Event| asks.set(false))
    };
    let stay = {
        let asks = asks.setter();
        Callback::from(move |_: MouseEvent| asks.set(false))
    };
    html! {
        // On a phone, Back would close it: here that means to leave.
        <Dialog {title} {onclose} stays_on_back=true>
            <p>{ texts.back_leaves }</p>
            <p class="dialog__answers">
                <button type="button" class="button button--danger" onclick={page.press(leave)}>
                    { texts.leave }
                </button>
                <button type="button" class="button" onclick={stay}>{ texts.stay }</button>
            </p>
        </Dialog>
    }
}
