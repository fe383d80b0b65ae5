//! The page and its window: address, title, keys, clipboard, visibility, preferences, what the browser
//! supports.
//!
//! What belongs to a call, a device, a stream or a file has a folder of its own. Uses only `js`.

mod address;
mod attention;
mod clipboard;
mod crash_guard;
mod document;
mod keys;
mod leave;
mod pointer;
mod preferences;
mod resize;
mod support;
mod time_format;
mod user_activation;
mod visibility;

pub(crate) use address::base;
pub use address::{AddressWatch, CHECK_PATH, check_in_address, room_in_address, room_link, show_address};
pub use attention::{ask_to_notify, chime, may_notify, notify};
pub use clipboard::copy_text;
pub use crash_guard::STOPPED_DIALOG;
pub(crate) use crash_guard::{guard, release};
pub use document::{element_by_id, is_typing, set_language, set_title};
pub use keys::{Key, KeyWatch};
pub(crate) use leave::hear_page_leave;
pub use pointer::pointer_is_coarse;
pub use preferences::{preferred_languages, read_preference, write_preference};
pub use resize::ResizeWatch;
pub use support::{Support, support};
pub use time_format::{iso_time, local_time};
pub(crate) use user_activation::user_activation;
pub use visibility::{VisibilityWatch, page_is_visible};
