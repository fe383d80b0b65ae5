//! The local devices: which are open, which are being opened, and why one is not.

use crate::device::{CaptureSettings, Captured, Device, DeviceError, Devices, PerDevice, TrackId};
use crate::effect::Effect;
use crate::ids::CaptureId;
use crate::system_mute::SystemMute;
use crate::time::Time;
use crate::view::{DeviceView, LocalMediaView};

/// Microphone, camera, and a screen that is shown.
#[derive(Debug)]
pub(crate) struct LocalMedia {
    captures: u32,
    settings: CaptureSettings,
    states: PerDevice<State>,
    muted_by_system: PerDevice<Option<SystemMute>>,
    /// Pulled out while in use, and replaced by another: not yet read by the user.
    replaced: Option<Device>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Off,
    Starting {
        capture: CaptureId,
        enabled: bool,
        /// It takes the place of a track that ended by itself.
        fallback: bool,
    },
    On {
        capture: CaptureId,
        enabled: bool,
        /// It took the place of a track that ended by itself.
        fallback: bool,
        /// The capture that is to take its place, once it is there.
        replacement: Option<CaptureId>,
    },
    Failed(DeviceError),
}

/// What a capture changed.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The devices that have a new track, or none in the place of one that ended.
    pub(crate) devices: Vec<Device>,
    /// The tracks whose place was taken: to be stopped once nothing sends them any more.
    pub(crate) stale: Vec<TrackId>,
}

impl LocalMedia {
    pub(crate) fn new() -> LocalMedia {
        LocalMedia {
            captures: 0,
            settings: CaptureSettings::default(),
            states: PerDevice::default(),
            muted_by_system: PerDevice::default(),
            replaced: None,
        }
    }

    pub(crate) fn view(&self) -> LocalMediaView {
        let view = |device| match self.states[device] {
            State::Off => DeviceView::Off,
            State::Starting { .. } => DeviceView::Starting,
            State::On { capture, enabled: true, .. } if self.interrupted(device) => {
                DeviceView::Interrupted { capture }
            }
            State::On { capture, enabled: true, .. } => DeviceView::On { capture },
            State::On { capture, enabled: false, .. } => DeviceView::Muted { capture },
            State::Failed(error) => DeviceView::Failed(error),
        };
        LocalMediaView {
            microphone: view(Device::Microphone),
            camera: view(Device::Camera),
            screen: view(Device::Screen),
            replaced: self.replaced,
        }
    }

    /// The user knows that a device was replaced.
    pub(crate) fn dismiss_note(&mut self) {
        self.replaced = None;
    }

    /// Returns the track to send, if the device is open. A camera that the system has stopped sends none, as
    /// if it were off; a microphone is said to be muted.
    pub(crate) fn track(&self, device: Device) -> Option<TrackId> {
        self.open(device).filter(|_| device != Device::Camera || !self.interrupted(device))
    }

    fn open(&self, device: Device) -> Option<TrackId> {
        match self.states[device] {
            State::On { capture, .. } => Some(TrackId { device, capture }),
            _ => None,
        }
    }

    /// Returns whether the microphone is silent, because the user wants it so or the system does.
    pub(crate) fn muted(&self) -> bool {
        let by_user = matches!(self.states[Device::Microphone], State::On { enabled: false, .. });
        by_user || self.interrupted(Device::Microphone)
    }

    /// Returns whether the system gives nothing of a device that is open.
    fn interrupted(&self, device: Device) -> bool {
        let mute = self.muted_by_system[device].filter(SystemMute::is_noticed);
        mute.is_some_and(|mute| self.open(device) == Some(TrackId { device, capture: mute.capture }))
    }

    /// The system has muted a track, or gives its device back. Returns whether that changes what is sent.
    pub(crate) fn system_mutes(&mut self, track: TrackId, muted: bool, now: Time) -> bool {
        if self.open(track.device) != Some(track) {
            return false;
        }
        let before = self.interrupted(track.device);
        let mute = &mut self.muted_by_system[track.device];
        // Said twice, it has begun the first time.
        let known = mute.filter(|mute| mute.capture == track.capture);
        *mute = muted.then(|| known.unwrap_or_else(|| SystemMute::new(track.capture, now)));
        before != self.interrupted(track.device)
    }

    /// The page came into sight. What doesn't come back by itself soon is opened anew.
    pub(crate) fn page_shown(&mut self, now: Time) {
        for device in Device::ALL {
            if let Some(mute) = &mut self.muted_by_system[device] {
                mute.page_shown(now);
            }
        }
    }

    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.muted_by_system.iter().flatten().filter_map(SystemMute::next_timeout).min()
    }

    /// Returns the devices of which something else is sent from now on.
    pub(crate) fn tick(&mut self, now: Time, out: &mut Vec<Effect>) -> Vec<Device> {
        let mut changed = Vec::new();
        for device in Device::ALL {
            let Some(mute) = &mut self.muted_by_system[device] else { continue };
            let (noticed, reopens) = (mute.take_notice(now), mute.take_reopen(now));
            if noticed && self.interrupted(device) {
                changed.push(device);
            }
            if reopens {
                self.reopen(device, out);
            }
        }
        changed
    }

    /// Opens a device anew that the system gives nothing of. What there is goes on until the new is there.
    fn reopen(&mut self, device: Device, out: &mut Vec<Effect>) {
        let idle = matches!(self.states[device], State::On { replacement: None, .. });
        if !idle || !self.interrupted(device) {
            return;
        }
        let capture = self.capture(Devices::only(device), out);
        if let State::On { replacement, .. } = &mut self.states[device] {
            *replacement = capture;
        }
    }

    /// Returns whether the microphone or the camera is still being opened.
    pub(crate) fn starting(&self) -> bool {
        [Device::Microphone, Device::Camera]
            .into_iter()
            .any(|device| matches!(self.states[device], State::Starting { .. }))
    }

    /// Opens those of `wanted` that are not open yet, in one capture, so that the browser asks once.
    pub(crate) fn start(&mut self, wanted: Devices, out: &mut Vec<Effect>) {
        let missing = |device| matches!(self.states[device], State::Off | State::Failed(_));
        let devices = Devices {
            microphone: wanted.microphone && missing(Device::Microphone),
            camera: wanted.camera && missing(Device::Camera),
        };
        let Some(capture) = self.capture(devices, out) else { return };
        for device in Device::ALL.into_iter().filter(|&device| devices.has(device)) {
            self.states[device] = State::Starting { capture, enabled: true, fallback: false };
        }
    }

    fn capture(&mut self, devices: Devices, out: &mut Vec<Effect>) -> Option<CaptureId> {
        if devices == Devices::default() {
            return None;
        }
        let (capture, settings) = (self.new_capture(), self.settings.clone());
        out.push(Effect::Capture { capture, devices, settings });
        Some(capture)
    }

    fn new_capture(&mut self) -> CaptureId {
        self.captures += 1;
        CaptureId(self.captures)
    }

    /// Has the user choose a screen, unless one is shown or being chosen.
    pub(crate) fn start_screen(&mut self, out: &mut Vec<Effect>) {
        if matches!(self.states[Device::Screen], State::Off | State::Failed(_)) {
            let capture = self.new_capture();
            let starting = State::Starting { capture, enabled: true, fallback: false };
            self.states[Device::Screen] = starting;
            self.states[Device::ScreenAudio] = starting;
            out.push(Effect::CaptureScreen { capture });
        }
    }

    /// Opens devices in this way from now on. What is open is opened a second time; the first goes on until
    /// the second is there.
    pub(crate) fn configure(&mut self, settings: CaptureSettings, out: &mut Vec<Effect>) {
        let old = std::mem::replace(&mut self.settings, settings);
        let open = |device| matches!(self.states[device], State::On { .. } | State::Starting { .. });
        let devices = Devices {
            microphone: old.microphone != self.settings.microphone && open(Device::Microphone),
            camera: old.camera != self.settings.camera && open(Device::Camera),
        };
        let Some(capture) = self.capture(devices, out) else { return };
        for device in Device::ALL.into_iter().filter(|&device| devices.has(device)) {
            match &mut self.states[device] {
                State::Starting { capture: waited_for, .. } => *waited_for = capture,
                State::On { replacement, .. } => *replacement = Some(capture),
                State::Off | State::Failed(_) => {}
            }
        }
    }

    /// Takes what a capture brought. A track that nobody waits for any more is stopped.
    pub(crate) fn captured(&mut self, captured: &Captured, out: &mut Vec<Effect>) -> Opened {
        let mut opened = Opened::default();
        for device in Device::ALL {
            self.captured_one(device, captured.capture, captured.result(device), &mut opened, out);
        }
        opened
    }

    fn captured_one(
        &mut self,
        device: Device,
        number: CaptureId,
        result: Option<Result<(), DeviceError>>,
        opened: &mut Opened,
        out: &mut Vec<Effect>,
    ) {
        let on = |enabled, fallback| State::On { capture: number, enabled, fallback, replacement: None };
        match (self.states[device], result) {
            (State::Starting { capture, enabled, fallback }, Some(Ok(()))) if capture == number => {
                self.states[device] = on(enabled, fallback);
                if fallback {
                    self.replaced = Some(device);
                }
                if !enabled {
                    out.push(Effect::EnableTrack(TrackId { device, capture }, false));
                }
                opened.devices.push(device);
            }
            (State::Starting { capture, fallback, .. }, Some(Err(error))) if capture == number => {
                // Pulled out, and there is no other: that it was there is what the user has to know.
                let lost = fallback && error != DeviceError::Denied;
                self.states[device] = State::Failed(if lost { DeviceError::Lost } else { error });
                if fallback {
                    opened.devices.push(device);
                }
            }
            // What is shown has no sound.
            (State::Starting { capture, .. }, None) if capture == number && device == Device::ScreenAudio => {
                self.states[device] = State::Off;
            }
            (State::On { capture, enabled, replacement: Some(replacement), .. }, Some(result))
                if replacement == number =>
            {
                if result.is_ok() {
                    self.states[device] = on(enabled, false);
                    if !enabled {
                        out.push(Effect::EnableTrack(TrackId { device, capture: number }, false));
                    }
                    opened.devices.push(device);
                    opened.stale.push(TrackId { device, capture });
                } else if let State::On { replacement, .. } = &mut self.states[device] {
                    // What there is goes on.
                    *replacement = None;
                }
            }
            (_, Some(Ok(()))) => out.push(Effect::StopTrack(TrackId { device, capture: number })),
            (_, Some(Err(_)) | None) => {}
        }
    }

    /// Mutes or unmutes an open microphone. Returns `false` where it isn't open. One that stays silent all
    /// the same is opened anew.
    pub(crate) fn enable_microphone(&mut self, on: bool, out: &mut Vec<Effect>) -> bool {
        let State::On { capture, enabled, .. } = &mut self.states[Device::Microphone] else { return false };
        if *enabled != on {
            *enabled = on;
            let capture = *capture;
            out.push(Effect::EnableTrack(TrackId { device: Device::Microphone, capture }, on));
            if on {
                self.reopen(Device::Microphone, out);
            }
        }
        true
    }

    /// Releases the device. Returns whether a track of it was sent, be it one that has ended.
    pub(crate) fn stop(&mut self, device: Device, out: &mut Vec<Effect>) -> bool {
        let track = self.open(device);
        let ended = matches!(self.states[device], State::Starting { fallback: true, .. });
        self.states[device] = State::Off;
        if self.replaced == Some(device) {
            self.replaced = None;
        }
        out.extend(track.map(Effect::StopTrack));
        track.is_some() || ended
    }

    /// A track ended by itself. Returns whether nothing takes the place of one that was in use. For a
    /// microphone or camera that was pulled out, whatever else there is does; but not again and again. Until
    /// it is there, the track that ended stays where it was sent from: to take it away and put another there
    /// would be two negotiations.
    pub(crate) fn ended(&mut self, track: TrackId, out: &mut Vec<Effect>) -> bool {
        let State::On { capture, enabled, fallback, replacement } = self.states[track.device] else {
            return false;
        };
        if capture != track.capture {
            return false;
        }
        self.stop(track.device, out);
        let replaceable = matches!(track.device, Device::Microphone | Device::Camera);
        if replaceable && !fallback {
            let capture = replacement.or_else(|| self.capture(Devices::only(track.device), out));
            if let Some(capture) = capture {
                self.states[track.device] = State::Starting { capture, enabled, fallback: true };
                return false;
            }
        } else if replaceable {
            self.states[track.device] = State::Failed(DeviceError::Lost);
        }
        true
    }

    /// Releases everything.
    pub(crate) fn stop_all(&mut self, out: &mut Vec<Effect>) {
        for device in Device::ALL {
            self.stop(device, out);
        }
    }
}
