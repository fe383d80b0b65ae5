//! Names of people, rooms, calls and files.

use tincan_server::fuzzing::name;
use tincan_session::fuzzing::file_name;
use tincan_shared::{CallId, MAX_NAME_CHARS, MAX_ROOM_NAME_CHARS, Name, RoomName, is_guest_address};

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(name) = Name::parse(text) {
        assert!((1..=MAX_NAME_CHARS).contains(&name.as_str().chars().count()));
        assert!(!is_guest_address(name.as_str()), "nobody signs in by a guest's address");
        assert_eq!(Name::parse(name.as_str()), Ok(name));
    }
    if let Ok(name) = RoomName::parse(text) {
        assert!((1..=MAX_ROOM_NAME_CHARS).contains(&name.as_str().chars().count()));
        assert_eq!(RoomName::parse(name.as_str()), Ok(name));
    }
    if let Ok(id) = CallId::parse(text) {
        assert_eq!(id.as_str(), text);
    }
    name(text);
    file_name(text);
}
