//! Notices: what happened, in words that stay until the user dismisses them.

use tincan_session::{ConnectionView, Device, EndReason, Intent, Meeting, Place, Screen};
use yew::prelude::*;

use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::Page;
use crate::ui::parts::button::icon_button;
use crate::ui::parts::icon::Glyph;
use crate::ui::parts::phrase::{named, phrase};

/// Draws every notice of a screen. The live region is on every screen, even when it is empty: screen readers
/// announce what changes inside a live region, not a region that comes together with its text.
pub(crate) fn notices(screen: &Screen, page: &Page, texts: &Catalogue) -> Html {
    let (notices, dismissable) = of(screen, texts);
    html! {
        <div class={if notices.is_empty() { "notice" } else { "notice notice--shown" }}>
            <div class="notice__text" role="status">
                { for notices.into_iter().map(|notice| html! { <p>{ notice }</p> }) }
            </div>
            if dismissable {
                { icon_button(Glyph::Cross, texts.dismiss, page.press(Intent::DismissNotice)) }
            }
        </div>
    }
}

/// Returns the notices, and whether they can be dismissed.
fn of(screen: &Screen, texts: &Catalogue) -> (Vec<Html>, bool) {
    match screen {
        Screen::Home { notice: Some(notice), .. } => {
            (vec![named(end(notice.reason, texts), &notice.peer)], true)
        }
        Screen::Lobby(lobby) if lobby.left => (vec![texts.left_room.into()], false),
        Screen::Meeting(meeting) => in_meeting(meeting, texts),
        _ => (Vec::new(), false),
    }
}

fn in_meeting(meeting: &Meeting, texts: &Catalogue) -> (Vec<Html>, bool) {
    let mut notices = Vec::new();
    if let Place::Room { renamed: true, .. } = meeting.place {
        // The server has put a number after the name that was asked for.
        let wished = meeting.me.rsplit_once(' ').map_or("", |(wished, _)| wished);
        notices.push(phrase(texts.renamed_by_room, &[("name", wished), ("new", &meeting.me)]));
    }
    if let Place::Room { missed: Some(name), .. } = &meeting.place {
        notices.push(named(texts.missed_ring, name));
    }
    match meeting.local.replaced {
        Some(Device::Microphone) => notices.push(texts.microphone_replaced.into()),
        Some(_) => notices.push(texts.camera_replaced.into()),
        None => {}
    }
    let dismissable = !notices.is_empty();
    if let Place::Room { returning, .. } = meeting.place {
        if returning {
            notices.push(texts.returning.into());
        }
        let failed = meeting.others.iter().filter(|other| other.connection == ConnectionView::Failed);
        notices.extend(failed.map(|other| named(texts.not_connected_to, &other.name)));
    }
    (notices, dismissable)
}

fn end(reason: EndReason, texts: &Catalogue) -> &'static str {
    match reason {
        EndReason::Declined => texts.ended_declined,
        EndReason::DeclinedByMe => texts.ended_declined_by_me,
        EndReason::FilesRefused => texts.ended_files_refused,
        EndReason::FilesRefusedByMe => texts.ended_files_refused_by_me,
        EndReason::Busy => texts.ended_busy,
        EndReason::NoAnswer => texts.ended_no_answer,
        EndReason::Missed => texts.ended_missed,
        EndReason::Unavailable => texts.ended_unavailable,
        EndReason::Yourself => texts.ended_yourself,
        EndReason::Cancelled => texts.ended_cancelled,
        EndReason::CancelledByMe => texts.ended_cancelled_by_me,
        EndReason::HungUp => texts.ended_hung_up,
        EndReason::HungUpByMe => texts.ended_hung_up_by_me,
        EndReason::PeerLost => texts.ended_peer_lost,
        EndReason::ServerLost => texts.ended_server_lost,
        EndReason::Offline => texts.ended_offline,
        EndReason::NoConnection => texts.ended_no_connection,
        EndReason::ConnectionLost => texts.ended_connection_lost,
    }
}
