//! Small drawings in buttons and notes. Each stands beside a name in words, so screen readers pass them over.

use yew::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Camera,
    CameraOff,
    Cross,
    Globe,
    HangUp,
    Message,
    Microphone,
    MicrophoneOff,
    Phone,
    Send,
    Unplugged,
    Warning,
}

#[derive(Properties, PartialEq)]
pub(crate) struct IconProps {
    pub(crate) glyph: Glyph,
}

/// Draws a glyph in the colour of the text around it.
#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            { for paths(props.glyph).iter().map(|path| html! { <path d={*path} /> }) }
        </svg>
    }
}

/// Strokes on a field of 24 by 24.
fn paths(glyph: Glyph) -> &'static [&'static str] {
    const CAMERA: &str = "M4.5 7h8.5a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4.5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2z";
    const LENS: &str = "M15 11l6-3.5v9L15 13";
    const CAPSULE: &str = "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3z";
    const STAND: &str = "M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M8.5 21h7";
    const SLASH: &str = "M3.5 3l17 18";
    const HANDSET: &str = "M6.4 3.5h2.9l1.6 4.3-2 1.6a12.2 12.2 0 0 0 5.7 5.7l1.6-2 4.3 1.6v2.9a2 2 0 0 1-2.2 2\
        A16.3 16.3 0 0 1 4.4 5.7a2 2 0 0 1 2-2.2z";
    match glyph {
        Glyph::Camera => &[CAMERA, LENS],
        Glyph::CameraOff => &[CAMERA, LENS, SLASH],
        Glyph::Cross => &["M6 6l12 12M18 6L6 18"],
        Glyph::Globe => &[
            "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z",
            "M3.3 9.5h17.4M3.3 14.5h17.4",
            "M12 3c-5 5-5 13 0 18c5-5 5-13 0-18z",
        ],
        Glyph::HangUp => {
            &["M2.8 13.2c5-5.4 13.4-5.4 18.4 0l-1.9 3.4-4.1-1.4v-2.5a12 12 0 0 0-6.4 0v2.5l-4.1 1.4z"]
        }
        Glyph::Message => {
            &["M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8L6 20.5v-4H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"]
        }
        Glyph::Microphone => &[CAPSULE, STAND],
        Glyph::MicrophoneOff => &[CAPSULE, STAND, SLASH],
        Glyph::Phone => &[HANDSET],
        Glyph::Send => &["M4 4l17 8-17 8 3-8z", "M7 12h7"],
        Glyph::Unplugged => {
            &["M7 3v5M13 3v5M4.5 8h11v3a5.5 5.5 0 0 1-11 0zM10 16.5V21", "M17.5 14.5l4 4M21.5 14.5l-4 4"]
        }
        Glyph::Warning => &["M12 4l9 16H3z", "M12 10v5M12 17.3v.4"],
    }
}
