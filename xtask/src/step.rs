//! Prints a line before each piece of work that says what it is and how long it may take, and a line after
//! it.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Says what is about to happen, does it, and says how long it took. `expectation` says roughly how long that
/// is.
pub(crate) fn step<T>(what: &str, expectation: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n▶ {what} ({expectation})");
    let started = Instant::now();
    let result = work();
    let took = seconds(started.elapsed());
    match &result {
        Ok(_) => eprintln!("✔ {what}: done in {took}"),
        Err(_) => eprintln!("✘ {what}: failed after {took}"),
    }
    result
}

/// Says that something needed no work.
pub(crate) fn note(what: &str) {
    eprintln!("✔ {what}");
}

/// Returns a duration as people say it.
pub(crate) fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..10 => format!("{:.1} s", duration.as_secs_f32()),
        whole @ 10..100 => format!("{whole} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}
