//! One transfer.

use tincan_session::Intent;
use tincan_session::files::{Direction, FileIntent, FileProblem, TransferState, TransferView};
use yew::prelude::*;

use super::amount::{bytes, time_left};
use super::choose::choose_again;
use super::delete::Delete;
use super::preview::{Location, Preview};
use crate::browser::PictureUrl;
use crate::ui::catalogue::{Catalogue, Phrase};
use crate::ui::context::page::Page;

/// Draws the file's name, the transfer's state, and its buttons.
pub(super) fn transfer(one: &TransferView, page: &Page) -> Html {
    let texts = page.texts();
    let incoming = one.direction == Direction::Incoming;
    let about = if incoming { texts.file_from(&one.peer) } else { texts.file_to(&one.peer) };
    let done = if one.size == 0 { 0 } else { one.bytes };
    html! {
        <li key={one.id.to_string()} class="file">
            { preview(one) }
            <p class="file__name">
                <bdi>{ one.name.clone() }</bdi>{ " " }<span class="hint">{ bytes(one.size) }</span>
            </p>
            <p class="file__state hint">
                { about }{ " " }<span role="status">{ state(one, texts) }</span>
            </p>
            if shows_progress(one.state) {
                <progress class="file__progress" aria-label={one.name.clone()}
                    max={one.size.max(1).to_string()} value={done.to_string()}></progress>
            }
            <div class="file__actions">{ for actions(one, page) }</div>
        </li>
    }
}

/// Draws the file if it is a picture: from the choice on, or once it has been received.
fn preview(one: &TransferView) -> Html {
    let Some(mime) = one.mime.clone().filter(|mime| PictureUrl::is_for(mime, one.size)) else {
        return Html::default();
    };
    let location = match (one.source, one.direction) {
        (Some(source), _) => Location::Chosen(source),
        (None, Direction::Incoming) if one.state == TransferState::Done => Location::Received(one.id),
        (None, _) => Location::Nowhere,
    };
    html! { <Preview name={one.name.clone()} {mime} {location} /> }
}

fn shows_progress(state: TransferState) -> bool {
    matches!(
        state,
        TransferState::Queued
            | TransferState::Running { .. }
            | TransferState::Paused { .. }
            | TransferState::Waiting
            | TransferState::Lost
            | TransferState::ChooseAgain { .. }
    )
}

/// Returns the state in words.
fn state(one: &TransferView, texts: &Catalogue) -> String {
    let incoming = one.direction == Direction::Incoming;
    let name = &one.peer;
    let text = match one.state {
        TransferState::Offered if incoming => texts.file_offered.into(),
        TransferState::Offered => texts.file_unanswered(name),
        TransferState::Queued => texts.file_queued.into(),
        TransferState::Running { bytes_per_second, seconds_left } => {
            let so_far = [&bytes(one.bytes), " / ", &bytes(one.size)].concat();
            let speed = [&bytes(bytes_per_second), "/s"].concat();
            let left = seconds_left.map(|seconds| time_left(seconds, texts));
            return [so_far, speed].into_iter().chain(left).collect::<Vec<_>>().join(" · ");
        }
        TransferState::Paused { by_me: true, .. } => texts.file_paused.into(),
        TransferState::Paused { .. } => texts.file_paused_by_them(name),
        TransferState::Waiting => texts.file_waiting(name),
        TransferState::Lost => texts.file_forgotten(name),
        TransferState::ChooseAgain { problem: Some(_) } => texts.file_not_the_same.into(),
        TransferState::ChooseAgain { problem: None } => texts.file_choose_again.into(),
        TransferState::Done if one.saved => texts.file_saved.into(),
        TransferState::Done if incoming => texts.file_here.into(),
        TransferState::Done => texts.delivered.into(),
        TransferState::Refused { by_me: true } => texts.file_refused_by_me.into(),
        TransferState::Refused { by_me: false } => texts.file_refused_by_them(name),
        TransferState::Cancelled { by_me: true } => texts.file_cancelled_by_me.into(),
        TransferState::Cancelled { by_me: false } => texts.file_cancelled_by_them(name),
        TransferState::Failed(problem) => failure(problem, name, texts),
    };
    text.into_string()
}

fn failure<'a>(problem: FileProblem, name: &'a str, texts: &Catalogue) -> Phrase<'a> {
    match problem {
        FileProblem::NotTheSame => texts.file_not_the_same.into(),
        FileProblem::SourceChanged => texts.file_changed.into(),
        FileProblem::ReadFailed => texts.file_unreadable.into(),
        FileProblem::DiskFull => texts.file_disk_full.into(),
        FileProblem::TheirDiskFull => texts.file_their_disk_full(name),
        FileProblem::WriteFailed => texts.file_unwritable.into(),
        FileProblem::Mismatch => texts.file_mismatch.into(),
        FileProblem::Broken | FileProblem::TheirFailure => texts.file_failed.into(),
        FileProblem::Forgotten => texts.file_forgotten(name),
        FileProblem::Left => texts.file_left(name),
    }
}

/// Returns the buttons.
fn actions(one: &TransferView, page: &Page) -> Vec<Html> {
    let texts = page.texts();
    let id = one.id;
    let button = |name: &str, intent: FileIntent| {
        let onclick = page.press(Intent::File(intent));
        html! { <button type="button" class="button button--small" {onclick}>{ name.to_owned() }</button> }
    };
    let pause = || button(texts.pause, FileIntent::Pause(id));
    let cancel = || button(texts.cancel, FileIntent::Cancel(id));
    let dismiss = || button(texts.dismiss, FileIntent::Dismiss(id));
    match one.state {
        TransferState::Offered if one.direction == Direction::Incoming => {
            let all = one.member.map(|member| {
                let name = texts.accept_all_files(&one.peer).into_string();
                button(&name, FileIntent::AcceptAll(member))
            });
            let both = [
                button(texts.accept_file, FileIntent::Accept(id)),
                button(texts.refuse_file, FileIntent::Refuse(id)),
            ];
            both.into_iter().chain(all).collect()
        }
        TransferState::Queued | TransferState::Running { .. } => vec![pause(), cancel()],
        TransferState::Paused { by_me: true, .. } => {
            vec![button(texts.resume, FileIntent::Resume(id)), cancel()]
        }
        TransferState::Offered
        | TransferState::Paused { .. }
        | TransferState::Waiting
        | TransferState::Lost => vec![cancel()],
        TransferState::ChooseAgain { .. } => vec![choose_again(id, page), cancel()],
        TransferState::Done if one.direction == Direction::Incoming => {
            let delete = html! { <Delete {id} saved={one.saved} /> };
            vec![button(texts.save_file, FileIntent::Save(id)), delete]
        }
        TransferState::Done => vec![dismiss()],
        TransferState::Refused { .. } | TransferState::Cancelled { .. } | TransferState::Failed(_) => {
            let again = one.can_retry.then(|| button(texts.retry, FileIntent::Retry(id)));
            again.into_iter().chain([dismiss()]).collect()
        }
    }
}
