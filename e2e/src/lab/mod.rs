//! Calls across networks: `cargo xtask lab`.
//!
//! `scenarios.rs` is the table of what is tried, and what each has to show. `measure.rs` makes the call with
//! two real browsers, and `outcome.rs` judges and prints what was seen. `lab.js` looks from inside the page.

mod measure;
mod outcome;
mod scenarios;

pub use measure::measure;
pub use outcome::{Media, Outcome, Path, shown};
pub use scenarios::{SCENARIOS, Scenario};
