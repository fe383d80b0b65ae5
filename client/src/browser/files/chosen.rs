//! Files that the user has chosen, dropped or pasted.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Event, File, FileList, HtmlInputElement};

pub struct ChosenFile(pub(super) File);

impl ChosenFile {
    /// Returns its name, as it is on the user's disk.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Returns its size in bytes.
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// Returns its media type as the browser knows it, which may be empty.
    pub fn mime(&self) -> String {
        self.0.type_()
    }
}

/// Returns the files of an `<input type="file">` that has changed. Clears the input, so that the same file
/// can be chosen again.
pub fn chosen_files(event: &Event) -> Vec<ChosenFile> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let files = of_list(input.files());
    input.set_value("");
    files
}

/// Returns whether files are dragged, rather than text or something else.
pub(super) fn holds_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
}

/// Returns the files that were dropped, if any.
pub fn dropped_files(event: &DragEvent) -> Vec<ChosenFile> {
    of_list(event.data_transfer().and_then(|transfer| transfer.files()))
}

/// Returns the files that were pasted, if files were meant. An office program puts a picture of the text
/// beside the text; that it is text is seen by its formatted copy. A file manager puts only the name of a
/// file beside the file, and a browser the address of a picture.
pub fn pasted_files(event: &Event) -> Vec<ChosenFile> {
    let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data) else {
        return Vec::new();
    };
    let types = data.types();
    let holds = |kind: &str| types.includes(&kind.into(), 0);
    let is_text = holds("text/plain") && (holds("text/html") || holds("text/rtf"));
    if is_text { Vec::new() } else { of_list(data.files()) }
}

fn of_list(list: Option<FileList>) -> Vec<ChosenFile> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)).map(ChosenFile).collect()
}
