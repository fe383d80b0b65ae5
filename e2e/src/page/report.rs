//! What a failing test prints: what was on the page instead of what the test waited for.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, thread};

use super::Page;

/// How many characters of the page's text go into the report. More of it tells no more.
const MAX_TEXT: usize = 2_000;

/// Returns the whole report on a condition that didn't come true.
pub(super) async fn what_was_there_instead(page: &Page, what: &str, timeout: Duration) -> String {
    let mut report =
        format!("in {}'s page, after {} s, this was not so: {what}\n", page.name(), timeout.as_secs_f32());
    // The page may be the reason: then its browser doesn't answer. The report says so instead of panicking.
    for (role, css) in [
        ("button", "button, [role=button]"),
        ("textbox", "input, textarea"),
        ("dialog", "dialog, [role=dialog], [role=alertdialog]"),
        ("video", "video"),
        ("log", "[role=log]"),
    ] {
        let names = page.names_now(css).await;
        let names = names.unwrap_or_else(|error| vec![format!("(the browser says: {error})")]);
        let _ = writeln!(report, "  {role}: {names:?}");
    }
    for (role, script) in [
        (
            "status",
            "return [...document.querySelectorAll('[role=status], output')].map((e) => e.textContent);",
        ),
        ("alert", "return [...document.querySelectorAll('[role=alert]')].map((e) => e.textContent);"),
        (
            "pictures",
            "return window.tincanProbe
                ? [...document.querySelectorAll('video')].map(tincanProbe.picture) : null;",
        ),
        ("errors", "return window.tincanProbe ? tincanProbe.errors : ['no probe'];"),
        ("held", "return window.tincanProbe ? tincanProbe.counts() : null;"),
    ] {
        if let Ok(answer) = page.try_run(script, vec![]).await {
            let _ = writeln!(report, "  {role}: {answer}");
        }
    }
    if let Ok(text) = page.try_run("return document.body.innerText;", vec![]).await {
        let text: String = text.as_str().unwrap_or_default().chars().take(MAX_TEXT).collect();
        let _ = writeln!(report, "  text:\n    {}", text.replace('\n', "\n    "));
    }
    if let Some(picture) = keep_picture(page).await {
        let _ = writeln!(report, "  picture: {}", picture.display());
    }
    report
}

/// Saves a screenshot named after the test in `target/e2e-failures/`, and returns its path.
async fn keep_picture(page: &Page) -> Option<PathBuf> {
    let png = page.client.screenshot().await.ok()?;
    let folder = env::current_exe().ok()?.ancestors().nth(3)?.join("e2e-failures");
    fs::create_dir_all(&folder).ok()?;
    let test = thread::current().name().unwrap_or("test").replace("::", ".");
    let path = folder.join(format!("{test}.{}.png", page.name()));
    fs::write(&path, png).ok()?;
    Some(path)
}
