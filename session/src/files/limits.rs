//! How much of everything there may be.

/// The largest file, in bytes: the largest whole number that JavaScript counts to.
pub const MAX_FILE_BYTES: u64 = (1 << 53) - 1;
/// Windows are whole numbers of this, in bytes.
pub(super) const CHUNK_BYTES: u64 = 16 * 1024;
/// How many transfers run at a time with one person in each direction.
pub const MAX_RUNNING: usize = 3;
/// How many transfers to one person may be open: offered, or not yet ended. Further ones are offered as these
/// end.
pub const MAX_OPEN: usize = 100;

/// How many unfinished ones of one person are kept. More than [`MAX_OPEN`], since some may be left of before
/// a reload.
pub(super) const MAX_UNFINISHED: usize = 2 * MAX_OPEN;
/// How many that have ended without a file are shown of one person; the oldest are forgotten.
pub(super) const MAX_ENDED: usize = 200;
/// How many files the user may have on their way to others.
pub(super) const MAX_OUTGOING: usize = 2_000;
/// How many of one person's files are accepted unasked. Then the user is asked again: whoever is trusted with
/// files isn't trusted with all the disk's file entries.
pub(super) const MAX_TRUSTED: usize = 500;
/// How many bytes these may have together.
pub(super) const MAX_TRUSTED_BYTES: u64 = 2 * 1024 * 1024 * 1024;

const LEAST_WINDOW_BYTES: u64 = 256 * 1024;
const MOST_WINDOW_BYTES: u64 = 4 * 1024 * 1024;
/// A cut loses at most the window, which is to be well below a hundredth of a large file. Half of this was an
/// eighth slower between two pages on one machine.
const WINDOWS_PER_FILE: u64 = 200;

/// Returns how many bytes of a file of `size` bytes may be on their way, not yet acknowledged as written: a
/// whole number of 16 KiB. What is sent twice after a cut is at most this.
pub fn window_bytes(size: u64) -> u64 {
    let window = (size / WINDOWS_PER_FILE).clamp(LEAST_WINDOW_BYTES, MOST_WINDOW_BYTES);
    window.next_multiple_of(CHUNK_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_grows_with_the_file_between_its_bounds() {
        const MIB: u64 = 1024 * 1024;
        for (size, window) in [
            (0, LEAST_WINDOW_BYTES),
            (50 * MIB + 200, LEAST_WINDOW_BYTES + CHUNK_BYTES),
            (200 * MIB, MIB),
            (200 * MIB + 200, MIB + CHUNK_BYTES),
            (100_000 * MIB, MOST_WINDOW_BYTES),
            (MAX_FILE_BYTES, MOST_WINDOW_BYTES),
        ] {
            assert_eq!(window_bytes(size), window, "{size}");
        }
        // Under a hundredth of whatever is large enough for it to matter.
        assert!((26 * MIB..3_000 * MIB).step_by(1_000_003).all(|size| window_bytes(size) * 100 < size));
    }
}
