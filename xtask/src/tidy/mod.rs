//! Checks the rules about the sources: which module may use which, how long a file may be, how wide a line
//! (docs/ARCHITECTURE.md, CONTRIBUTING.md).

mod directions;
mod source;
mod use_tree;

use std::path::Path;

use anyhow::Result;

use source::SourceFile;

/// The most lines of a Rust file that still has one responsibility.
const LONGEST_FILE: usize = 700;
/// The most characters in a line of code, comment or text (`max_width` in rustfmt.toml). There is no
/// exception: an address that is longer belongs in docs/.
const WIDEST_LINE: usize = 110;

/// Returns every broken rule, as `file:line: what is wrong`. Comments may name what code may not.
pub(crate) fn broken_rules(root: &Path) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    let files = source::rust_files(root)?;
    for file in &files {
        not_too_long(file, &mut broken);
        browser_in_one_folder(file, &mut broken);
        pure_crates(file, &mut broken);
        not_too_wide(file, &mut broken);
        explicit_imports(file, &mut broken);
        directions::one_way(file, &mut broken);
    }
    one_module_style(&files, &mut broken);
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

fn not_too_wide(file: &SourceFile, broken: &mut Vec<String>) {
    for (index, width) in file.widths.iter().enumerate().filter(|(_, width)| **width > WIDEST_LINE) {
        broken.push(format!(
            "{}:{}: {width} characters; no line is longer than {WIDEST_LINE}",
            file.path,
            index + 1
        ));
    }
}

/// A file says what it uses. Only tests take everything from what they test.
fn explicit_imports(file: &SourceFile, broken: &mut Vec<String>) {
    if file.path.contains("/tests/") || file.path.ends_with("/tests.rs") {
        return;
    }
    let tests = file.test_modules();
    for line in file.globs() {
        if !tests.iter().any(|module| module.contains(&line)) {
            broken.push(format!("{}:{line}: everything is imported, outside of tests", file.path));
        }
    }
}

/// A module that has parts is a folder with a `mod.rs`: never a folder and a file of its name beside it.
fn one_module_style(files: &[SourceFile], broken: &mut Vec<String>) {
    for file in files {
        let Some(folder) = file.path.strip_suffix(".rs") else { continue };
        let folder = format!("{folder}/");
        if files.iter().any(|other| other.path.starts_with(&folder)) {
            broken.push(format!("{}:1: this belongs in {folder}mod.rs", file.path));
        }
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
    let may_name_types = file.path.starts_with("client/src/ui/");
    for (line, path) in file.paths_after("web_sys") {
        let item = path.first().map_or("", String::as_str);
        if !(may_name_types && is_event_or_element(item)) {
            broken.push(format!("{}:{line}: web_sys::{item} belongs in client/src/browser/", file.path));
        }
    }
}

fn is_event_or_element(item: &str) -> bool {
    item.ends_with("Event") || item.ends_with("Element") || matches!(item, "EventTarget" | "Node")
}

/// What does no I/O and reads no clock, so that the same inputs always give the same effects.
fn pure_crates(file: &SourceFile, broken: &mut Vec<String>) {
    const PURE: [&str; 4] = ["session/src/", "shared/src/", "server/src/hub/", "turn/src/"];
    const IMPURE: [&str; 13] = [
        "axum",
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "tokio",
        "hyper",
        "Instant",
        "SystemTime",
        "rand",
        "getrandom",
        "TcpListener",
        "TcpStream",
        "UdpSocket",
    ];
    /// The text of a frame, which is neither socket nor clock. The hub keeps it as the socket wants it.
    const FRAME_TEXT: [&str; 2] = ["tungstenite", "Utf8Bytes"];
    if !PURE.iter().any(|folder| file.path.starts_with(folder)) {
        return;
    }
    let impure =
        IMPURE.iter().flat_map(|name| file.lines_naming(name).into_iter().map(move |line| (line, *name)));
    const WEBSOCKETS: &str = "tokio_tungstenite";
    let of_websockets = file.paths_after(WEBSOCKETS).into_iter().filter(|(_, path)| *path != FRAME_TEXT);
    for (line, name) in impure.chain(of_websockets.map(|(line, _)| (line, WEBSOCKETS))) {
        broken.push(format!("{}:{line}: {name} where there is no I/O, clock or chance", file.path));
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
        not_too_wide(&file, &mut broken);
        explicit_imports(&file, &mut broken);
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
        assert_eq!(broken_in("turn/src/turn/mod.rs", "use std::time::SystemTime;"), 1);
        assert_eq!(broken_in("turn/src/packet.rs", "use std::net::{SocketAddr, UdpSocket};"), 1);
        assert_eq!(broken_in("server/src/lib.rs", &"\n".repeat(LONGEST_FILE + 1)), 1);
        assert_eq!(broken_in("server/src/hub/mod.rs", "use tokio::time::sleep;"), 1);
        assert_eq!(broken_in("server/src/hub/mod.rs", "use axum::Router;"), 1);
        let frames = "use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};";
        assert_eq!(broken_in("server/src/hub/mod.rs", frames), 1);
        assert_eq!(broken_in("server/src/lib.rs", &format!("// {}", "ü".repeat(WIDEST_LINE - 2))), 1);
        for text in [
            "use super::*;",
            "pub(crate) use super::*;",
            "use super::{Hub, super::*};",
            "use crate::hub::*;",
            "mod a {\n    use super::*;\n}",
            "#[cfg(test)]\nmod tests;\n\nuse super::*;",
            "#[cfg(test)]\nmod tests {\n    fn f() {}\n}\nmod a {\n    use super::*;\n}",
        ] {
            assert_eq!(broken_in("server/src/app.rs", text), 1, "{text}");
        }
        let file = |path: &str| SourceFile::new(path.to_owned(), "");
        let mut broken = Vec::new();
        one_module_style(&[file("server/src/hub.rs"), file("server/src/hub/room.rs")], &mut broken);
        assert_eq!(broken, ["server/src/hub.rs:1: this belongs in server/src/hub/mod.rs"]);
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
        assert_eq!(broken_in("server/src/lib.rs", &format!("// {}", "ü".repeat(WIDEST_LINE - 3))), 0);
        assert_eq!(broken_in("server/src/lib.rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n}"), 0);
        assert_eq!(broken_in("server/src/lib.rs", "use Standing::*;"), 0);
        assert_eq!(broken_in("server/src/hub/tests/calls.rs", "use super::*;"), 0);
        let frame_text = "use tokio_tungstenite::tungstenite::Utf8Bytes;";
        assert_eq!(broken_in("server/src/hub/waiting.rs", frame_text), 0);
    }
}
