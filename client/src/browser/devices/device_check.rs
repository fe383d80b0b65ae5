//! Finds out whether a device can be used.

use tincan_session::{Device, DeviceError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack, window};

use super::live_track::LiveTrack;
use super::local_tracks::device_error;

/// Opens the microphone, or else the camera, and closes it again.
///
/// # Errors
/// If it can't be opened, or the page is no secure context.
pub async fn check_device(device: Device) -> Result<(), DeviceError> {
    open(device == Device::Microphone).await.map_err(|error| device_error(&error))
}

async fn open(microphone: bool) -> Result<(), JsValue> {
    let devices = window().ok_or("no window")?.navigator().media_devices()?;
    let constraints = MediaStreamConstraints::new();
    if microphone {
        constraints.set_audio(&JsValue::TRUE);
    } else {
        constraints.set_video(&JsValue::TRUE);
    }
    let stream = JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?;
    // Held only to be stopped.
    let _: Vec<LiveTrack> = stream
        .dyn_into::<MediaStream>()?
        .get_tracks()
        .iter()
        .filter_map(|track| track.dyn_into::<MediaStreamTrack>().ok())
        .map(LiveTrack::new)
        .collect();
    Ok(())
}
