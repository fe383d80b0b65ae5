//! Which folder knows which: the arrows between the parts of a crate run one way.

use std::collections::BTreeSet;

use super::source::SourceFile;

/// The parts of a folder, files or folders, each of which may name only those before it.
struct Order {
    /// The folder, relative to the top of the checkout.
    folder: &'static str,
    parts: &'static [&'static str],
}

/// See the first file of each folder for what its parts are.
const ORDERS: [Order; 3] = [
    Order {
        folder: "client/src/ui",
        parts: &["catalogue", "context", "parts", "files", "chat", "meeting", "screens", "app"],
    },
    Order {
        folder: "client/src/browser",
        parts: &["js", "page", "media", "devices", "connection", "files", "effect_runner", "in_page_tests"],
    },
    Order {
        folder: "session/src",
        parts: &[
            "ids",
            "time",
            "device",
            "chat",
            "files",
            "view",
            "input",
            "effect",
            "random",
            "names",
            "over",
            "rings",
            "media",
            "signaling",
            "context",
            "member",
            "group_chat",
            "call",
            "room",
            "place",
            "file_sharing",
            "session",
        ],
    },
];

/// Reports every path of `file` that leads to a part which it may not know.
pub(super) fn one_way(file: &SourceFile, broken: &mut Vec<String>) {
    for Order { folder, parts } in ORDERS {
        let Some(rest) = file.path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) else {
            continue;
        };
        let part = rest.split('/').next().unwrap_or(rest).trim_end_matches(".rs");
        if matches!(part, "mod" | "lib" | "main") {
            continue;
        }
        let Some(own) = parts.iter().position(|known| *known == part) else {
            broken.push(format!("{}:1: `{part}` has no place in the order of {folder}", file.path));
            continue;
        };
        let base = module_of(folder);
        let named: BTreeSet<(usize, String)> = paths(file)
            .into_iter()
            .filter_map(|(line, path)| Some((line, path.strip_prefix(&*base)?.first()?.clone())))
            .collect();
        for (line, name) in named {
            if parts[own + 1..].contains(&&*name) {
                broken.push(format!("{}:{line}: {part} comes before {name} and may not know it", file.path));
            }
        }
    }
}

/// Returns every path of modules that begins with `crate` or `super`, from the crate's root on, and its line.
fn paths(file: &SourceFile) -> Vec<(usize, Vec<String>)> {
    let own = module_of(file.path.trim_end_matches(".rs").trim_end_matches("/mod"));
    let mut all = Vec::new();
    for (line, tree) in file.trees_after("crate") {
        all.extend(leaves(tree).into_iter().map(|leaf| (line, resolve(&[], &leaf))));
    }
    for (line, tree) in file.trees_after("super") {
        let parent = &own[..own.len().saturating_sub(1)];
        all.extend(leaves(tree).into_iter().map(|leaf| (line, resolve(parent, &leaf))));
    }
    all
}

/// Returns the path that `leaf` leads to from `from`.
fn resolve(from: &[String], leaf: &[String]) -> Vec<String> {
    let mut path = from.to_vec();
    for segment in leaf {
        match segment.as_str() {
            "super" => {
                path.pop();
            }
            "self" => {}
            name => path.push(name.to_owned()),
        }
    }
    path
}

/// Returns the module that a file or folder is, from its crate's root on.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or("", |(_, inside)| inside);
    inside.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Returns each path of a tree such as `::a::{b, c::{d, self}}`, less its first `::`.
fn leaves(tree: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    collect(tree, &mut Vec::new(), &mut found);
    found
}

/// Reads one tree from the front of `text`. Returns what follows it.
fn collect<'a>(text: &'a str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let depth = before.len();
    let mut rest = text;
    while let Some(after) = rest.trim_start().strip_prefix("::") {
        rest = after.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            rest = list;
            loop {
                // The first segment in braces has no `::` before it.
                let (name, after) = word(rest.trim_start());
                if !name.is_empty() {
                    before.push(name.to_owned());
                    rest = collect(after, before, found);
                    before.pop();
                } else {
                    rest = after;
                }
                let skipped = rest.trim_start();
                match skipped.chars().next() {
                    Some(',') => rest = &skipped[1..],
                    Some('}') => {
                        rest = &skipped[1..];
                        break;
                    }
                    // `as name`, `*`, or something that is no path.
                    Some(c) => rest = &skipped[c.len_utf8()..],
                    None => break,
                }
            }
            before.truncate(depth);
            return rest;
        }
        let (name, after) = word(rest);
        if name.is_empty() {
            break;
        }
        before.push(name.to_owned());
        rest = after;
    }
    found.push(before.clone());
    before.truncate(depth);
    rest
}

/// Returns the word at the front, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken_in(path: &str, text: &str) -> usize {
        let mut broken = Vec::new();
        one_way(&SourceFile::new(path.to_owned(), text), &mut broken);
        broken.len()
    }

    #[test]
    fn a_path_against_the_order_is_found_however_it_is_written() {
        for text in [
            "use crate::ui::chat::Chat;",
            "use super::super::chat::Chat;",
            "use crate::ui::{catalogue::Catalogue, chat::{Chat, line}};",
            "use crate::{browser, ui::{\n    chat,\n}};",
            "let draw = crate::ui::chat::draw;",
            "use super::{super::chat, button};",
        ] {
            assert_eq!(broken_in("client/src/ui/parts/form.rs", text), 1, "{text}");
        }
        assert_eq!(broken_in("client/src/ui/parts/mod.rs", "use super::chat::Chat;"), 1);
        assert_eq!(broken_in("session/src/member/mod.rs", "use crate::room::Room;"), 1);
        assert_eq!(broken_in("session/src/time.rs", "use crate::session::Session;"), 1);
    }

    #[test]
    fn a_path_along_the_order_is_none_of_its_business() {
        for text in [
            "use crate::ui::catalogue::{Catalogue, Language as L};",
            "use super::{button::button, *};",
            "use crate::browser::chat;",
            "use crate::runtime::Handle; // crate::ui::chat",
        ] {
            assert_eq!(broken_in("client/src/ui/parts/form.rs", text), 0, "{text}");
        }
        assert_eq!(broken_in("client/src/ui/mod.rs", "use self::app::App;"), 0);
        assert_eq!(broken_in("session/src/lib.rs", "pub use session::Session;"), 0);
    }

    #[test]
    fn whoever_adds_a_part_gives_it_a_place() {
        assert_eq!(broken_in("client/src/ui/novelty.rs", ""), 1);
        assert_eq!(broken_in("client/src/ui/novelty/mod.rs", ""), 1);
    }
}
