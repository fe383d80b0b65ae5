//! What a call has shown: judged, and printed.

use std::fmt::Write as _;

use super::scenarios::{Expected, ExpectedPath, Kind};

/// What was seen in a scenario.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// From `Accept` to both sides being connected, in milliseconds, for each of the calls.
    pub connected_ms: Vec<f64>,
    pub sides: [SideSeen; 2],
}

/// What was seen in the browser of one side.
#[derive(Clone, Debug, Default)]
pub struct SideSeen {
    pub browser: &'static str,
    pub path: Path,
    /// Whether the other's long text came as it was written.
    pub text_is_whole: bool,
    /// What came in, if the call had pictures and sound.
    pub media: Option<Media>,
}

/// The candidates in use, as the browser's statistics name them (RTCIceCandidateType).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    pub local: String,
    pub remote: String,
    /// The protocol by which this browser sends: to its relay, if its own candidate is relayed.
    pub over: String,
}

/// What came in during the time of measuring.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Media {
    pub pictures_a_second: f64,
    /// The last picture's.
    pub height: u64,
    pub kbit_a_second: f64,
    /// The part of the sound that was made up because it didn't come.
    pub concealed: f64,
    /// Whether it was anything but silence.
    pub is_heard: bool,
}

impl Path {
    fn is_relayed(&self) -> bool {
        self.local == "relay" || self.remote == "relay"
    }

    fn shown(&self) -> String {
        format!("{}/{} → {}", self.local, self.over, self.remote)
    }
}

impl Outcome {
    /// Returns the median of the times to connect.
    pub fn median_ms(&self) -> f64 {
        let mut sorted = self.connected_ms.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Returns what is not as it has to be.
    pub fn faults(&self, kind: Kind, expected: &Expected) -> Vec<String> {
        let mut faults = Vec::new();
        let slowest = self.connected_ms.iter().copied().fold(0.0, f64::max);
        if !(slowest > 0.0 && slowest <= expected.connected_within_ms) {
            faults.push(format!("connected after {slowest:.0} ms"));
        }
        for (index, side) in self.sides.iter().enumerate() {
            let who = ["a", "b"][index];
            let path = &side.path;
            let is_right = match expected.path {
                ExpectedPath::Direct => !path.is_relayed() && path.over == "udp",
                ExpectedPath::Relayed => path.is_relayed(),
                ExpectedPath::RelayedOver(over) => {
                    path.is_relayed() && (index == 1 || path.local == "relay" && path.over == over)
                }
            };
            if !is_right {
                faults.push(format!("{who}'s path is {}", path.shown()));
            }
            if !side.text_is_whole {
                faults.push(format!("{who} didn't get the text whole"));
            }
            match side.media {
                Some(media) => faults.extend(media.faults(expected).map(|fault| format!("{who}: {fault}"))),
                None if kind == Kind::Video => faults.push(format!("{who} has no pictures or sound")),
                None => {}
            }
        }
        faults
    }
}

impl Media {
    fn faults(&self, expected: &Expected) -> impl Iterator<Item = String> {
        let few = self.pictures_a_second < expected.pictures_a_second;
        let concealed = self.concealed > expected.concealed;
        let faults = [
            few.then(|| format!("{:.1} pictures a second", self.pictures_a_second)),
            concealed.then(|| format!("{:.0} % of the sound is made up", self.concealed * 100.0)),
            (!self.is_heard).then(|| "no sound".to_owned()),
        ];
        faults.into_iter().flatten()
    }
}

/// Returns the table of what was seen. What could not be measured has an error in place of the outcome.
pub fn shown(rows: &[(&str, Result<Outcome, String>)]) -> String {
    let mut table = String::from(
        "| scenario | browsers (caller first) | connected after, ms (slowest) | × open | path of a | \
         path of b | pictures/s | height | kbit/s | sound made up | text |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let open = rows.iter().find(|(name, _)| *name == "open-open");
    let open = open.and_then(|(_, outcome)| Some(outcome.as_ref().ok()?.median_ms()));
    for (name, outcome) in rows {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                let _ = writeln!(table, "| {name} | {} |", error.lines().next().unwrap_or_default());
                continue;
            }
        };
        let both = |show: fn(&Media) -> String| {
            let sides = outcome.sides.iter().map(|side| side.media.as_ref().map_or("–".to_owned(), show));
            sides.collect::<Vec<_>>().join(", ")
        };
        let [a, b] = &outcome.sides;
        let median = outcome.median_ms();
        let slowest = outcome.connected_ms.iter().copied().fold(0.0, f64::max);
        let _ = writeln!(
            table,
            "| {name} | {}, {} | {median:.0} ({slowest:.0}) | {} | {} | {} | {} | {} | {} | {} | {} |",
            a.browser,
            b.browser,
            open.map_or("–".to_owned(), |open| format!("{:.1}", median / open)),
            a.path.shown(),
            b.path.shown(),
            both(|it| format!("{:.1}", it.pictures_a_second)),
            both(|it| it.height.to_string()),
            both(|it| format!("{:.0}", it.kbit_a_second)),
            both(|it| {
                let heard = if it.is_heard { "" } else { " (silent)" };
                format!("{:.1} %{heard}", it.concealed * 100.0)
            }),
            if a.text_is_whole && b.text_is_whole { "whole" } else { "not whole" },
        );
    }
    table
}
