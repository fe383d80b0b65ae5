//! In what circumstances somebody opens the page.

use crate::browser::Browser;

/// What cameras and microphones the browser offers to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Devices {
    /// A camera with a moving picture and a microphone that beeps, and permission to use both.
    Fake,
    /// The same, three cameras of them, and several microphones. All fake cameras show the same pattern.
    Several,
    /// The same, but the microphone hums without a pause: beeps are too short to be taken for speech.
    Humming,
    /// A microphone, but no camera on this machine.
    NoCamera,
    /// Neither.
    None,
    /// Both are there, and the user has forbidden the camera to this page.
    CameraDenied,
    /// One of each that can be had, with a camera of five pictures a second: for many browsers on one small machine, each of
    /// which encodes its picture for all others.
    Slow,
    /// Both are there, and the user has forbidden both to this page.
    Denied,
}

/// Light or dark, as the operating system asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// The circumstances. The defaults are those of most tests.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which browser.
    pub browser: Browser,
    /// The browser's preferred language, as in `navigator.language`.
    pub language: &'static str,
    /// Cameras and microphones.
    pub devices: Devices,
    /// Whether the browser has WebRTC at all. Only Chromium can do without.
    pub webrtc: bool,
    /// The address to open in place of the server's own: a wire's, or one that is no secure context.
    pub address: Option<String>,
    /// What the operating system prefers. Only Chromium obeys.
    pub theme: Theme,
    /// Width and height of the page in CSS pixels. Only Chromium obeys.
    pub size: (u32, u32),
}

impl Default for Options {
    fn default() -> Self {
        Options {
            browser: Browser::Chromium,
            language: "en-US",
            devices: Devices::Fake,
            webrtc: true,
            address: None,
            theme: Theme::Light,
            size: (1280, 800),
        }
    }
}
