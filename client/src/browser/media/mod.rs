//! The elements that show and play streams, local and remote: `<video>`, `<audio>`, picture in picture,
//! fullscreen.
//!
//! `devices` and `connection`, which are above this, bring the streams. Uses only `js` and `page`.

mod fullscreen;
mod picture_in_picture;
mod sound;
mod stage;

pub use fullscreen::{can_fullscreen, toggle_fullscreen};
pub use picture_in_picture::{can_picture_in_picture, toggle_picture_in_picture};
pub use stage::{Source, Stage};
