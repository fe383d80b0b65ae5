//! Small drawings in buttons and notes. Each is beside a name in words, so screen readers skip it.

use yew::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Attach,
    Camera,
    CameraOff,
    Cross,
    Edit,
    Enlarge,
    Everybody,
    FullScreen,
    Gauge,
    Globe,
    HangUp,
    Invite,
    Keyboard,
    Message,
    Microphone,
    MicrophoneOff,
    Phone,
    PictureInPicture,
    Reply,
    Save,
    Screen,
    ScreenOff,
    Send,
    Settings,
    TakeBack,
    Tick,
    Unplugged,
    Warning,
    Weak,
}

/// Draws a glyph in the colour of the text around it.
pub(crate) fn icon(glyph: Glyph) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={strokes(glyph).concat()} />
        </svg>
    }
}

/// Returns the strokes of a glyph, on a field of 24 by 24.
fn strokes(glyph: Glyph) -> &'static [&'static str] {
    const CAMERA: &str = "M4.5 7h8.5a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4.5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2z\
        M15 11l6-3.5v9L15 13";
    const MICROPHONE: &str = "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3z\
        M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M8.5 21h7";
    const SLASH: &str = "M3.5 3l17 18";
    const SCREEN: &str = "M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4a1.5 1.5 0 0 1-1.5-1.5V6\
        A1.5 1.5 0 0 1 4 4.5zM8.5 20h7";
    match glyph {
        Glyph::Attach => &[
            "M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.7 17a1.7 1.7 0 0 1-2.4-2.4l7.5-7.5",
        ],
        Glyph::Camera => &[CAMERA],
        Glyph::CameraOff => &[CAMERA, SLASH],
        Glyph::Cross => &["M6 6l12 12M18 6L6 18"],
        Glyph::Edit => &["M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM14 6.5l3.5 3.5"],
        Glyph::Enlarge => &["M13.5 10.5L20 4M14.5 4H20v5.5M10.5 13.5L4 20M4 14.5V20h5.5"],
        Glyph::Everybody => &["M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"],
        Glyph::FullScreen => &["M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"],
        Glyph::Gauge => &["M3.5 18a8.5 8.5 0 1 1 17 0M12 17l4-5.5M3.5 18h2.5M18 18h2.5"],
        Glyph::Globe => &["M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18zM3.3 9.5h17.4M3.3 14.5h17.4\
            M12 3c-5 5-5 13 0 18c5-5 5-13 0-18z"],
        Glyph::HangUp => {
            &["M2.8 13.2c5-5.4 13.4-5.4 18.4 0l-1.9 3.4-4.1-1.4v-2.5a12 12 0 0 0-6.4 0v2.5l-4.1 1.4z"]
        }
        Glyph::Invite => {
            &["M10 4.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7zM3.5 20a6.5 6.5 0 0 1 13 0M18.5 8v6M15.5 11h6"]
        }
        Glyph::Keyboard => &["M4 6h16a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 20 18H4\
            a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 4 6zM6.5 10h.1M10 10h.1M13.5 10h.1M17 10h.1M8 14h8"],
        Glyph::Message => {
            &["M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8L6 20.5v-4H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"]
        }
        Glyph::Microphone => &[MICROPHONE],
        Glyph::MicrophoneOff => &[MICROPHONE, SLASH],
        Glyph::Phone => {
            &["M6.4 3.5h2.9l1.6 4.3-2 1.6a12.2 12.2 0 0 0 5.7 5.7l1.6-2 4.3 1.6v2.9a2 2 0 0 1-2.2 2\
            A16.3 16.3 0 0 1 4.4 5.7a2 2 0 0 1 2-2.2z"]
        }
        Glyph::PictureInPicture => &["M21 10V5H3v13h7M13 13h8v6h-8z"],
        Glyph::Reply => &["M9.5 6L4 11.5 9.5 17M4 11.5h9.5a6 6 0 0 1 6 6v1"],
        Glyph::Save => &["M12 4v11M7.5 10.5L12 15l4.5-4.5M4.5 19.5h15"],
        Glyph::Screen => &[SCREEN, "M12 13.5V8M9.5 10L12 7.5l2.5 2.5"],
        Glyph::ScreenOff => &[SCREEN, "M9.5 8l5 5M14.5 8l-5 5"],
        Glyph::Send => &["M4 4l17 8-17 8 3-8zM7 12h7"],
        Glyph::Settings => {
            &["M3.5 7h9M17.5 7h3M15 4.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5zM3.5 17h3M11.5 17h9\
            M9 14.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5z"]
        }
        Glyph::TakeBack => &["M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5.5M13.5 11v5.5"],
        Glyph::Tick => &["M5 12.5l4.5 4.5L19.5 7"],
        Glyph::Unplugged => {
            &["M7 3v5M13 3v5M4.5 8h11v3a5.5 5.5 0 0 1-11 0zM10 16.5V21M17.5 14.5l4 4M21.5 14.5l-4 4"]
        }
        Glyph::Warning => &["M12 4l9 16H3zM12 10v5M12 17.3v.4"],
        Glyph::Weak => &["M4 20v-3M9.5 20v-7M15 13V9M20.5 9V4M14 16l6 5M20 16l-6 5"],
    }
}
