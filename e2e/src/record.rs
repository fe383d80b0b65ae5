//! Figures that a test measures beside what it asserts.

use std::env;
use std::fs::OpenOptions;
use std::io::Write as _;

use serde_json::{Value, json};

/// Prints numbers, and adds them as a line of JSON to `target/e2e-numbers.jsonl`.
///
/// # Panics
/// If they can't be written down.
pub fn record(what: &str, numbers: &Value) {
    let line = json!({ "what": what, "numbers": numbers });
    println!("{line}");
    let program = env::current_exe().expect("this program is a file");
    let target = program.ancestors().nth(3).expect("it is in target/PROFILE/deps");
    let path = target.join("e2e-numbers.jsonl");
    let mut file =
        OpenOptions::new().create(true).append(true).open(&path).expect("target/ can be written to");
    writeln!(file, "{line}").expect("the disk isn't full");
}
