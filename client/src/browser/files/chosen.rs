//! Files that the user has chosen, dropped or pasted.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Event, File, FileList, HtmlInputElement};

/// One of them.
pub struct ChosenFile(pub(super) File);

impl ChosenFile {
    /// Its name, as it is on the user's disk.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Its size, in bytes.
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// Its media type as the browser knows it; may be empty.
    pub fn mime(&self) -> String {
        self.0.type_()
    }
}

/// The files of an `<input type="file">` that tells of a change. It forgets them, so that the same can be
/// chosen again.
pub fn chosen_files(event: &Event) -> Vec<ChosenFile> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let files = of_list(input.files());
    input.set_value("");
    files
}

/// Whether files are what is dragged, rather than text or something else.
pub(super) fn holds_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
}

/// The files that were dropped; none where it was something else.
pub fn dropped_files(event: &DragEvent) -> Vec<ChosenFile> {
    of_list(event.data_transfer().and_then(|transfer| transfer.files()))
}

/// The files that were pasted; none where it was text. An office program puts a picture of the text beside
/// it, and tells by formatted text that it is one; a file manager puts a file's name beside the file, and a
/// browser a picture's address.
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
