//! Microphone, camera and screen: turning them on and off in a call or room.

use super::*;
use crate::input::CaptureSettings;

impl Session {
    pub(super) fn set_microphone(&mut self, now: Time, on: bool, out: &mut Vec<Effect>) {
        if !self.may_use_devices() {
            return;
        }
        if self.media.enable_microphone(on, out) {
            self.tell_muted(now, out);
        } else if on {
            self.media.start(Devices { microphone: true, camera: false }, out);
        } else {
            self.turn_off(now, Device::Microphone, out);
        }
    }

    pub(super) fn set_camera(&mut self, now: Time, on: bool, out: &mut Vec<Effect>) {
        if !self.may_use_devices() {
            return;
        }
        if on {
            self.media.start(Devices { microphone: false, camera: true }, out);
        } else {
            self.turn_off(now, Device::Camera, out);
        }
    }

    fn turn_off(&mut self, now: Time, device: Device, out: &mut Vec<Effect>) {
        if self.media.stop(device, out) {
            self.send_track(now, device, out);
        }
        // Where it was still being opened, perhaps the call was waiting for that.
        self.go_on_when_ready(now, false, out);
    }

    pub(super) fn set_screen(&mut self, now: Time, on: bool, out: &mut Vec<Effect>) {
        if on && self.is_meeting() {
            self.media.start_screen(out);
        } else if !on {
            self.stop_screen(now, out);
        }
    }

    fn stop_screen(&mut self, now: Time, out: &mut Vec<Effect>) {
        for device in [Device::Screen, Device::ScreenAudio] {
            if self.media.stop(device, out) {
                self.send_track(now, device, out);
            }
        }
    }

    pub(super) fn configure(&mut self, settings: CaptureSettings, out: &mut Vec<Effect>) {
        self.media.configure(settings, out);
    }

    /// Only in a call of one's own making, or one that was accepted, or at a room.
    fn may_use_devices(&self) -> bool {
        let call = self.call.as_ref().is_some_and(|call| !matches!(call.stage, Stage::Ringing { .. }));
        call || self.visit.is_some()
    }

    /// There are others to show something to, or there may be at any moment.
    fn is_meeting(&self) -> bool {
        let call = self.call.as_ref().is_some_and(|call| matches!(call.stage, Stage::Active { .. }));
        call || self.visit.as_ref().is_some_and(Visit::is_inside)
    }

    pub(super) fn captured(&mut self, now: Time, captured: &Captured, out: &mut Vec<Effect>) {
        let opened = self.media.captured(captured, out);
        for device in opened.devices {
            self.send_track(now, device, out);
        }
        out.extend(opened.stale.into_iter().map(Effect::StopTrack));
        self.go_on_when_ready(now, false, out);
    }

    pub(super) fn track_ended(&mut self, now: Time, track: TrackId, out: &mut Vec<Effect>) {
        if !self.media.ended(track, out) {
            for epoch in self.epochs() {
                self.with_peer(now, epoch, out, |link, _, _| link.track_ended(track));
            }
            return;
        }
        self.send_track(now, track.device, out);
        if track.device == Device::Screen {
            self.stop_screen(now, out);
        }
    }

    /// Has every connection send what the device has now.
    fn send_track(&mut self, now: Time, device: Device, out: &mut Vec<Effect>) {
        for epoch in self.epochs() {
            self.with_peer(now, epoch, out, |link, media, out| {
                link.set_track(device, media.track(device), out);
            });
        }
        self.tell_muted(now, out);
    }

    fn tell_muted(&mut self, now: Time, out: &mut Vec<Effect>) {
        for epoch in self.epochs() {
            self.with_peer(now, epoch, out, |link, media, out| link.set_muted(media.muted(), out));
        }
    }
}
