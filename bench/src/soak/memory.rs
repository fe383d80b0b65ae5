//! The server's memory over time.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::time::sleep;

use super::victim::Victim;

/// A measure each second.
const EVERY: Duration = Duration::from_secs(1);
/// What a busy server's memory may do by itself: buffers of threads, and the allocator's reserve.
const NOISE_KIB: f64 = 2048.0;

pub(crate) struct Memory {
    /// Seconds since the beginning, and KiB.
    measures: Vec<(f64, f64)>,
    processor: Duration,
    took: Duration,
}

impl Memory {
    pub(crate) async fn watch(victim: &Victim, time: Duration) -> Result<Memory> {
        let (began, processor) = (Instant::now(), victim.processor_time()?);
        let mut measures = Vec::new();
        while began.elapsed() < time {
            sleep(EVERY).await;
            measures.push((began.elapsed().as_secs_f64(), victim.memory()? as f64 / 1024.0));
        }
        Ok(Memory { measures, processor: victim.processor_time()? - processor, took: began.elapsed() })
    }

    /// Returns the measures once everybody had come.
    fn steady(&self) -> &[(f64, f64)] {
        &self.measures[self.measures.len() / 4..]
    }

    /// Returns the slope of the line that fits them best, in KiB an hour.
    fn slope(&self) -> f64 {
        let steady = self.steady();
        let mean =
            |of: fn(&(f64, f64)) -> f64| steady.iter().map(of).sum::<f64>() / steady.len().max(1) as f64;
        let (time, memory) = (mean(|it| it.0), mean(|it| it.1));
        let covariance: f64 = steady.iter().map(|it| (it.0 - time) * (it.1 - memory)).sum();
        let variance: f64 = steady.iter().map(|it| (it.0 - time).powi(2)).sum();
        3600.0 * covariance / variance.max(f64::EPSILON)
    }

    /// Returns the medians of the first and of the last fifth of the steady ones.
    fn first_and_last(&self) -> (f64, f64) {
        let steady = self.steady();
        let fifth = (steady.len() / 5).max(1);
        let median = |part: &[(f64, f64)]| {
            let mut values: Vec<f64> = part.iter().map(|it| it.1).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        (median(&steady[..fifth.min(steady.len())]), median(&steady[steady.len().saturating_sub(fifth)..]))
    }

    /// # Errors
    /// If it grew by more than a tenth, and by more than it does by itself.
    pub(crate) fn judge(&self) -> Result<()> {
        let (first, last) = self.first_and_last();
        ensure!(last <= first * 1.1 + NOISE_KIB, "the memory grew from {first:.0} to {last:.0} KiB");
        Ok(())
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.first_and_last();
        let most = self.measures.iter().map(|it| it.1).fold(0.0, f64::max);
        write!(
            f,
            "resident memory in {:.0} s without a kill: {first:.0} KiB at first, {last:.0} at last, \
             {most:.0} at most; slope {:.0} KiB an hour; {:.0} % of a processor",
            self.took.as_secs_f64(),
            self.slope(),
            100.0 * self.processor.as_secs_f64() / self.took.as_secs_f64().max(f64::EPSILON),
        )
    }
}
