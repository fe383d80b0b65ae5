//! Every text that a user can see or hear, in every language of the page.
//!
//! A text is a field of [`Catalogue`], so one that a language lacks does not compile. This module knows nothing of
//! Yew or the browser: its tests run natively.

mod en;
mod language;
mod pattern;
mod zh_hans;
mod zh_hant;

pub(crate) use language::Language;
pub(crate) use pattern::{Piece, fill, pieces};

macro_rules! catalogue {
    ($($(#[$attribute:meta])* $field:ident,)*) => {
        /// The texts of one language. A `{word}` in a text is a placeholder: see [`fill`].
        pub(crate) struct Catalogue {
            $($(#[$attribute])* pub(crate) $field: &'static str,)*
        }

        #[cfg(test)]
        impl Catalogue {
            /// Every text with its field's name.
            fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($field), self.$field),)*]
            }
        }
    };
}

catalogue! {
    // Everywhere
    language,
    tagline,
    you,
    /// Stands for the other side where their name is not known any more.
    dismiss,

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
    refused_in_use,
    refused_empty,
    refused_too_long,
    refused_control_character,
    refused_server_full,
    refused_other,

    // The connection to the server
    server_unreachable,
    server_lost,

    // Home
    signed_in_as,
    sign_out,
    call_heading,
    call_hint,
    name_to_call,
    name_to_call_missing,
    text_chat,
    voice_call,
    video_call,
    last_conversation,
    last_conversation_note,

    // Calling, and being called
    preparing,
    calling,
    ringing,
    cancel,
    incoming_call,
    incoming_text,
    incoming_voice,
    incoming_video,
    incoming_file,
    incoming_files,
    incoming_files_hint,
    and_more,
    is_calling,
    accept,
    accept_without_camera,
    decline,

    // In a call
    call_with,
    hang_up,
    connecting,
    connected,
    reconnecting,
    mute_microphone,
    unmute_microphone,
    turn_camera_on,
    turn_camera_off,
    call_controls,
    peer_muted,

    // Text
    conversation,
    conversation_empty,
    message,
    message_hint,
    send,
    line_too_long,
    sending,
    delivered,
    not_delivered,

    // Devices
    microphone_starting,
    microphone_denied,
    microphone_not_found,
    microphone_in_use,
    microphone_lost,
    microphone_failed,
    microphone_not_secure,
    camera_starting,
    camera_denied,
    camera_not_found,
    camera_in_use,
    camera_lost,
    camera_failed,
    camera_not_secure,

    // Why a call ended
    ended_declined,
    ended_declined_by_me,
    ended_files_refused,
    ended_files_refused_by_me,
    ended_busy,
    ended_no_answer,
    ended_missed,
    ended_unavailable,
    ended_yourself,
    ended_cancelled,
    ended_cancelled_by_me,
    ended_hung_up,
    ended_hung_up_by_me,
    ended_peer_lost,
    ended_server_lost,
    ended_offline,
    ended_no_connection,
    ended_connection_lost,

    // Everywhere
    close,
    back,

    // Rooms, from outside
    room,
    room_heading,
    start_room,
    start_room_hint,
    room_name,
    room_name_hint,
    guest_name_hint,
    joins_as,
    join,
    joining,
    left_room,
    camera_is_off,
    room_link,
    copy_link,
    link_copied,
    link_not_copied,
    qr_code,
    invite,
    invite_others,
    room_full,
    room_name_refused,
    room_elsewhere,
    room_refused,
    room_offline,

    // In a room
    leave,
    people,
    people_here,
    is_you,
    is_muted,
    is_weak,
    is_connecting,
    is_reconnecting,
    is_not_connected,
    alone,
    returning,
    renamed_by_room,
    missed_ring,
    not_connected_to,
    joined,
    left,
    renamed,

    // Pictures
    screen_of,
    your_screen,
    share_screen,
    stop_sharing,
    make_big,
    show_everybody,
    full_screen,
    picture_in_picture,

    // Devices and keys
    devices,
    settings,
    camera,
    microphone,
    speaker,
    microphone_level,
    default_device,
    device_number,
    noise_suppression,
    echo_cancellation,
    automatic_gain,
    background_blur,
    push_to_talk,
    talk_key,
    press_a_key,
    space_bar,
    single_key_shortcuts,
    keyboard_shortcuts,
    shortcuts_hint,
    write_message,
    show_conversation,
    show_new_lines,
    hide_conversation,
    you_are_muted,
    microphone_replaced,
    camera_replaced,
    screen_starting,
    screen_denied,
    screen_failed,

    // Connections
    connected_weakly,
    connections,
    each_way,
    path,
    direct,
    relayed,
    round_trip,
    lost,
    bitrate,
    screen,
    room_conversation_empty,
    room_message_hint,

    // What can be done with lines
    message_actions,
    reply,
    edit,
    take_back,
    react_with,
    edited,
    taken_back,
    replying_to,
    editing,
    earlier_message,
    is_typing,
    nothing_earlier,
    earlier_from,
    offers_earlier,
    offers_nothing,
    offer_earlier,
    save_conversation,
    delivered_to,
    delivered_to_all,
    wrote_a_message,
    sounds,
    notifications,
    notifications_refused,

    // What comes after the first screen
    loading,
    loading_fails,

    // Files
    files,
    attach_files,
    send_files_to,
    accept_file,
    refuse_file,
    accept_all_files,
    preview_of,
    pause,
    resume,
    retry,
    save_file,
    choose_again,
    file_from,
    file_to,
    file_offered,
    file_unanswered,
    file_queued,
    file_paused,
    file_paused_by_them,
    file_waiting,
    file_choose_again,
    file_not_the_same,
    file_here,
    file_refused,
    file_refused_by_me,
    file_refused_by_them,
    file_cancelled_by_me,
    file_cancelled_by_them,
    file_changed,
    file_unreadable,
    file_disk_full,
    file_their_disk_full,
    file_unwritable,
    file_mismatch,
    file_failed,
    file_forgotten,
    file_left,
    file_for_nobody,
    seconds_left,
    minutes_left,
    hours_left,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = pieces(text)
            .filter_map(|piece| match piece {
                Piece::Placeholder(name) => Some(name),
                Piece::Text(_) => None,
            })
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_uses_the_same_placeholders() {
        let english = Language::English.catalogue().entries();
        for language in Language::ALL {
            for ((field, original), (_, text)) in english.iter().zip(language.catalogue().entries()) {
                assert_eq!(placeholders(original), placeholders(text), "{field} in {}", language.tag());
            }
        }
    }

    #[test]
    fn no_text_is_empty_or_carries_stray_space() {
        for language in Language::ALL {
            for (field, text) in language.catalogue().entries() {
                assert!(!text.is_empty() && text.trim() == text, "{field} in {}: {text:?}", language.tag());
            }
        }
    }

    /// A copied English text in a Chinese catalogue is a translation that was forgotten.
    #[test]
    fn chinese_is_chinese() {
        let english = Language::English.catalogue().entries();
        for language in [Language::SimplifiedChinese, Language::TraditionalChinese] {
            for ((field, original), (_, text)) in english.iter().zip(language.catalogue().entries()) {
                assert_ne!(*original, text, "{field} in {}", language.tag());
            }
        }
    }
}
