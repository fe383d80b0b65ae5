//! Everything that touches the browser's objects.
//!
//! Each folder uses only folders before it in this list: `js`, `page`, `media`, `devices`, `connection`,
//! `files`. `EffectRunner` uses them all. A folder names only what the `mod.rs` of another re-exports, and
//! `ui/` and `runtime.rs` name only what this file re-exports.

mod connection;
mod devices;
mod effect_runner;
mod files;
mod js;
mod media;
mod page;

pub(crate) use connection::FileEffects;
pub use connection::{
    Gathered, LevelWatch, Monitor, Picture, RelayFault, ServerFault, Statistics, StatisticsWatch, Transport,
    check_relay, check_server, gather, lan_address, relay_by,
};
pub(crate) use devices::recover;
pub use devices::{DeviceInfo, DeviceList, DeviceWatch, can_blur, can_share_screen, check_device};
pub(crate) use effect_runner::EffectRunner;
pub use files::{
    ChosenFile, NoPicture, PictureUrl, Sources, chosen_files, dropped_files, pasted_files, save_text,
};
pub(crate) use files::{Transfers, keep_page_when_files_are_dropped};
pub use js::random_bits;
pub(crate) use js::{Events, lower_case, now};
pub use media::{
    MediaElements, Source, can_fullscreen, can_picture_in_picture, toggle_fullscreen,
    toggle_picture_in_picture,
};
pub use page::{
    AddressWatch, BackCatch, CHECK_PATH, Key, KeyWatch, ResizeWatch, RestoreWatch, STOPPED_DIALOG, Support,
    VisibilityWatch, another_is_served, ask_to_notify, check_in_address, chime, copy_text, drop_mark,
    element_by_id, is_typing, iso_time, load_again, load_again_by_itself, local_time, may_notify, notify,
    page_is_visible, pointer_is_coarse, preferred_languages, read_preference, room_in_address, room_link,
    set_language, set_title, show_address, support, write_preference,
};
pub(crate) use page::{
    LeaveGuard, claim, earlier, earlier_is_awaited, hear_page_leave, hear_waking, keep_name, leave_for_next,
    page_is_left, take_name_of_another_tab,
};

#[cfg(test)]
mod in_page_tests;
