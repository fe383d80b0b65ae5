//! The fuzz targets: for every decoder that bytes from outside reach, what must hold of any bytes at all.
//!
//! `cargo xtask fuzz` finds inputs that reach more code and breaks what doesn't hold (libFuzzer). `corpus/`
//! has what it starts from, a folder for each target, and `tests/corpus.rs` checks all of that without it.
//!
//! A target panics where something doesn't hold. What is private to another crate is checked there, in its
//! modules called `fuzzing`.

mod ops;
mod targets;

/// One target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called, and its folder in `corpus/`.
    pub name: &'static str,
    /// Checks these bytes.
    pub check: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 12] = [
    Target { name: "wire", check: targets::wire::check },
    Target { name: "names", check: targets::names::check },
    Target { name: "chat", check: targets::peers::chat },
    Target { name: "files", check: targets::peers::files },
    Target { name: "signals", check: targets::peers::signals },
    Target { name: "pictures", check: targets::peers::pictures },
    Target { name: "links", check: targets::links::check },
    Target { name: "session", check: targets::session::check },
    Target { name: "hub", check: targets::hub::check },
    Target { name: "http", check: targets::transport::http },
    Target { name: "websocket", check: targets::transport::websocket },
    Target { name: "turn", check: targets::turn::check },
];

/// Returns the target of this name.
pub fn find(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}
