//! How well a picture is sent (`RTCRtpSender.setParameters`, W3C WebRTC, section 5.2).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use tincan_session::{Device, SendLimits};
use wasm_bindgen::JsValue;
use web_sys::{RtcPeerConnection, RtcRtpSender};

use super::transceivers::transceiver;
use crate::browser::js;
use crate::browser::js::Task;

/// How often a refusal is answered with another try; after that the next occasion has to do.
const TRIES: u32 = 5;
/// How long to wait before another try, in milliseconds.
const RETRY_AFTER_MS: u32 = 500;

/// Keeps a picture of one connection within its limits.
///
/// The browser takes one `setParameters` at a time, forgets what it was told where the media section wasn't
/// negotiated yet, and counts lines by a factor of what the camera gives. So the limits are kept here, and
/// set anew on every occasion on which one of that may have changed.
pub(super) struct SenderParameters {
    device: Device,
    limits: Rc<Cell<Option<SendLimits>>>,
    /// There was an occasion that is not attended to yet.
    due: Rc<Cell<bool>>,
    running: Rc<Cell<bool>>,
    /// Ends with the connection.
    task: RefCell<Option<Task>>,
}

impl SenderParameters {
    pub(super) fn new(device: Device) -> SenderParameters {
        SenderParameters {
            device,
            limits: Rc::default(),
            due: Rc::default(),
            running: Rc::default(),
            task: RefCell::default(),
        }
    }

    /// Sends it only so well from now on.
    pub(super) fn set(&self, connection: &RtcPeerConnection, limits: SendLimits) {
        self.limits.set(Some(limits));
        self.apply(connection);
    }

    /// To be called when there is another track, and after every negotiation.
    pub(super) fn apply(&self, connection: &RtcPeerConnection) {
        self.due.set(true);
        if self.limits.get().is_none() || self.running.replace(true) {
            return;
        }
        let (connection, device) = (connection.clone(), self.device);
        let (limits, due, running) = (self.limits.clone(), self.due.clone(), self.running.clone());
        self.task.replace(Some(Task::spawn(async move {
            let mut tries = 0;
            while due.replace(false) {
                // Looked up anew: both may be others by now.
                let sender = transceiver(&connection, device).map(|found| found.sender());
                let Some((sender, limits)) = sender.zip(limits.get()) else { break };
                if set_parameters(&sender, device, limits).await.is_err() && tries < TRIES {
                    tries += 1;
                    due.set(true);
                    TimeoutFuture::new(RETRY_AFTER_MS).await;
                }
            }
            running.set(false);
        })));
    }
}

/// Sets what isn't so already.
async fn set_parameters(sender: &RtcRtpSender, device: Device, limits: SendLimits) -> Result<(), JsValue> {
    let Some(track) = sender.track() else { return Ok(()) };
    let parameters = js::call(sender, "getParameters", &Array::new())?;
    // Before the first negotiation there may be none. It is an occasion when it is done.
    let encoding = js::get(&js::get(&parameters, "encodings"), "0");
    if !encoding.is_object() {
        return Ok(());
    }
    // Some sources don't say how many lines they have. Then the bits must do.
    let height =
        js::call(&track, "getSettings", &Array::new()).map(|settings| js::number(&settings, "height"));
    let factor = height?.map_or(1.0, |height| height / f64::from(limits.max_height.max(1)));
    let wishes = [
        ("maxBitrate", limits.max_bitrate.into()),
        ("maxFramerate", limits.max_framerate.into()),
        ("scaleResolutionDownBy", factor.max(1.0).into()),
        ("active", limits.active.into()),
    ];
    let mut changed = false;
    for (name, wish) in wishes {
        changed |= js::get(&encoding, name) != wish;
        js::set(&encoding, name, &wish);
    }
    if !changed {
        return Ok(());
    }
    // What to keep where there isn't enough of everything. Only a wish: not every browser knows it.
    let kept = if device == Device::Screen { "maintain-resolution" } else { "maintain-framerate" };
    js::set(&parameters, "degradationPreference", &kept.into());
    js::call_async(sender, "setParameters", &Array::of1(&parameters)).await.map(drop)
}
