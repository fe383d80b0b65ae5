//! Choosing files: by a button, by dropping them, by pasting them.

use tincan_session::files::{FileIntent, SourceFile, TransferId};
use tincan_session::{Intent, Recipients};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::{ChosenFile, chosen_files, dropped_files};
use crate::ui::context::page::Page;
use crate::ui::parts::button::icon_button;
use crate::ui::parts::icon::{Glyph, icon};

/// Calls somebody in order to send them files.
pub(crate) fn call_with_files(name: String, files: Vec<ChosenFile>, page: &Page) {
    let files = files.into_iter().map(|file| source(file, page)).collect();
    page.handle.intent(Intent::CallWithFiles { name, files });
}

/// Keeps a file for the browser side, and returns it as the session knows it.
fn source(file: ChosenFile, page: &Page) -> SourceFile {
    let (name, size, mime) = (file.name(), file.size(), file.mime());
    SourceFile { source: page.handle.sources().add(file), name, size, mime }
}

/// Offers files to one person, or to everybody in the meeting.
pub(crate) fn offer(files: Vec<ChosenFile>, to: Option<&str>, page: &Page) {
    for file in files {
        let file = source(file, page);
        let to = to.map_or(Recipients::Everyone, |to| Recipients::Address(to.to_owned()));
        page.handle.intent(Intent::OfferFile { file, to });
    }
}

/// Draws a button that asks for files for everybody in the meeting. `input` is the element that the browser
/// asks by.
pub(crate) fn attach_button(input: &NodeRef, page: &Page) -> Html {
    let ask = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            offer(chosen_files(&event), None, &page);
        })
    };
    html! {
        <>
            { icon_button(Glyph::Attach, page.texts().attach_files, ask) }
            <input ref={input.clone()} type="file" multiple=true hidden=true {onchange} />
        </>
    }
}

/// Draws a button that asks for files for one person, in a list of people.
pub(crate) fn send_to(name: &str, address: &str, page: &Page) -> Html {
    let name = page.texts().send_files_to(name).into_string();
    let (page, address) = (page.clone(), address.to_owned());
    let onchange = Callback::from(move |event: Event| {
        offer(chosen_files(&event), Some(&address), &page);
    });
    html! {
        <label class="icon-button icon-button--small" title={name.clone()}>
            { icon(Glyph::Attach) }
            <input type="file" multiple=true class="unseen" aria-label={name} {onchange} />
        </label>
    }
}

/// Draws a button that asks for a file that has to be chosen again.
pub(super) fn choose_again(id: TransferId, page: &Page) -> Html {
    let (page, texts) = (page.clone(), page.texts());
    let onchange = Callback::from(move |event: Event| {
        for file in chosen_files(&event).into_iter().take(1) {
            let size = file.size();
            let source = page.handle.sources().add(file);
            page.handle.intent(Intent::File(FileIntent::ChooseAgain { id, source, size }));
        }
    });
    html! {
        <label class="button button--small">
            { texts.choose_again }
            <input type="file" class="unseen" aria-label={texts.choose_again} {onchange} />
        </label>
    }
}

/// Returns the `ondrop` of an element that takes files.
pub(crate) fn on_drop(take: Callback<Vec<ChosenFile>>) -> Callback<DragEvent> {
    Callback::from(move |event: DragEvent| {
        let files = dropped_files(&event);
        if !files.is_empty() {
            take.emit(files);
        }
    })
}
