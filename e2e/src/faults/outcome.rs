//! What a fault has shown: judged, and printed.

use std::fmt::Write as _;
use std::time::Duration;

use super::scenarios::FaultScenario;

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct FaultOutcome {
    /// The longest time without a new picture that each saw of another: who, of whom, how long. Not of
    /// whoever has loaded the page anew.
    pub gaps: Vec<(String, String, Duration)>,
    /// From the end of the fault until everybody saw everybody.
    pub back: Duration,
    /// What was wrong with the lines that were written before, meanwhile and after.
    pub lines: Vec<String>,
    /// How many there were.
    pub written: usize,
    /// Whether the file that was on its way came whole.
    pub file: Option<bool>,
}

impl FaultOutcome {
    /// Returns what is not as it has to be.
    pub fn faults(&self, scenario: &FaultScenario) -> Vec<String> {
        let mut faults = self.lines.clone();
        let bound = scenario.fault.takes_pictures(scenario.meeting) + scenario.longest_gap;
        let long = self.gaps.iter().filter(|(_, _, gap)| *gap > bound);
        faults.extend(long.map(|(who, whom, gap)| format!("{who} saw nothing new of {whom} for {gap:?}")));
        if self.back > scenario.back_within {
            faults.push(format!("back only after {:?}", self.back));
        }
        if self.file == Some(false) {
            faults.push("the file is not whole".to_owned());
        }
        faults
    }

    fn longest_gap(&self) -> Option<Duration> {
        self.gaps.iter().map(|(_, _, gap)| *gap).max()
    }
}

/// Returns the table of what was seen. What could not be measured has an error in place of the outcome.
pub fn shown_faults(rows: &[(&str, Result<FaultOutcome, String>)]) -> String {
    let mut table = String::from(
        "| scenario | longest time without a picture, ms | back after, ms | lines | file |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for (name, outcome) in rows {
        let _ = match outcome {
            Ok(outcome) => writeln!(
                table,
                "| {name} | {} | {} | {} of {} | {} |",
                outcome.longest_gap().map_or("–".to_owned(), |gap| gap.as_millis().to_string()),
                outcome.back.as_millis(),
                if outcome.lines.is_empty() { "once and in order, all" } else { "NOT all" },
                outcome.written,
                match outcome.file {
                    Some(true) => "whole",
                    Some(false) => "NOT whole",
                    None => "–",
                },
            ),
            Err(error) => writeln!(table, "| {name} | {} |", error.lines().next().unwrap_or_default()),
        };
    }
    table
}
