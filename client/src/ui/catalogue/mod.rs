//! Every text that a user can see or hear, in every language of the page.
//!
//! The list below names each text once, with its gaps. A language that lacks a text does not compile. Neither
//! does one whose text lacks a gap, misspells it, or has one that isn't listed. Nothing here knows Yew or the
//! browser, so the tests run natively.

mod en;
mod language;
mod pattern;
mod phrase;
mod zh_hans;
mod zh_hant;

pub(crate) use language::Language;
use pattern::{Pattern, check};
pub(crate) use phrase::{Phrase, Piece};

/// Makes two structs of one list: what a language file writes ([`Texts`]), and what a component reads
/// ([`Catalogue`]).
///
/// A component reads `hang_up` as a field. `call_with(name)` has a gap, `{name}` in each language, and is a
/// method with that argument. Nothing else can be done with its field, so that no text with an open gap gets
/// onto the page.
macro_rules! catalogue {
    ($($text:ident $(($($gap:ident),+))?,)*) => {
        /// The texts of one language, as its file has them.
        struct Texts {
            $($text: &'static str,)*
        }

        /// The texts of one language, all of them with the right gaps.
        pub(crate) struct Catalogue {
            $(pub(crate) $text: field_type!($($($gap)+)?),)*
        }

        impl Catalogue {
            /// Checks every text. Panics if one has the wrong gaps, which stops the compiler in a `static`.
            const fn checked(texts: &Texts) -> Catalogue {
                $(check(
                    texts.$text,
                    &[$($(stringify!($gap)),+)?],
                    concat!("`", stringify!($text), "` must have these gaps and no other:"
                        $($(, " {", stringify!($gap), "}")+)?),
                );)*
                Catalogue { $($text: field!(texts.$text $(, $($gap)+)?),)* }
            }

            $(method!($text $($($gap)+)?);)*
        }

        #[cfg(test)]
        impl Texts {
            /// Returns every text with its name.
            fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($text), self.$text),)*]
            }
        }
    };
}

macro_rules! field_type {
    () => { &'static str };
    ($($gap:ident)+) => { Pattern };
}

macro_rules! field {
    ($text:expr) => {
        $text
    };
    ($text:expr, $($gap:ident)+) => {
        Pattern($text)
    };
}

macro_rules! method {
    ($text:ident) => {};
    ($text:ident $($gap:ident)+) => {
        pub(crate) fn $text<'a>(&self, $($gap: &'a str),+) -> Phrase<'a> {
            Phrase::new(self.$text, &[$(stringify!($gap)),+], [$($gap),+])
        }
    };
}

catalogue! {
    // Everywhere
    language,
    tagline,
    you,
    dismiss,
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

    // Home
    signed_in_as(name),
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
    preparing(name),
    calling(name),
    ringing(name),
    cancel,
    incoming_call(name),
    incoming_text,
    incoming_voice,
    incoming_video,
    incoming_file(name),
    incoming_files(name),
    incoming_files_hint,
    and_more(name, number),
    is_calling(name),
    accept,
    accept_without_camera,
    decline,

    // In a call
    call_with(name),
    hang_up,
    connecting(name),
    connected,
    reconnecting(name),
    mute_microphone,
    unmute_microphone,
    turn_camera_on,
    turn_camera_off,
    call_controls,
    peer_muted(name),

    // Text
    conversation,
    conversation_empty(name),
    message,
    message_hint(name),
    send,
    line_too_long,
    lines_waiting,
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
    ended_declined(name),
    ended_declined_by_me(name),
    ended_files_refused(name),
    ended_files_refused_by_me(name),
    ended_busy(name),
    ended_no_answer(name),
    ended_missed(name),
    ended_unavailable(name),
    ended_yourself,
    ended_cancelled(name),
    ended_cancelled_by_me(name),
    ended_hung_up(name),
    ended_hung_up_by_me(name),
    ended_peer_lost(name),
    ended_server_lost(name),
    ended_offline(name),
    ended_no_connection(name),
    ended_connection_lost(name),

    // Everywhere
    close,
    back,

    // Rooms, from outside
    room(name),
    room_heading,
    start_room,
    start_room_hint,
    room_name,
    room_name_hint,
    guest_name_hint,
    joins_as(name),
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
    room_name_refused(max),
    room_elsewhere,
    room_refused,
    room_offline,

    // In a room
    leave,
    people,
    people_here(count, max),
    is_you,
    is_guest,
    is_muted,
    is_weak,
    is_connecting,
    is_reconnecting,
    is_not_connected,
    alone,
    returning,
    renamed_by_room(name, new),
    missed_ring(name),
    not_connected_to(name),
    joined(name),
    left(name),
    renamed(name, new),

    // Pictures
    screen_of(name),
    your_screen,
    share_screen,
    stop_sharing,
    make_big(name),
    show_everybody,
    full_screen(name),
    picture_in_picture(name),

    // Devices and keys
    devices,
    settings,
    camera,
    microphone,
    speaker,
    microphone_level,
    default_device,
    device_number(name, number),
    noise_suppression,
    echo_cancellation,
    automatic_gain,
    background_blur,
    push_to_talk,
    talk_key(key),
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
    microphone_interrupted,
    camera_interrupted,
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
    message_actions(text),
    reply,
    edit,
    take_back,
    react_with(emoji),
    edited,
    taken_back(name),
    replying_to(name),
    editing,
    earlier_message,
    is_typing(name),
    nothing_earlier,
    earlier_from(name),
    passed_on_by(name),
    offers_earlier(name),
    offers_nothing(name),
    offer_earlier,
    save_conversation,
    delivered_to(name),
    delivered_to_all,
    wrote_a_message(name),
    sounds,
    notifications,
    notifications_refused,

    // What comes after the first screen
    loading,
    loading_fails,

    // Files
    files,
    attach_files,
    send_files_to(name),
    accept_file,
    refuse_file,
    accept_all_files(name),
    preview_of(name),
    picture_too_large,
    pause,
    resume,
    retry,
    save_file,
    file_saved,
    delete_file,
    delete_unsaved,
    keep_file,
    choose_again,
    file_from(name),
    file_to(name),
    file_offered,
    file_unanswered(name),
    file_queued,
    file_paused,
    file_paused_by_them(name),
    file_waiting(name),
    file_choose_again,
    file_not_the_same,
    file_here,
    file_refused(name),
    file_refused_by_me,
    file_refused_by_them(name),
    file_cancelled_by_me,
    file_cancelled_by_them(name),
    file_changed,
    file_unreadable,
    file_disk_full,
    file_their_disk_full(name),
    file_unwritable,
    file_mismatch,
    file_failed,
    file_forgotten(name),
    file_left(name),
    file_for_nobody(name),
    seconds_left(number),
    minutes_left(number),
    hours_left(number),
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: [(&str, &Texts); 2] = [("zh-Hans", &zh_hans::TEXTS), ("zh-Hant", &zh_hant::TEXTS)];

    /// The compiler evaluates the same function for each language.
    #[test]
    #[should_panic(expected = "`call_with` must have these gaps and no other: {name}")]
    fn a_misspelt_gap_does_not_compile() {
        Catalogue::checked(&Texts { call_with: "Call with {nmae}", ..en::TEXTS });
    }

    #[test]
    #[should_panic(expected = "`renamed` must have these gaps and no other: {name} {new}")]
    fn a_missing_gap_does_not_compile() {
        Catalogue::checked(&Texts { renamed: "{name} has another name.", ..en::TEXTS });
    }

    #[test]
    #[should_panic(expected = "`hang_up` must have these gaps and no other:")]
    fn a_gap_that_is_not_listed_does_not_compile() {
        Catalogue::checked(&Texts { hang_up: "Hang up on {name}", ..en::TEXTS });
    }

    #[test]
    fn no_text_is_empty_or_carries_stray_space() {
        for (language, texts) in CHINESE.into_iter().chain([("en", &en::TEXTS)]) {
            for (name, text) in texts.entries() {
                assert!(!text.is_empty() && text.trim() == text, "{name} in {language}: {text:?}");
            }
        }
    }

    /// A copied English text in a Chinese catalogue is a translation that was forgotten.
    #[test]
    fn chinese_is_chinese() {
        for (language, texts) in CHINESE {
            for ((name, original), (_, text)) in en::TEXTS.entries().into_iter().zip(texts.entries()) {
                assert_ne!(original, text, "{name} in {language}");
            }
        }
    }
}
