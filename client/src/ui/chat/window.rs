//! Which part of a long conversation is drawn.
//!
//! Lines are drawn in blocks. The blocks far from the visible part are one empty space. It is as high as they
//! were when they were last drawn, or as they are estimated to be.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use tincan_session::LineId;

/// How many lines a block has.
pub(super) const BLOCK: u64 = 32;
/// The estimated height of a line in CSS pixels: two rows, the row above them, and the space between.
const ESTIMATED_LINE: f64 = 84.0;
/// How far beyond the visible part lines are drawn, as a multiple of its height.
const MARGIN: f64 = 1.5;

/// Returns the block of a line. It follows from the line's number, so that blocks keep theirs when the oldest
/// lines are forgotten.
pub(super) fn block_of(line: LineId) -> u64 {
    line.0 / BLOCK
}

/// The heights of the blocks that have been drawn.
#[derive(Debug, Default)]
pub(super) struct Heights(HashMap<u64, f64>);

impl Heights {
    /// Remembers how high a block is.
    pub(super) fn measured(&mut self, block: u64, height: f64) {
        self.0.insert(block, height);
    }

    /// Returns how high these blocks are together.
    pub(super) fn of(&self, blocks: impl Iterator<Item = u64>) -> f64 {
        blocks.map(|block| self.0.get(&block).copied().unwrap_or(ESTIMATED_LINE * BLOCK as f64)).sum()
    }

    /// Returns which of `all` blocks are drawn if the visible part begins at `top` and is `height` high.
    pub(super) fn near(&self, all: RangeInclusive<u64>, top: f64, height: f64) -> RangeInclusive<u64> {
        let (from, to) = (top - height * MARGIN, top + height * (1.0 + MARGIN));
        let (mut first, mut last) = (*all.end(), *all.start());
        let mut begins = 0.0;
        for block in all {
            let ends = begins + self.of(std::iter::once(block));
            if ends >= from && begins <= to {
                first = first.min(block);
                last = last.max(block);
            }
            begins = ends;
        }
        first.min(last)..=last.max(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_is_near() {
        let mut heights = Heights::default();
        for block in 0..100 {
            heights.measured(block, 1_000.0);
        }
        assert_eq!(heights.near(0..=99, 0.0, 1_000.0), 0..=2);
        assert_eq!(heights.near(0..=99, 50_200.0, 1_000.0), 48..=52);
        assert_eq!(heights.near(0..=99, 99_000.0, 1_000.0), 97..=99);
        // What was forgotten takes no room.
        assert_eq!(heights.near(90..=99, 0.0, 1_000.0), 90..=92);
        assert_eq!(heights.of(0..10), 10_000.0);
    }

    #[test]
    fn something_is_drawn_wherever_one_looks() {
        let heights = Heights::default();
        for top in [-1e9, 0.0, 1e9, f64::NAN] {
            for all in [0..=0, 3..=9] {
                let near = heights.near(all.clone(), top, 0.0);
                assert!(all.contains(near.start()) && all.contains(near.end()), "{top} {near:?}");
            }
        }
    }
}
