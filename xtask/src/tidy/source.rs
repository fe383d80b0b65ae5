//! Reads Rust files for [`super::broken_rules`]: not a parser, only enough to look past comments.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::use_tree;

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
        // A `//` inside a string blanks the rest of that line, too. That is harmless: rules are about paths
        // of items.
        let code =
            text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
        let widths = text.lines().map(|line| line.chars().count()).collect();
        SourceFile { path, widths, code: if text.ends_with('\n') { code + "\n" } else { code } }
    }

    /// Returns the numbers of the lines that hold `name` as a whole word.
    pub(super) fn lines_naming(&self, name: &str) -> Vec<usize> {
        self.places_of(name).map(|place| self.line_at(place)).collect()
    }

    /// Returns every path that begins with `root`, less this first segment, and the line where it begins. A
    /// list in braces is as many paths; a `*` is a segment.
    pub(super) fn paths_after(&self, root: &str) -> Vec<(usize, Vec<String>)> {
        let mut paths = Vec::new();
        let mut end_of_last = 0;
        for place in self.places_of(root) {
            // A `super` within a path is no beginning.
            if place < end_of_last || self.code[..place].trim_end().ends_with("::") {
                continue;
            }
            let line = self.line_at(place);
            let start = place + root.len();
            let (tree, length) = use_tree::leaves(&self.code[start..]);
            paths.extend(tree.into_iter().map(|path| (line, path)));
            end_of_last = start + length;
        }
        paths
    }

    /// Returns the lines on which everything is imported from a module of the same crate.
    pub(super) fn globs(&self) -> Vec<usize> {
        let paths = ["super", "crate"].into_iter().flat_map(|root| self.paths_after(root));
        paths.filter(|(_, path)| path.last().is_some_and(|last| last == "*")).map(|(line, _)| line).collect()
    }

    /// Returns the lines of each module that is compiled for tests only. It ends where a brace stands below
    /// its first character, as rustfmt has it.
    pub(super) fn test_modules(&self) -> Vec<RangeInclusive<usize>> {
        let lines: Vec<&str> = self.code.lines().collect();
        let mut modules = Vec::new();
        for start in 1..lines.len() {
            let begins = lines[start].trim_end().ends_with('{') && lines[start].contains("mod ");
            if begins && lines[start - 1].trim() == "#[cfg(test)]" {
                let indent = lines[start].len() - lines[start].trim_start().len();
                let end = format!("{}}}", &lines[start][..indent]);
                let length = lines[start..].iter().position(|line| *line == end);
                modules.push(start + 1..=length.map_or(lines.len(), |length| start + length + 1));
            }
        }
        modules
    }

    fn places_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.code.match_indices(name).map(|(place, _)| place).filter(move |&place| {
            let before = self.code[..place].chars().next_back();
            let after = self.code[place + name.len()..].chars().next();
            !before.is_some_and(use_tree::is_word) && !after.is_some_and(use_tree::is_word)
        })
    }

    fn line_at(&self, place: usize) -> usize {
        self.code[..place].matches('\n').count() + 1
    }
}

/// Returns every Rust file of the checkout.
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
