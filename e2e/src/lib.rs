//! The harness of the end-to-end tests: real browsers, driven as a user would, against the real server.
//!
//! Things on the page are found by the role and the name that the browser itself computes for assistive
//! technology (WebDriver's "Get Computed Role" and "Get Computed Label"); nothing waits for time, everything
//! waits for a condition. A condition that doesn't come true panics, and says what was on the page instead.

mod browser;
mod commands;
mod element;
mod files;
mod media;
mod options;
mod page;
mod plain_channel;
mod probe;
mod record;
mod report;
mod room;
mod server;
mod streams;
mod turn;
mod tutorial;
mod user;
mod wait;
mod wire;

pub use browser::Browser;
pub use element::{Element, Key};
pub use media::Picture;
pub use options::{Devices, Options, Theme};
pub use page::Page;
pub use plain_channel::plain_channel;
pub use probe::{Counts, DeviceFault, Kind};
pub use record::record;
pub use room::{meet, room_address};
pub use server::Server;
pub use streams::{Sent, each_with_each, everyone_meets_everyone, everyone_sees_everyone};
pub use tutorial::{TutorialClient, TutorialPage};
pub use user::{call, connect_by_text, open_two, sign_in_two};
pub use wait::{PATIENCE, until};
pub use wire::Wire;
