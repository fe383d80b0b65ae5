//! The elements that show and play streams, local and remote: `<video>`, `<audio>`, picture in picture,
//! fullscreen.
//!
//! `devices` and `connection`, which come after this, bring the streams. Uses only `js` and `page`.

mod elements;
mod fullscreen;
mod picture_in_picture;
mod sound;

pub use elements::{MediaElements, Source};
pub use fullscreen::{can_fullscreen, toggle_fullscreen};
pub use picture_in_picture::{can_picture_in_picture, toggle_picture_in_picture};
