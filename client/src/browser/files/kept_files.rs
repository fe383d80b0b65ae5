//! Keeps records of transfers beyond a reload of the page, in `sessionStorage`, which each tab has for
//! itself, once it is [claimed](crate::browser::page::claim). The files themselves are stored elsewhere.

use tincan_session::files::{Direction, Remembered, TransferId};

use crate::browser::js::now;
use crate::browser::page::{read_preference, tab_storage, write_preference};

const KEY: &str = "tincan.files";
/// In `localStorage`, for all tabs: when something was stored last.
const STORED: &str = "tincan.stored";
/// How long a record is kept: as long as what is stored of the file.
const MAX_AGE_MS: u64 = 24 * 60 * 60 * 1000;
/// More records than anybody is sent unasked. Beyond them, the oldest are forgotten.
const MAX_RECORDS: usize = 1_000;

/// Returns all records.
pub(super) fn all() -> Vec<Remembered> {
    let text = read();
    text.lines().filter_map(|line| parse(line, now().0)).collect()
}

/// Keeps a record, in place of an earlier one of the same transfer.
pub(super) fn keep(record: &Remembered) {
    if record.direction == Direction::Incoming {
        write_preference(STORED, &now().0.to_string());
    }
    change(record.id, Some(write(record, now().0)));
}

/// Notes that a file is whole, before the session hears of it: a reload must not ask for it again.
pub(super) fn keep_as_whole(id: TransferId) {
    if let Some(record) = all().into_iter().find(|record| record.id == id) {
        keep(&Remembered { whole: true, ..record });
    }
}

pub(super) fn forget(id: TransferId) {
    change(id, None);
}

fn change(id: TransferId, line: Option<String>) {
    let text = read();
    let id = id.to_string();
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.starts_with(&id)).collect();
    lines.extend(line.as_deref());
    let superfluous = lines.len().saturating_sub(MAX_RECORDS);
    if let Some(storage) = tab_storage() {
        // Private windows and full disks refuse. Then it is forgotten.
        let _ = storage.set_item(KEY, &lines[superfluous..].join("\n"));
    }
}

fn read() -> String {
    tab_storage().and_then(|storage| storage.get_item(KEY).ok()?).unwrap_or_default()
}

/// Returns whether any tab may have stored something that is, or will be, too old.
pub(super) fn may_be_stored() -> bool {
    let Some(at) = read_preference(STORED).and_then(|at| at.parse::<u64>().ok()) else { return false };
    // It was noted when the file began, which may have taken its time to arrive.
    if now().0.saturating_sub(at) > 3 * MAX_AGE_MS {
        // All of it is swept now, and nothing is left to sweep later.
        write_preference(STORED, "");
    }
    true
}

/// Writes one line. Neither a file's name nor a person's holds a control character.
fn write(record: &Remembered, now: u64) -> String {
    let direction = if record.direction == Direction::Incoming { "in" } else { "out" };
    let whole = if record.whole { "whole" } else { "" };
    let (size, now) = (record.size.to_string(), now.to_string());
    let mime = record.mime.as_deref().unwrap_or_default();
    let id = record.id.to_string();
    [&id, &now, direction, whole, &size, mime, &record.peer, &record.name].join("\t")
}

/// Reads one line. Returns `None` if it is too old, or something else wrote it.
fn parse(line: &str, now: u64) -> Option<Remembered> {
    let mut fields = line.split('\t');
    let id = TransferId::parse(fields.next()?)?;
    let at: u64 = fields.next()?.parse().ok()?;
    if now.saturating_sub(at) > MAX_AGE_MS {
        return None;
    }
    let direction = match fields.next()? {
        "in" => Direction::Incoming,
        "out" => Direction::Outgoing,
        _ => return None,
    };
    let whole = fields.next()? == "whole";
    let size = fields.next()?.parse().ok()?;
    let mime = fields.next().filter(|mime| !mime.is_empty()).map(str::to_owned);
    let peer = fields.next()?.to_owned();
    let name = fields.next()?.to_owned();
    Some(Remembered { id, direction, name, size, mime, peer, whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_until_it_is_old() {
        for (direction, mime, whole) in
            [(Direction::Incoming, Some("image/png"), true), (Direction::Outgoing, None, false)]
        {
            let record = Remembered {
                id: TransferId::from_random(7),
                direction,
                name: "a b.png".to_owned(),
                size: 9_007_199_254_740_991,
                mime: mime.map(str::to_owned),
                peer: "Anna 2".to_owned(),
                whole,
            };
            let line = write(&record, 1_000);
            assert_eq!(parse(&line, 2_000), Some(record));
            assert_eq!(parse(&line, 1_001 + MAX_AGE_MS), None);
        }
        for nonsense in ["", "x", "\t\t\t", "00000000000000000000000000000007\t1\tup\t\t1\t\ta\tb"] {
            assert_eq!(parse(nonsense, 0), None, "{nonsense}");
        }
    }
}
