//! Everything that touches the browser's objects.

mod address;
mod attention;
mod clipboard;
mod clock;
mod constraints;
mod device_list;
mod devices;
mod document;
mod events;
mod fullscreen;
mod gesture;
mod js;
mod keys;
mod link;
mod machinery;
mod microphone_level;
mod monitor;
mod page;
mod peer;
mod peer_events;
mod picture_in_picture;
mod pointer;
mod preferences;
mod quality;
mod random;
mod report;
mod resize;
mod save;
mod sending;
mod sound;
mod stage;
mod standard;
mod statistics;
mod support;
mod task;
mod time;
mod transceivers;
mod visibility;

pub use address::{AddressWatch, room_in_address, room_link, show_address};
pub use attention::{ask_to_notify, chime, may_notify, notify};
pub use clipboard::copy_text;
pub use clock::{iso_time, local_time};
pub use device_list::{DeviceInfo, DeviceList, DeviceWatch};
pub use document::{element_by_id, set_language, set_title};
pub use fullscreen::{can_fullscreen, toggle_fullscreen};
pub use keys::KeyWatch;
pub use monitor::{LevelWatch, Monitor, StatisticsWatch};
pub use picture_in_picture::{can_picture_in_picture, toggle_picture_in_picture};
pub use pointer::pointer_is_coarse;
pub use preferences::{preferred_languages, read_preference, write_preference};
pub use random::random_bits;
pub use resize::ResizeWatch;
pub use save::save_text;
pub use stage::{Source, Stage};
pub use statistics::{Picture, Statistics};
pub use support::{Support, can_blur, can_share_screen, support};
pub use visibility::{VisibilityWatch, page_is_visible};

pub(crate) use events::Events;
pub(crate) use machinery::Machinery;
pub(crate) use page::hear_page_leave;
pub(crate) use random::seed;
pub(crate) use time::now;

#[cfg(test)]
mod in_page_tests;
