//! The circumstances in which somebody opens the page.

use std::path::PathBuf;

use super::Browser;
use crate::network::Place;

/// What cameras and microphones the browser offers to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Devices {
    /// A camera with a moving picture and a microphone that beeps, and permission to use both. Ten pictures a
    /// second, since several such tests share a small machine. Firefox has a rate of its own.
    Fake,
    /// As [`Devices::Fake`], with twenty pictures a second: where what arrives is measured.
    Smooth,
    /// As [`Devices::Fake`], with three cameras and several microphones. All fake cameras show the same
    /// pattern.
    Several,
    /// As [`Devices::Fake`], but the microphone hums without a pause. Beeps are too short to be taken for
    /// speech.
    Humming,
    /// A microphone, but no camera on this machine.
    NoCamera,
    /// Neither camera nor microphone.
    None,
    /// Both are there, and the user has forbidden the camera to this page.
    CameraDenied,
    /// As [`Devices::Fake`], with a camera of five pictures a second: for many browsers on one small machine,
    /// each of which encodes its picture for all others.
    Slow,
    /// Both are there, and the user has forbidden both to this page.
    Denied,
}

/// What a browser tells others of its network addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    Told,
    /// Names of multicast DNS in their place, as of a page that may use neither microphone nor camera.
    ByName,
    /// None, as where a VPN's extension allows WebRTC nothing but proxies.
    Hidden,
}

/// Light or dark, as the operating system asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// The circumstances in which the page is opened. The defaults are those of most tests.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which browser.
    pub browser: Browser,
    /// The browser's preferred language, as in `navigator.language`.
    pub language: &'static str,
    /// Cameras and microphones.
    pub devices: Devices,
    /// Whether the browser has WebRTC at all. Only Chromium can be without.
    pub webrtc: bool,
    /// The address to open in place of the server's own: a [`crate::TcpProxy`]'s, or one that is no secure
    /// context.
    pub address: Option<String>,
    /// Where the browser runs, if not on this machine's own network. There it does what a user's does, and
    /// hides its addresses from pages.
    pub place: Option<Place>,
    /// The folder where downloads go.
    pub downloads: Option<PathBuf>,
    /// The theme that the operating system prefers. Only Chromium obeys.
    pub theme: Theme,
    /// Whether every certificate is trusted, as one of a known authority would be: also that of TURN, about
    /// which nobody is asked. Only Chromium obeys.
    pub trusts_certificates: bool,
    /// What the browser tells others of its network addresses. Only Chromium obeys.
    pub addresses: Addresses,
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
            place: None,
            downloads: None,
            theme: Theme::Light,
            trusts_certificates: false,
            addresses: Addresses::Told,
            size: (1280, 800),
        }
    }
}
