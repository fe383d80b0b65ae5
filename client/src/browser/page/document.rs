//! The document: its title, its language, its elements.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlInputElement, window};

fn document() -> Option<Document> {
    window()?.document()
}

pub fn element_by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Returns whether the user has begun to type into a text box, and is still there.
pub fn is_typing() -> bool {
    let active = document().and_then(|document| document.active_element());
    let input = active.and_then(|active| active.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| !input.value().is_empty())
}

/// Sets the title that the tab shows.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets the language of the page (BCP 47), for screen readers, fonts and translators.
pub fn set_language(tag: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // It fails only for an invalid attribute name.
        let _ = root.set_attribute("lang", tag);
    }
}
