//! Reading Rust files for [`super::broken_rules`]: not a parser, only enough to look past comments.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that hold no code of ours.
const LEFT_OUT: [&str; 4] = ["target", "dist", ".git", "node_modules"];

/// A Rust file.
pub(super) struct SourceFile {
    /// Relative to the top of the checkout, with `/`.
    pub(super) path: String,
    /// The text, line by line as in the file, with line comments blanked out.
    pub(super) code: String,
    /// The width of each line in characters, comments included.
    pub(super) widths: Vec<usize>,
}

impl SourceFile {
    pub(super) fn new(path: String, text: &str) -> SourceFile {
        // A `//` inside a string blanks the rest of that line too: harmless, since rules are about paths of items.
        let code =
            text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
        let widths = text.lines().map(|line| line.chars().count()).collect();
        SourceFile { path, widths, code: if text.ends_with('\n') { code + "\n" } else { code } }
    }

    /// The numbers of the lines that hold `name` as a whole word.
    pub(super) fn lines_naming(&self, name: &str) -> Vec<usize> {
        self.places_of(name).map(|place| self.line_at(place)).collect()
    }

    /// What is taken from a crate by `krate::item` or `krate::{item, item}`, with the line each path begins on.
    pub(super) fn items_of(&self, krate: &str) -> Vec<(usize, String)> {
        let mut items = Vec::new();
        for place in self.places_of(krate) {
            let line = self.line_at(place);
            let rest = &self.code[place + krate.len()..];
            let Some(path) = rest.strip_prefix("::") else {
                items.push((line, String::new()));
                continue;
            };
            let list = match path.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or(list),
                None => path,
            };
            let in_braces = path.starts_with('{');
            for item in list.split(',').take(if in_braces { usize::MAX } else { 1 }) {
                let name: String = item.trim().chars().take_while(|&c| is_word(c)).collect();
                if !name.is_empty() {
                    items.push((line, name));
                }
            }
        }
        items
    }

    /// Returns what follows each `name` that begins a path, such as `::a::{b, c}` after `crate`, with its line. A
    /// `super` within a path is no beginning.
    pub(super) fn trees_after<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (usize, &'a str)> + 'a {
        self.places_of(name).filter_map(move |place| {
            let inside = self.code[..place].trim_end().ends_with("::");
            let tree = &self.code[place + name.len()..];
            (!inside && tree.trim_start().starts_with("::")).then(|| (self.line_at(place), tree))
        })
    }

    fn places_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.code.match_indices(name).map(|(place, _)| place).filter(move |&place| {
            let before = self.code[..place].chars().next_back();
            let after = self.code[place + name.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
    }

    fn line_at(&self, place: usize) -> usize {
        self.code[..place].matches('\n').count() + 1
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Every Rust file of the checkout.
pub(super) fn rust_files(root: &Path) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                if !is_left_out(&path) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(read(root, &path)?);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn is_left_out(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| LEFT_OUT.iter().any(|left_out| name == *left_out))
}

fn read(root: &Path, path: &PathBuf) -> Result<SourceFile> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let relative = path.strip_prefix(root).expect("found below the root");
    Ok(SourceFile::new(relative.to_string_lossy().replace('\\', "/"), &text))
}
