//! How the last call ended.

use tincan_session::{EndReason, Intent, Notice};
use yew::prelude::*;

use super::catalogue::Catalogue;
use super::icon::{Glyph, Icon};
use super::locale::use_texts;
use super::page::use_page;
use super::phrase::Phrase;

#[derive(Properties, PartialEq)]
pub(crate) struct EndNoticeProps {
    pub(crate) notice: Option<Notice>,
}

/// Says why the last call ended and what to do next, until it is put away.
#[component]
pub(crate) fn EndNotice(props: &EndNoticeProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    let dismiss = Callback::from(move |_: MouseEvent| handle.intent(Intent::DismissNotice));
    html! {
        <div class={classes!("end-notice", props.notice.is_some().then_some("end-notice--shown"))}>
            <div class="end-notice__text" role="status">
                if let Some(Notice { peer, reason }) = &props.notice {
                    <p><Phrase text={text(*reason, texts)} name={peer.clone()} /></p>
                }
            </div>
            if props.notice.is_some() {
                <button type="button" class="icon-button" aria-label={texts.dismiss} title={texts.dismiss}
                    onclick={dismiss}>
                    <Icon glyph={Glyph::Cross} />
                </button>
            }
        </div>
    }
}

fn text(reason: EndReason, texts: &'static Catalogue) -> &'static str {
    match reason {
        EndReason::Declined => texts.ended_declined,
        EndReason::DeclinedByMe => texts.ended_declined_by_me,
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
