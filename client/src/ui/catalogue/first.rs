//! The texts that the first load has, because it may show them.

use super::catalogue;
use super::pattern::{Pattern, check};
use super::phrase::Phrase;

catalogue! {
    after: (),
    // Everywhere
    language,
    tagline,
    stopped_title,
    stopped_text,
    reload,

    // What stands in the way from the beginning
    no_webrtc_title,
    no_webrtc_advice,
    not_secure_title,
    not_secure_advice,

    // Signing in
    start_intro,
    your_name,
    your_name_hint,
    sign_in,
    signing_in,
    refused_in_use(name),
    refused_empty,
    refused_too_long(max),
    refused_control_character,
    refused_server_full,
    refused_confusable(name),
    refused_too_many,
    refused_other,

    // The connection to the server
    server_unreachable,
    server_elsewhere(url),
    server_wrong_address,
    server_busy,
    server_no_websockets,
    server_not_running,
    server_lost,

    // Calling, and being called
    calling(name),
    is_calling(name),

    // In a call
    call_with(name),

    // Rooms, from outside
    room(name),
    start_room,
    start_room_hint,
    room_full,
    room_name_refused(max),

    // What can be done with lines
    wrote_a_message(name),

    // What comes after the first screen
    loading,
    loading_fails,
    newer_version,
    check_link,
}
