//! Microphone, camera and screen: turning them on and off in a call or room, and sending what they give to
//! everyone.

use crate::context::Context;
use crate::device::{Captured, Device, Devices, TrackId};
use crate::effect::Effect;
use crate::place::Place;

/// Unmutes or mutes; opens the microphone if it isn't in use yet.
pub(crate) fn set_microphone(cx: &mut Context, place: &mut Place, on: bool) {
    if !place.may_use_devices() {
        return;
    }
    if cx.media.enable_microphone(on, &mut cx.effects) {
        tell_muted(cx, place);
    } else if on {
        cx.media.start(Devices::only(Device::Microphone), &mut cx.effects);
    } else {
        turn_off(cx, place, Device::Microphone);
    }
}

pub(crate) fn set_camera(cx: &mut Context, place: &mut Place, on: bool) {
    if !place.may_use_devices() {
        return;
    }
    if on {
        cx.media.start(Devices::only(Device::Camera), &mut cx.effects);
    } else {
        turn_off(cx, place, Device::Camera);
    }
}

pub(crate) fn set_screen(cx: &mut Context, place: &mut Place, on: bool) {
    if !on {
        stop_screen(cx, place);
    } else if place.is_meeting() {
        cx.media.start_screen(&mut cx.effects);
    }
}

fn turn_off(cx: &mut Context, place: &mut Place, device: Device) {
    stop(cx, place, device);
    // Where it was still being opened, perhaps the call was waiting for that.
    place.proceed(cx);
}

fn stop_screen(cx: &mut Context, place: &mut Place) {
    stop(cx, place, Device::Screen);
    stop(cx, place, Device::ScreenAudio);
}

fn stop(cx: &mut Context, place: &mut Place, device: Device) {
    if cx.media.stop(device, &mut cx.effects) {
        send_track(cx, place, device);
    }
}

/// Takes what a capture brought.
pub(crate) fn captured(cx: &mut Context, place: &mut Place, captured: &Captured) {
    let opened = cx.media.captured(captured, &mut cx.effects);
    for device in opened.devices {
        send_track(cx, place, device);
    }
    cx.effects.extend(opened.stale.into_iter().map(Effect::StopTrack));
    place.proceed(cx);
}

/// A track ended by itself.
pub(crate) fn track_ended(cx: &mut Context, place: &mut Place, track: TrackId) {
    if !cx.media.ended(track, &mut cx.effects) {
        for member in place.members_mut() {
            member.track_ended(cx, track);
        }
        return;
    }
    send_track(cx, place, track.device);
    if track.device == Device::Screen {
        stop_screen(cx, place);
    }
}

/// The system has muted a track, or gives its device back.
pub(crate) fn track_muted(cx: &mut Context, place: &mut Place, track: TrackId, muted: bool) {
    if cx.media.system_mutes(track, muted, cx.now) {
        send_track(cx, place, track.device);
    }
}

pub(crate) fn tick(cx: &mut Context, place: &mut Place) {
    for device in cx.media.tick(cx.now, &mut cx.effects) {
        send_track(cx, place, device);
    }
}

/// Has everyone sent what the device has now.
fn send_track(cx: &mut Context, place: &mut Place, device: Device) {
    for member in place.members_mut() {
        member.set_track(cx, device);
    }
    tell_muted(cx, place);
}

fn tell_muted(cx: &mut Context, place: &mut Place) {
    for member in place.members_mut() {
        member.tell_muted(cx);
    }
}
