//! Says how long a long command will take, before it begins.

use anyhow::Result;

use crate::test::Level;
use crate::tools::{Browsers, geckodriver, of_the_page, wasm_pack};
use crate::{tools, workspace};

// Roughly how many seconds each part takes the first time, on two cores that do nothing else.
const CRATES_AND_TARGET: u64 = 20;
const FIRST_PAGE: u64 = 90;
const FIRST_SERVER: u64 = 80;
const BROWSERS: u64 = 60;
const FIRST_TESTS: u64 = 150;
const TESTS: u64 = 20 * 60;

/// Says how long `cargo xtask run` takes, if that is long.
pub(crate) fn announce_run() -> Result<()> {
    announce(page_and_server()?);
    Ok(())
}

/// Says how long `cargo xtask test` takes.
pub(crate) fn announce_test(level: Option<Level>) -> Result<()> {
    let needs = |one| level.is_none_or(|level| level == one);
    let mut parts = Vec::new();
    if needs(Level::Size) || needs(Level::E2e) {
        parts.extend(page_and_server()?);
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
    if !workspace::target_dir()?.join("debug/deps").read_dir().is_ok_and(|mut it| it.nth(2_000).is_some()) {
        parts.push(("compiling the tests".to_owned(), FIRST_TESTS));
    }
    if level.is_none() {
        parts.push(("the tests themselves".to_owned(), TESTS));
    }
    announce(parts);
    Ok(())
}

/// What is still to be installed and built before there is a server with a page.
fn page_and_server() -> Result<Vec<(String, u64)>> {
    let mut parts = missing(&of_the_page()?)?;
    let target = workspace::target_dir()?;
    if !target.join("wasm32-unknown-unknown/wasm/deps").is_dir() {
        parts.push(("the crates".to_owned(), CRATES_AND_TARGET));
        parts.push(("the page".to_owned(), FIRST_PAGE));
    }
    if !target.join("release/deps").is_dir() {
        parts.push(("the server".to_owned(), FIRST_SERVER));
    }
    Ok(parts)
}

fn missing(tools: &[tools::CargoTool]) -> Result<Vec<(String, u64)>> {
    let mut parts = Vec::new();
    for tool in tools {
        if !tool.is_installed()? {
            parts.push((tool.program().to_owned(), tool.seconds()));
        }
    }
    Ok(parts)
}

fn announce(parts: Vec<(String, u64)>) {
    let all: u64 = parts.iter().map(|(_, seconds)| seconds).sum();
    if all < 60 {
        return;
    }
    let parts: Vec<String> =
        parts.iter().map(|(what, seconds)| format!("{what} {}", minutes(*seconds))).collect();
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
