//! What a failing test shows: what was on the page instead of what it waited for.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, thread};

use crate::page::Page;

/// More of the page's text than this says no more.
const MOST_TEXT: usize = 2_000;

/// The whole report on a condition that didn't come true.
pub(crate) async fn what_was_there_instead(page: &Page, what: &str, patience: Duration) -> String {
    let mut report =
        format!("in {}'s page, after {} s, this was not so: {what}\n", page.user(), patience.as_secs_f32());
    // The page may be why: then its browser doesn't answer, and that is worth saying, not panicking about.
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
            "return window.tincanProbe ? [...document.querySelectorAll('video')].map(tincanProbe.picture) : null;",
        ),
        ("errors", "return window.tincanProbe ? tincanProbe.errors : ['no probe'];"),
        ("held", "return window.tincanProbe ? tincanProbe.counts() : null;"),
    ] {
        if let Ok(answer) = page.try_run(script, vec![]).await {
            let _ = writeln!(report, "  {role}: {answer}");
        }
    }
    if let Ok(text) = page.try_run("return document.body.innerText;", vec![]).await {
        let text: String = text.as_str().unwrap_or_default().chars().take(MOST_TEXT).collect();
        let _ = writeln!(report, "  text:\n    {}", text.replace('\n', "\n    "));
    }
    if let Some(picture) = keep_picture(page).await {
        let _ = writeln!(report, "  picture: {}", picture.display());
    }
    report
}

/// A screenshot named after the test, in `target/e2e-failures/`.
async fn keep_picture(page: &Page) -> Option<PathBuf> {
    let png = page.client.screenshot().await.ok()?;
    let folder = env::current_exe().ok()?.ancestors().nth(3)?.join("e2e-failures");
    fs::create_dir_all(&folder).ok()?;
    let test = thread::current().name().unwrap_or("test").replace("::", ".");
    let path = folder.join(format!("{test}.{}.png", page.user()));
    fs::write(&path, png).ok()?;
    Some(path)
}
