//! Everything that touches the browser's objects.

mod clock;
mod devices;
mod document;
mod events;
mod link;
mod machinery;
mod page;
mod peer;
mod pointer;
mod preferences;
mod resize;
mod stage;
mod support;
mod time;

pub use clock::{iso_time, local_time};
pub use document::{element_by_id, set_language, set_title};
pub use pointer::pointer_is_coarse;
pub use preferences::{preferred_languages, read_preference, write_preference};
pub use resize::ResizeWatch;
pub use stage::{Source, Stage};
pub use support::{Support, support};

pub(crate) use events::Events;
pub(crate) use machinery::Machinery;
pub(crate) use page::hear_page_leave;
pub(crate) use time::{now, seed};

#[cfg(test)]
mod in_page_tests;
