//! The page and its window: address, title, keys, clipboard, visibility, preferences, what the browser
//! supports.
//!
//! What belongs to a call, a device, a stream or a file has a folder of its own. Uses only `js`.

mod address;
mod attention;
mod back;
mod clipboard;
mod crash_guard;
mod document;
mod earlier;
mod keys;
mod last_name;
mod leave;
mod leave_guard;
mod pointer;
mod preferences;
mod resize;
mod restore;
mod support;
mod tab;
mod time_format;
mod user_activation;
mod version;
mod visibility;
mod waking;

pub(crate) use address::base;
pub use address::{AddressWatch, CHECK_PATH, check_in_address, room_in_address, room_link, show_address};
pub use attention::{ask_to_notify, chime, may_notify, notify};
pub use back::{BackCatch, drop_mark};
pub use clipboard::copy_text;
pub use crash_guard::STOPPED_DIALOG;
pub(crate) use crash_guard::{guard, release};
pub use document::{element_by_id, is_typing, set_language, set_title};
pub(crate) use earlier::{earlier, earlier_is_awaited, leave_for_next};
pub use keys::{Key, KeyWatch};
pub(crate) use last_name::{keep_name, take_name_of_another_tab};
pub(crate) use leave::{hear_page_leave, page_is_left};
pub(crate) use leave_guard::LeaveGuard;
pub use pointer::pointer_is_coarse;
pub use preferences::{preferred_languages, read_preference, write_preference};
pub use resize::ResizeWatch;
pub use restore::RestoreWatch;
pub use support::{Support, support};
pub(crate) use tab::{claim, tab_storage};
pub use time_format::{iso_time, local_time};
pub(crate) use user_activation::user_activation;
pub use version::{another_is_served, load_again, load_again_by_itself};
pub use visibility::{VisibilityWatch, page_is_visible};
pub(crate) use waking::hear_waking;
