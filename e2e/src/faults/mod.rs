//! What breaks while people are connected, and what they notice: `cargo xtask faults`.
//!
//! `scenarios.rs` is the table of what is tried, and what each has to show. `measure.rs` has two or three
//! real browsers meet across a real network, and breaks something. `outcome.rs` judges and prints what was
//! seen. `faults.js` looks from inside the page.

mod measure;
mod outcome;
mod scenarios;

pub use measure::measure_fault;
pub use outcome::{FaultOutcome, shown_faults};
pub use scenarios::{FAULTS, FaultScenario};
