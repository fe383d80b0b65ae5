//! Says how long a long command will take, before it begins.

use anyhow::Result;

use crate::test::Level;
use crate::tools::{Browsers, geckodriver, of_the_page, wasm_pack};
use crate::{tools, workspace};

// Roughly how many seconds each part takes the first time, on two cores that do nothing else.
const PAGE: u64 = 95;
const SERVER: u64 = 45;
const BROWSERS: u64 = 30;

/// Something that is still to be done, and roughly how many seconds it takes.
type Part = (String, u64);

/// Says how long `cargo xtask run` takes, if that is long.
pub(crate) fn announce_run() -> Result<()> {
    announce(&page_and_server()?);
    Ok(())
}

/// Says how long these levels of tests take, if that is long. Of tests that a `filter` chooses nobody knows.
pub(crate) fn announce_tests(levels: &[Level], filter: Option<&str>) -> Result<()> {
    let needs = |level| levels.contains(&level);
    let mut parts = Vec::new();
    if needs(Level::Size) || needs(Level::E2e) {
        parts.extend(page_and_server()?);
    } else if needs(Level::Wasm) {
        parts.extend(missing(&of_the_page()?[..1])?);
    }
    if needs(Level::Wasm) {
        parts.extend(missing(&[wasm_pack()])?);
    }
    if needs(Level::E2e) {
        parts.extend(missing(&[geckodriver()])?);
    }
    if (needs(Level::Wasm) || needs(Level::E2e)) && !Browsers::are_here() {
        parts.push(("the browsers".to_owned(), BROWSERS));
    }
    let (mut compiling, mut running) = (0, 0);
    for cost in levels.iter().map(|level| Cost::of(*level)) {
        compiling += if cost.is_compiled()? { 0 } else { cost.compiling };
        running += cost.running;
    }
    parts.push(("compiling the tests".to_owned(), compiling));
    if filter.is_none() {
        parts.push(("the tests themselves".to_owned(), running));
    }
    announce(&parts);
    Ok(())
}

/// What a level of tests costs beside what it needs, in seconds.
struct Cost {
    compiling: u64,
    /// What the tests' program is called, less the hash, and where it is in the target folder.
    program: &'static str,
    running: u64,
}

impl Cost {
    fn of(level: Level) -> Cost {
        let (compiling, program, running) = match level {
            Level::Native => (160 + 160, "debug/deps/simulation-", 180 + 40),
            Level::Quick => (150, "debug/deps/simulation-", 15),
            Level::Wasm => (120, "wasm32-unknown-unknown/debug/deps/tincan_client-", 40),
            Level::Size => (0, "release/", 0),
            Level::E2e => (40, "debug/deps/e2e-", 15 * 60),
        };
        Cost { compiling, program, running }
    }

    fn is_compiled(&self) -> Result<bool> {
        let (folder, name) = self.program.rsplit_once('/').unwrap_or(("", self.program));
        let files = workspace::target_dir()?.join(folder).read_dir();
        Ok(files.is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with(name)))
        }))
    }
}

/// Returns what is still to be installed and built before there is a server with a page.
fn page_and_server() -> Result<Vec<Part>> {
    let mut parts = missing(&of_the_page()?)?;
    let target = workspace::target_dir()?;
    if !target.join("wasm32-unknown-unknown/wasm/deps").is_dir() {
        parts.push(("the page".to_owned(), PAGE));
    }
    if !target.join("release/deps").is_dir() {
        parts.push(("the server".to_owned(), SERVER));
    }
    Ok(parts)
}

fn missing(tools: &[tools::CargoTool]) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for tool in tools {
        if !tool.is_installed()? {
            parts.push((tool.program().to_owned(), tool.seconds()));
        }
    }
    Ok(parts)
}

fn announce(parts: &[Part]) {
    let all: u64 = parts.iter().map(|(_, seconds)| seconds).sum();
    if all < 60 {
        return;
    }
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, seconds)| *seconds > 0)
        .map(|(what, seconds)| format!("{what} {}", minutes(*seconds)))
        .collect();
    eprintln!("This takes {} on two cores: {}.", about(all), parts.join(", "));
    eprintln!("What is installed and built now is there the next time.");
}

/// Returns a time as a step says what to expect.
pub(crate) fn about(seconds: u64) -> String {
    format!("about {}", minutes(seconds))
}

fn minutes(seconds: u64) -> String {
    match (seconds + 15) / 30 {
        0 | 1 => "half a minute".to_owned(),
        2 => "a minute".to_owned(),
        halves if halves % 2 == 0 => format!("{} minutes", halves / 2),
        halves => format!("{}½ minutes", halves / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said = [20, 60, 90, 150, 480].map(about);
        let expected = ["half a minute", "a minute", "1½ minutes", "2½ minutes", "8 minutes"];
        assert_eq!(said, expected.map(|time| format!("about {time}")));
    }
}
