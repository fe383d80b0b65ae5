//! Which folder knows which: the arrows between the parts of a crate run one way.

use std::collections::BTreeSet;

use super::source::SourceFile;

/// The parts of a folder, files or folders, each of which may name only those before it.
struct Order {
    /// The folder, relative to the top of the checkout.
    folder: &'static str,
    parts: &'static [&'static str],
}

/// A folder that may name only these parts of its crate.
struct Closed {
    folder: &'static str,
    knows: &'static [&'static str],
}

/// See the first file of each folder for what its parts are.
const ORDERS: [Order; 4] = [
    Order { folder: "client/src", parts: &["browser", "runtime", "ui"] },
    Order {
        folder: "client/src/ui",
        parts: &["catalogue", "context", "parts", "files", "chat", "meeting", "screens", "check", "app"],
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
            "clock",
            "device",
            "signal",
            "chat",
            "files",
            "view",
            "input",
            "effect",
            "envelope",
            "random",
            "names",
            "over",
            "rings",
            "system_mute",
            "media",
            "signaling",
            "context",
            "member",
            "group_chat",
            "call",
            "room",
            "place",
            "local_devices",
            "file_sharing",
            "session",
        ],
    },
];

/// The hub decides, and knows neither sockets nor who keeps it behind a lock.
const CLOSED: [Closed; 1] = [Closed { folder: "server/src/hub", knows: &["hub", "name_key"] }];

/// Reports every path of `file` that leads to a part which it may not know.
pub(super) fn one_way(file: &SourceFile, broken: &mut Vec<String>) {
    // Tests put together what they test.
    if file.path.contains("/tests/") {
        return;
    }
    for order in ORDERS {
        along(&order, file, broken);
    }
    for Closed { folder, knows } in CLOSED {
        if is_in(folder, &file.path).is_some() {
            for (line, name) in
                parts_named(file, &[]).into_iter().filter(|(_, name)| !knows.contains(&&**name))
            {
                broken.push(format!("{}:{line}: {folder} may not know {name}", file.path));
            }
        }
    }
}

fn along(Order { folder, parts }: &Order, file: &SourceFile, broken: &mut Vec<String>) {
    let Some(inside) = is_in(folder, &file.path) else { return };
    let part = inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs");
    if matches!(part, "mod" | "lib" | "main") {
        return;
    }
    let Some(own) = parts.iter().position(|known| *known == part) else {
        broken.push(format!("{}:1: `{part}` has no place in the order of {folder}", file.path));
        return;
    };
    for (line, name) in parts_named(file, &module_of(folder)) {
        if parts[own + 1..].contains(&&*name) {
            broken.push(format!("{}:{line}: {part} comes before {name} and may not know it", file.path));
        }
    }
}

/// Returns the rest of `path`, where it leads into `folder`.
fn is_in<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// Returns which parts of the module `base` the file names, and on which lines.
fn parts_named(file: &SourceFile, base: &[String]) -> BTreeSet<(usize, String)> {
    let own = module_of(file.path.trim_end_matches(".rs").trim_end_matches("/mod"));
    let parent = &own[..own.len().saturating_sub(1)];
    let tests = file.test_modules();
    let of_crate = file.paths_after("crate").into_iter().map(|(line, path)| (line, resolve(&[], &path)));
    let of_parent = file.paths_after("super").into_iter().map(|(line, path)| {
        let in_tests = tests.iter().any(|module| module.contains(&line));
        (line, resolve(if in_tests { &own } else { parent }, &path))
    });
    of_crate
        .chain(of_parent)
        .filter_map(|(line, path)| Some((line, path.strip_prefix(base)?.first()?.clone())))
        .collect()
}

/// Returns the path that `path` leads to from `from`.
fn resolve(from: &[String], path: &[String]) -> Vec<String> {
    let mut resolved = from.to_vec();
    for segment in path {
        match segment.as_str() {
            "super" => {
                resolved.pop();
            }
            "self" | "*" => {}
            name => resolved.push(name.to_owned()),
        }
    }
    resolved
}

/// Returns the module that a file or folder is, from its crate's root on.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or("", |(_, inside)| inside);
    inside.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
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
            "use crate::ui::chat::*;",
        ] {
            assert_eq!(broken_in("client/src/ui/parts/form.rs", text), 1, "{text}");
        }
        assert_eq!(broken_in("client/src/ui/parts/mod.rs", "use super::chat::Chat;"), 1);
        assert_eq!(broken_in("client/src/browser/js/mod.rs", "use crate::browser::page::Page;"), 1);
        assert_eq!(broken_in("client/src/browser/js/mod.rs", "use crate::ui::app::App;"), 1);
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
        assert_eq!(broken_in("session/src/files/tests/world.rs", "use crate::envelope::read;"), 0);
        assert_eq!(broken_in("session/src/lib.rs", "pub use session::Session;"), 0);
    }

    #[test]
    fn what_is_closed_names_only_what_it_may_know() {
        for (text, expected) in [
            ("use crate::socket::serve;", 1),
            ("use super::super::socket;", 1),
            ("use crate::{name_key::NameKey, socket::serve};", 1),
            ("use crate::name_key::{NameKey, RoomKey};", 0),
            ("use super::room::Room;\npub(crate) fn f() {}", 0),
        ] {
            assert_eq!(broken_in("server/src/hub/pairs.rs", text), expected, "{text}");
            assert_eq!(broken_in("server/src/socket.rs", text), 0, "{text}");
        }
        let tests = "#[cfg(test)]\nmod tests {\n    use super::Hub;\n}\n";
        assert_eq!(broken_in("server/src/hub/mod.rs", tests), 0);
        assert_eq!(broken_in("server/src/hub/mod.rs", "use super::Server;"), 1);
    }

    #[test]
    fn whoever_adds_a_part_gives_it_a_place() {
        assert_eq!(broken_in("client/src/ui/novelty.rs", ""), 1);
        assert_eq!(broken_in("client/src/ui/novelty/mod.rs", ""), 1);
    }
}
