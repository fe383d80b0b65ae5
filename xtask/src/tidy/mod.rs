//! The rules about what may stand where (docs/ARCHITECTURE.md), held by a machine instead of by memory.

mod source;

use std::path::Path;

use anyhow::Result;

use source::SourceFile;

/// The longest Rust file that still has one responsibility, in lines.
const LONGEST_FILE: usize = 700;

/// Every broken rule, as `file:line: what is wrong`. Tests and comments may name what code may not.
pub(crate) fn broken_rules(root: &Path) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for file in source::rust_files(root)? {
        not_too_long(&file, &mut broken);
        browser_in_one_folder(&file, &mut broken);
        pure_crates(&file, &mut broken);
    }
    Ok(broken)
}

fn not_too_long(file: &SourceFile, broken: &mut Vec<String>) {
    let lines = file.code.lines().count();
    if lines > LONGEST_FILE {
        broken.push(format!(
            "{}:{LONGEST_FILE}: {lines} lines; no file is longer than {LONGEST_FILE}",
            file.path
        ));
    }
}

/// `client/src/browser/` alone drives the browser's objects; `ui/` may name the types of events and elements.
fn browser_in_one_folder(file: &SourceFile, broken: &mut Vec<String>) {
    if !file.path.starts_with("client/src/") || file.path.starts_with("client/src/browser/") {
        return;
    }
    for name in ["js_sys", "wasm_bindgen"] {
        for line in file.lines_naming(name) {
            broken.push(format!("{}:{line}: {name} belongs in client/src/browser/", file.path));
        }
    }
    let may_name_types = file.path.starts_with("client/src/ui/") || file.path == "client/src/ui.rs";
    for (line, item) in file.items_of("web_sys") {
        if !(may_name_types && is_event_or_element(&item)) {
            broken.push(format!("{}:{line}: web_sys::{item} belongs in client/src/browser/", file.path));
        }
    }
}

fn is_event_or_element(item: &str) -> bool {
    item.ends_with("Event") || item.ends_with("Element") || matches!(item, "EventTarget" | "Node")
}

/// The crates that do no I/O and read no clock, so that the same inputs always give the same effects.
fn pure_crates(file: &SourceFile, broken: &mut Vec<String>) {
    if !file.path.starts_with("session/src/") && !file.path.starts_with("shared/src/") {
        return;
    }
    for name in ["web_sys", "js_sys", "wasm_bindgen", "tokio", "Instant", "SystemTime", "rand", "getrandom"] {
        for line in file.lines_naming(name) {
            broken.push(format!(
                "{}:{line}: {name} in a crate without I/O, clock or chance of its own",
                file.path
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_checkout_keeps_the_rules() {
        let broken = broken_rules(crate::workspace::root()).expect("the checkout can be read");
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }

    fn broken_in(path: &str, text: &str) -> usize {
        let file = SourceFile::new(path.to_owned(), text);
        let mut broken = Vec::new();
        not_too_long(&file, &mut broken);
        browser_in_one_folder(&file, &mut broken);
        pure_crates(&file, &mut broken);
        broken.len()
    }

    #[test]
    fn each_rule_can_be_broken() {
        assert_eq!(broken_in("client/src/runtime.rs", "use web_sys::HtmlInputElement;"), 1);
        assert_eq!(
            broken_in("client/src/ui/home.rs", "use web_sys::{HtmlInputElement, RtcPeerConnection};"),
            1
        );
        assert_eq!(broken_in("client/src/ui/home.rs", "use wasm_bindgen::JsCast;"), 1);
        assert_eq!(broken_in("session/src/lib.rs", "let now = std::time::Instant::now();"), 1);
        assert_eq!(broken_in("shared/src/lib.rs", "use tokio::net;"), 1);
        assert_eq!(broken_in("server/src/lib.rs", &"\n".repeat(LONGEST_FILE + 1)), 1);
    }

    #[test]
    fn what_is_allowed_passes() {
        assert_eq!(broken_in("client/src/browser/peer.rs", "use web_sys::RtcPeerConnection;"), 0);
        assert_eq!(
            broken_in("client/src/ui/home.rs", "use web_sys::{HtmlInputElement,\n KeyboardEvent};"),
            0
        );
        assert_eq!(broken_in("client/src/runtime.rs", "use wasm_bindgen_futures::spawn_local;"), 0);
        assert_eq!(broken_in("session/src/lib.rs", "// std::time::Instant is not read here"), 0);
    }
}
