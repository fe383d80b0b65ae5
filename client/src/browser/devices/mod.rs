//! Microphones, cameras, speakers and screens: which there are, which are open, and how loud it is at the
//! microphone (W3C Media Capture and Streams, W3C Screen Capture).
//!
//! Sending their tracks to others belongs in `connection`. Uses only `js`, `page` and `media`.

mod capabilities;
mod constraints;
mod device_check;
mod device_list;
mod live_track;
mod local_tracks;
mod microphone_level;
mod recovery;

pub use capabilities::{can_blur, can_share_screen};
pub use device_check::check_device;
pub use device_list::{DeviceInfo, DeviceList, DeviceWatch};
pub(crate) use local_tracks::LocalTracks;
pub(crate) use microphone_level::{MicrophoneLevel, level};
pub(crate) use recovery::recover;
