//! The document around the page.

use web_sys::{Document, Element, window};

fn document() -> Option<Document> {
    window()?.document()
}

/// The element with this id.
pub fn element_by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Says in the tab what the page is about.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Says what language the page is in (BCP 47), for screen readers, fonts and translators.
pub fn set_language(tag: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // Only an invalid attribute name could fail.
        let _ = root.set_attribute("lang", tag);
    }
}
