//! Files: those that the user has chosen, those that are stored, and their way from one page to another.
//!
//! `transfers` and what it uses are in the lazy part (see `client/src/ui/app/lazy.rs`), so no folder before
//! this one names them: a peer connection hands over the data channels of files through
//! [`FileSlot`](super::connection::FileSlot). What happens to a file is decided by the session.

mod chosen;
mod drop_guard;
mod kept_files;
mod object_url;
mod picture_url;
mod run;
mod save;
mod sources;
mod storage;
mod transfers;

pub use chosen::{ChosenFile, chosen_files, dropped_files, pasted_files};
pub(crate) use drop_guard::keep_page_when_files_are_dropped;
pub use picture_url::{NoPicture, PictureUrl};
#[cfg(test)]
pub(crate) use run::{FileReceiver, FileSender, RunEvent};
pub use save::save_text;
pub use sources::Sources;
#[cfg(test)]
pub(crate) use storage::{Storage, stored_file};
pub(crate) use transfers::Transfers;
