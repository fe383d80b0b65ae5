//! Files: the list of transfers, and how files are chosen.
//!
//! A file's state comes from the session. This folder knows no conversation, no meeting and no screen.

mod amount;
mod choose;
mod delete;
mod preview;
mod transfer;

use tincan_session::View;
use tincan_session::files::OfferError;
use yew::prelude::*;

pub(crate) use self::amount::bytes;
pub(crate) use self::choose::{attach_button, call_with_files, offer, on_drop, send_to};
use self::transfer::transfer;
use crate::ui::context::page::Page;
use crate::ui::parts::form::alert;

/// Draws the list of transfers. The newest is the first, because it may wait for an answer.
pub(crate) fn files(view: &View, page: &Page) -> Html {
    let texts = page.texts();
    let refused = view.file_refused.as_ref().map(|(name, why)| match why {
        OfferError::Nobody => texts.file_for_nobody(name).into(),
        OfferError::TooLarge | OfferError::TooMany => texts.file_refused(name).into(),
    });
    if view.transfers.is_empty() && refused.is_none() {
        return Html::default();
    }
    html! {
        <section class="files" aria-label={texts.files}>
            { alert(refused) }
            <ul class="files__list" role="list">
                { for view.transfers.iter().rev().map(|one| transfer(one, page)) }
            </ul>
        </section>
    }
}
