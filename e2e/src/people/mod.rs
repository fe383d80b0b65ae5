//! What users do in most tests, in one line each. What only the tests of one file need stays in that file.

mod calls;
mod rooms;

pub use calls::{call, connect_by_text, open_two, sign_in_two};
pub use rooms::{meet, room_address};
