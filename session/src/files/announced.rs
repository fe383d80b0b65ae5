//! Files that the user has accepted before they were offered.

use tincan_shared::FileNotice;

use super::limits::MAX_TRUSTED;
use super::name::safe_name;

/// What of them hasn't been offered yet.
#[derive(Debug)]
pub(super) struct Announced {
    /// Its name, where it is only one. Of several only the first was named.
    name: Option<String>,
    count: u32,
    bytes: u64,
}

impl Announced {
    pub(super) fn new(notice: &FileNotice) -> Announced {
        let name = (notice.count == 1).then(|| safe_name(&notice.name));
        // Beyond that, each is asked about, as of somebody who is trusted.
        let count = notice.count.min(MAX_TRUSTED as u32);
        Announced { name, count, bytes: notice.bytes }
    }

    /// Returns whether a file is one of them. If it is, it counts as offered from now on.
    pub(super) fn take(&mut self, name: &str, size: u64) -> bool {
        let left = self.count.checked_sub(1).zip(self.bytes.checked_sub(size));
        let Some((count, bytes)) = left.filter(|_| self.name.as_ref().is_none_or(|only| only == name)) else {
            return false;
        };
        (self.count, self.bytes) = (count, bytes);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(name: &str, count: u32, bytes: u64) -> Announced {
        Announced::new(&FileNotice { name: name.to_owned(), count, bytes })
    }

    #[test]
    fn no_more_is_taken_than_was_announced() {
        for (announced, offers) in [
            (
                announced("../a.txt", 1, 3),
                vec![("b.txt", 3, false), ("_a.txt", 3, true), ("_a.txt", 0, false)],
            ),
            (announced("a", 1, 3), vec![("a", 4, false), ("a", 2, true), ("a", 1, false)]),
            (announced("a", 2, 5), vec![("b", 4, true), ("a", 2, false), ("c", 1, true), ("d", 0, false)]),
            (announced("a", 0, 5), vec![("a", 1, false)]),
            (announced("a", u32::MAX, 0), {
                let empty = vec![("a", 0, true); MAX_TRUSTED];
                [empty, vec![("a", 0, false)]].concat()
            }),
        ] {
            let mut announced = announced;
            for (name, size, taken) in offers {
                assert_eq!(announced.take(name, size), taken, "{name} of {size} bytes");
            }
        }
    }
}
