//! Explanations that both the first screen and the lobby need.

use tincan_shared::{LoginRefusal, MAX_NAME_CHARS, MAX_ROOM_NAME_CHARS};
use yew::prelude::*;

use crate::browser::Support;
use crate::ui::catalogue::{Catalogue, fill};
use crate::ui::parts::icon::{Glyph, icon};
use crate::ui::parts::phrase::named;

/// Draws a warning if something makes calls impossible.
pub(crate) fn support_note(support: Support, texts: &Catalogue) -> Html {
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

/// Says why somebody can't be called `name`.
pub(crate) fn refusal(name: &str, reason: LoginRefusal, texts: &Catalogue) -> Html {
    match reason {
        LoginRefusal::InUse => named(texts.refused_in_use, name.trim()),
        LoginRefusal::Empty => texts.refused_empty.into(),
        LoginRefusal::TooLong => filled(texts.refused_too_long, MAX_NAME_CHARS),
        LoginRefusal::ControlCharacter => texts.refused_control_character.into(),
        LoginRefusal::ServerFull => texts.refused_server_full.into(),
        LoginRefusal::RoomFull => texts.room_full.into(),
        LoginRefusal::RoomName => filled(texts.room_name_refused, MAX_ROOM_NAME_CHARS),
        LoginRefusal::Other => texts.refused_other.into(),
    }
}

/// Fills in the limit of a text, `{max}`.
pub(crate) fn filled(text: &str, max: usize) -> Html {
    fill(text, &[("max", &max.to_string())]).into()
}
