//! Which part of a long conversation is drawn.
//!
//! Lines are drawn by the block. What is far from what is seen is one empty box, as high as its blocks were when they
//! were last drawn, or are likely to be.

use std::collections::HashMap;
use std::ops::RangeInclusive;

/// How many lines a block has.
pub(super) const BLOCK: u64 = 32;
/// How high a line is likely to be, in CSS pixels: two rows, what stands above them, and the space between.
const LIKELY_LINE: f64 = 84.0;
/// How far beyond what is seen lines are drawn, in parts of what is seen.
const MARGIN: f64 = 1.5;

/// Blocks are numbered by the lines in them, so that one stays itself when the oldest lines are forgotten.
pub(super) fn block_of(line: u64) -> u64 {
    line / BLOCK
}

/// The heights that blocks had.
#[derive(Debug, Default)]
pub(super) struct Heights(HashMap<u64, f64>);

impl Heights {
    /// A block was drawn, and is so high.
    pub(super) fn measured(&mut self, block: u64, height: f64) {
        self.0.insert(block, height);
    }

    /// How high these are together.
    pub(super) fn of(&self, blocks: impl Iterator<Item = u64>) -> f64 {
        blocks.map(|block| self.0.get(&block).copied().unwrap_or(LIKELY_LINE * BLOCK as f64)).sum()
    }

    /// Which of `all` are to be drawn where what is seen begins at `top` and is `height` high.
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
