//! The local devices, as the browser and the session speak of them.

use std::ops::{Index, IndexMut};

use crate::ids::CaptureId;

/// What a track comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Device {
    Microphone,
    Camera,
    /// The picture of a screen, a window or a tab.
    Screen,
    /// The sound that belongs to [`Device::Screen`], where there is one.
    ScreenAudio,
}

impl Device {
    /// All, in the order of their media sections in a Tincan offer.
    pub const ALL: [Device; 4] = [Device::Microphone, Device::Camera, Device::Screen, Device::ScreenAudio];

    /// Returns whether it gives sound; otherwise it gives pictures.
    pub fn is_audio(self) -> bool {
        matches!(self, Device::Microphone | Device::ScreenAudio)
    }
}

/// One `T` for each device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PerDevice<T>([T; 4]);

impl<T> PerDevice<T> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

impl<T> Index<Device> for PerDevice<T> {
    type Output = T;

    fn index(&self, device: Device) -> &T {
        &self.0[device as usize]
    }
}

impl<T> IndexMut<Device> for PerDevice<T> {
    fn index_mut(&mut self, device: Device) -> &mut T {
        &mut self.0[device as usize]
    }
}

/// Which of microphone and camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Devices {
    pub microphone: bool,
    pub camera: bool,
}

impl Devices {
    /// Returns exactly this one.
    pub(crate) fn only(device: Device) -> Devices {
        Devices { microphone: device == Device::Microphone, camera: device == Device::Camera }
    }

    pub(crate) fn has(self, device: Device) -> bool {
        match device {
            Device::Microphone => self.microphone,
            Device::Camera => self.camera,
            Device::Screen | Device::ScreenAudio => false,
        }
    }
}

/// Names one local track: the device, and the capture that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId {
    pub device: Device,
    pub capture: CaptureId,
}

/// How microphone and camera are to be opened: for the constraints of `getUserMedia` (W3C Media Capture and
/// Streams, section 4.3). These are wishes: a device that is gone, or can't do it, is opened otherwise.
///
/// What belongs to one device is compared as a whole, so a new setting is never forgotten there.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CaptureSettings {
    pub microphone: MicrophoneSettings,
    pub camera: CameraSettings,
}

/// See [`CaptureSettings`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrophoneSettings {
    /// The `deviceId`; `None` for the browser's choice.
    pub device_id: Option<String>,
    /// `echoCancellation`
    pub echo_cancellation: bool,
    /// `noiseSuppression`
    pub noise_suppression: bool,
    /// `autoGainControl`
    pub auto_gain_control: bool,
}

impl Default for MicrophoneSettings {
    fn default() -> MicrophoneSettings {
        MicrophoneSettings {
            device_id: None,
            echo_cancellation: true,
            noise_suppression: true,
            auto_gain_control: true,
        }
    }
}

/// See [`CaptureSettings`].
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CameraSettings {
    /// The `deviceId`; `None` for the browser's choice.
    pub device_id: Option<String>,
    /// `backgroundBlur` (W3C Media Capture and Streams Extensions).
    pub background_blur: bool,
}

/// What became of a capture. A device that was not asked for is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    pub capture: CaptureId,
    pub microphone: Option<Result<(), DeviceError>>,
    pub camera: Option<Result<(), DeviceError>>,
    /// [`DeviceError::Denied`] where the user changed their mind.
    pub screen: Option<Result<(), DeviceError>>,
    /// `None` where the browser, or what is shown, has no sound.
    pub screen_audio: Option<Result<(), DeviceError>>,
}

impl Captured {
    /// Returns what became of one device.
    pub fn result(&self, device: Device) -> Option<Result<(), DeviceError>> {
        match device {
            Device::Microphone => self.microphone,
            Device::Camera => self.camera,
            Device::Screen => self.screen,
            Device::ScreenAudio => self.screen_audio,
        }
    }
}

/// How large a picture is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum PictureSize {
    /// Not at all.
    None,
    /// As one of many: up to about a quarter of a desktop window.
    Small,
    /// As large as there is room.
    #[default]
    Large,
}

/// Why a device can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// The user, or a rule of the browser's or system's, said no.
    Denied,
    /// There is none.
    NotFound,
    /// Another program has it.
    InUse,
    /// It was there and is gone.
    Lost,
    Other,
}
