//! The document: its title, its language, its elements.

use web_sys::{Document, Element, window};

fn document() -> Option<Document> {
    window()?.document()
}

pub fn element_by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
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
