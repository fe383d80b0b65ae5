//! The local microphone and camera: which are open, which are being opened, and why one is not.

use crate::effect::Effect;
use crate::input::{Captured, Device, DeviceError, Devices, TrackId};
use crate::view::{CallKind, DeviceView};

/// Both local devices.
#[derive(Debug)]
pub(crate) struct LocalMedia {
    captures: u32,
    microphone: State,
    camera: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Off,
    Starting { capture: u32 },
    On { capture: u32, enabled: bool },
    Failed(DeviceError),
}

pub(crate) const DEVICES: [Device; 2] = [Device::Microphone, Device::Camera];

impl Devices {
    /// What a call of this kind uses from the beginning.
    pub(crate) fn of(kind: CallKind) -> Devices {
        Devices { microphone: kind != CallKind::Text, camera: kind == CallKind::Video }
    }

    pub(crate) fn has(self, device: Device) -> bool {
        match device {
            Device::Microphone => self.microphone,
            Device::Camera => self.camera,
        }
    }
}

impl LocalMedia {
    pub(crate) fn new() -> LocalMedia {
        LocalMedia { captures: 0, microphone: State::Off, camera: State::Off }
    }

    fn state(&mut self, device: Device) -> &mut State {
        match device {
            Device::Microphone => &mut self.microphone,
            Device::Camera => &mut self.camera,
        }
    }

    fn get(&self, device: Device) -> State {
        match device {
            Device::Microphone => self.microphone,
            Device::Camera => self.camera,
        }
    }

    pub(crate) fn view(&self, device: Device) -> DeviceView {
        match self.get(device) {
            State::Off => DeviceView::Off,
            State::Starting { .. } => DeviceView::Starting,
            State::On { capture, enabled: true } => DeviceView::On { capture },
            State::On { capture, enabled: false } => DeviceView::Muted { capture },
            State::Failed(error) => DeviceView::Failed(error),
        }
    }

    /// The track to send, if the device is open.
    pub(crate) fn track(&self, device: Device) -> Option<TrackId> {
        match self.get(device) {
            State::On { capture, .. } => Some(TrackId { device, capture }),
            _ => None,
        }
    }

    /// Whether the microphone is silent because the user wants it so.
    pub(crate) fn muted(&self) -> bool {
        matches!(self.microphone, State::On { enabled: false, .. })
    }

    /// Whether a device is still being opened.
    pub(crate) fn starting(&self) -> bool {
        DEVICES.iter().any(|&device| matches!(self.get(device), State::Starting { .. }))
    }

    /// Opens those of `wanted` that are not open yet, in one capture, so that the browser asks once.
    pub(crate) fn start(&mut self, wanted: Devices, out: &mut Vec<Effect>) {
        let missing = |state| matches!(state, State::Off | State::Failed(_));
        let devices = Devices {
            microphone: wanted.microphone && missing(self.microphone),
            camera: wanted.camera && missing(self.camera),
        };
        if devices == Devices::default() {
            return;
        }
        self.captures += 1;
        for device in DEVICES.into_iter().filter(|&device| devices.has(device)) {
            *self.state(device) = State::Starting { capture: self.captures };
        }
        out.push(Effect::Capture { capture: self.captures, devices });
    }

    /// Takes what a capture brought. Answers the devices that are open now because of it; a track that nobody
    /// waits for any more is stopped.
    pub(crate) fn captured(&mut self, captured: &Captured, out: &mut Vec<Effect>) -> Devices {
        let capture = captured.capture;
        let mut opened = Devices::default();
        let results = [(Device::Microphone, captured.microphone), (Device::Camera, captured.camera)];
        for (device, result) in results {
            let waited_for = self.get(device) == State::Starting { capture };
            match result {
                Some(Ok(())) if waited_for => {
                    *self.state(device) = State::On { capture, enabled: true };
                    match device {
                        Device::Microphone => opened.microphone = true,
                        Device::Camera => opened.camera = true,
                    }
                }
                Some(Ok(())) => out.push(Effect::StopTrack(TrackId { device, capture })),
                Some(Err(error)) if waited_for => *self.state(device) = State::Failed(error),
                Some(Err(_)) | None => {}
            }
        }
        opened
    }

    /// Mutes or unmutes an open microphone. Answers `false` where it isn't open.
    pub(crate) fn enable_microphone(&mut self, on: bool, out: &mut Vec<Effect>) -> bool {
        let State::On { capture, enabled } = &mut self.microphone else { return false };
        if *enabled != on {
            *enabled = on;
            out.push(Effect::EnableTrack(TrackId { device: Device::Microphone, capture: *capture }, on));
        }
        true
    }

    /// Releases the device. Answers whether a track was open.
    pub(crate) fn stop(&mut self, device: Device, out: &mut Vec<Effect>) -> bool {
        let track = self.track(device);
        *self.state(device) = State::Off;
        out.extend(track.map(Effect::StopTrack));
        track.is_some()
    }

    /// A track ended by itself. Answers whether it was the one in use.
    pub(crate) fn ended(&mut self, track: TrackId, out: &mut Vec<Effect>) -> bool {
        let in_use = self.track(track.device) == Some(track);
        if in_use {
            self.stop(track.device, out);
            *self.state(track.device) = State::Failed(DeviceError::Lost);
        }
        in_use
    }

    /// Releases everything.
    pub(crate) fn stop_all(&mut self, out: &mut Vec<Effect>) {
        for device in DEVICES {
            self.stop(device, out);
        }
    }
}
