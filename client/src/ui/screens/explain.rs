//! Explanations that more than one screen needs.

use tincan_session::ServerTrouble;
use tincan_shared::{LoginRefusal, MAX_NAME_CHARS, MAX_ROOM_NAME_CHARS};
use yew::prelude::*;

use crate::browser::Support;
use crate::ui::catalogue::FirstCatalogue;
use crate::ui::parts::icon::{Glyph, icon};

/// Draws a warning if something makes calls impossible.
pub(crate) fn support_note(support: Support, texts: &FirstCatalogue) -> Html {
    let (title, advice) = match support {
        Support::Ready => return Html::default(),
        Support::NotSecure => (texts.not_secure_title, texts.not_secure_advice),
        Support::NoWebRtc => (texts.no_webrtc_title, texts.no_webrtc_advice),
    };
    html! {
        <div class="note note--warning" role="note">
            { icon(Glyph::Warning) }
            <div>
                <strong>{ title }</strong>
                <p>{ advice }</p>
            </div>
        </div>
    }
}

/// Says why the server can't be reached, and what to do. It names no address.
pub(crate) fn server_trouble(trouble: Option<&ServerTrouble>, texts: &FirstCatalogue) -> &'static str {
    match trouble {
        None => texts.server_unreachable,
        Some(ServerTrouble::WrongAddress(_)) => texts.server_wrong_address,
        Some(ServerTrouble::Busy) => texts.server_busy,
        Some(ServerTrouble::NoWebSockets) => texts.server_no_websockets,
        Some(ServerTrouble::NoServer) => texts.server_not_running,
        // It is said when the call is over: until then it goes on, and the name may be free again.
        Some(ServerTrouble::NameTaken) => texts.server_lost,
    }
}

/// Says why somebody can't be called `name`.
pub(crate) fn refusal(name: &str, reason: LoginRefusal, texts: &FirstCatalogue) -> Html {
    match reason {
        LoginRefusal::InUse => texts.refused_in_use(name.trim()).into(),
        LoginRefusal::Empty => texts.refused_empty.into(),
        LoginRefusal::TooLong => texts.refused_too_long(&MAX_NAME_CHARS.to_string()).into_string().into(),
        LoginRefusal::ControlCharacter => texts.refused_control_character.into(),
        LoginRefusal::ServerFull => texts.refused_server_full.into(),
        LoginRefusal::Confusable => texts.refused_confusable(name.trim()).into(),
        LoginRefusal::TooMany => texts.refused_too_many.into(),
        LoginRefusal::RoomFull => texts.room_full.into(),
        LoginRefusal::RoomName => room_name_refused(texts),
        LoginRefusal::Other => texts.refused_other.into(),
    }
}

/// Says what a room may be called.
pub(crate) fn room_name_refused(texts: &FirstCatalogue) -> Html {
    texts.room_name_refused(&MAX_ROOM_NAME_CHARS.to_string()).into_string().into()
}
