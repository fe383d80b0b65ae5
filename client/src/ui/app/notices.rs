//! Notices: what happened, in words that stay until the user dismisses them.

use tincan_session::{ConnectionView, Device, EndReason, Intent, Meeting, MeetingKind, NoPath, Screen, Side};
use yew::prelude::*;

use crate::browser::CHECK_PATH;
use crate::ui::catalogue::{Catalogue, Phrase};
use crate::ui::context::page::Page;
use crate::ui::parts::button::icon_button;
use crate::ui::parts::icon::Glyph;

/// What is drawn of the notices of a screen.
#[derive(Default)]
pub(super) struct Notices {
    pub(super) texts: Vec<Html>,
    /// The button that takes them away, if they can be.
    pub(super) dismiss: Html,
}

/// Draws the notices of a screen.
pub(super) fn notices(screen: &Screen, page: &Page) -> Notices {
    let texts = page.texts();
    let (notices, dismissable) = of(screen, texts);
    let dismiss = if dismissable {
        icon_button(Glyph::Cross, texts.dismiss, page.press(Intent::DismissNotice))
    } else {
        Html::default()
    };
    Notices { texts: notices.into_iter().map(|notice| html! { <p>{ notice }</p> }).collect(), dismiss }
}

/// Returns the notices, and whether they can be dismissed.
fn of(screen: &Screen, texts: &Catalogue) -> (Vec<Html>, bool) {
    match screen {
        Screen::Home { notice: Some(notice), .. } => {
            let name = &*notice.peer;
            let mut words = vec![end(notice.reason, name, texts).into()];
            if let EndReason::NoConnection(why) = notice.reason {
                words.push(no_path(why, name, texts).into());
                words.push(check_link(texts));
            }
            (words, true)
        }
        Screen::Lobby(lobby) if lobby.left => (vec![texts.left_room.into()], false),
        Screen::Meeting(meeting) => in_meeting(meeting, texts),
        _ => (Vec::new(), false),
    }
}

fn in_meeting(meeting: &Meeting, texts: &Catalogue) -> (Vec<Html>, bool) {
    let mut notices = Vec::new();
    if let MeetingKind::Room { renamed: true, .. } = meeting.kind {
        // The server has put a number after the name that was asked for.
        let wished = meeting.me.rsplit_once(' ').map_or("", |(wished, _)| wished);
        notices.push(texts.renamed_by_room(wished, &meeting.me).into());
    }
    if let MeetingKind::Room { missed: Some(name), .. } = &meeting.kind {
        notices.push(texts.missed_ring(name).into());
    }
    match meeting.local.replaced {
        Some(Device::Microphone) => notices.push(texts.microphone_replaced.into()),
        Some(_) => notices.push(texts.camera_replaced.into()),
        None => {}
    }
    let dismissable = !notices.is_empty();
    if let MeetingKind::Room { returning, .. } = meeting.kind {
        if returning {
            notices.push(texts.returning.into());
        }
        for other in &meeting.others {
            if let ConnectionView::Failed(why) = other.connection {
                notices.push(texts.not_connected_to(&other.name).into());
                notices.push(no_path(why, &other.name, texts).into());
            }
        }
        if meeting.others.iter().any(|other| matches!(other.connection, ConnectionView::Failed(_))) {
            notices.push(check_link(texts));
        }
    }
    (notices, dismissable)
}

/// Says why a call with `name` ended.
fn end<'a>(reason: EndReason, name: &'a str, texts: &Catalogue) -> Phrase<'a> {
    match reason {
        EndReason::Declined => texts.ended_declined(name),
        EndReason::DeclinedByMe => texts.ended_declined_by_me(name),
        EndReason::FilesRefused => texts.ended_files_refused(name),
        EndReason::FilesRefusedByMe => texts.ended_files_refused_by_me(name),
        EndReason::Busy => texts.ended_busy(name),
        EndReason::NoAnswer => texts.ended_no_answer(name),
        EndReason::Missed => texts.ended_missed(name),
        EndReason::Unavailable => texts.ended_unavailable(name),
        EndReason::Yourself => texts.ended_yourself.into(),
        EndReason::Cancelled => texts.ended_cancelled(name),
        EndReason::CancelledByMe => texts.ended_cancelled_by_me(name),
        EndReason::HungUp => texts.ended_hung_up(name),
        EndReason::HungUpByMe => texts.ended_hung_up_by_me(name),
        EndReason::PeerLost => texts.ended_peer_lost(name),
        EndReason::ServerLost => texts.ended_server_lost(name),
        EndReason::Offline => texts.ended_offline(name),
        EndReason::NoConnection(_) => texts.ended_no_connection(name),
        EndReason::ConnectionLost => texts.ended_connection_lost(name),
    }
}

/// Leads to the check page, beside this one.
fn check_link(texts: &Catalogue) -> Html {
    html! { <a href={CHECK_PATH} target="_blank">{ texts.check_link }</a> }
}

/// Says why there is no way to `name`, and what to do about it.
fn no_path<'a>(why: NoPath, name: &'a str, texts: &Catalogue) -> Phrase<'a> {
    match why {
        NoPath::NotBegun => texts.no_path_not_begun.into(),
        NoPath::NoCandidates(Side::Mine) => texts.no_path_hidden_mine.into(),
        NoPath::NoCandidates(Side::Theirs) => texts.no_path_hidden_theirs(name),
        NoPath::NoCandidates(Side::Both) => texts.no_path_hidden_both.into(),
        NoPath::NoRelay => texts.no_path_no_relay.into(),
        NoPath::RelayWanted => texts.no_path_relay_wanted.into(),
        NoPath::RelayRefused => texts.no_path_refused.into(),
        NoPath::RelayUnreachable(Side::Mine) => texts.no_path_unreachable_mine.into(),
        NoPath::RelayUnreachable(Side::Theirs) => texts.no_path_unreachable_theirs(name),
        NoPath::RelayUnreachable(Side::Both) => texts.no_path_unreachable_both.into(),
        NoPath::Blocked => texts.no_path_blocked.into(),
    }
}
