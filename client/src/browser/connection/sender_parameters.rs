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

/// How many refusals are answered with another try. After that, the next occasion has to do.
const TRIES: u32 = 5;
/// The wait before another try, in milliseconds.
const RETRY_AFTER_MS: u32 = 500;

/// Keeps one picture of a connection within its limits.
///
/// The browser takes one `setParameters` at a time, forgets parameters that were set before the media section
/// was negotiated, and takes the height as a divisor of what the camera gives. So the limits are kept here,
/// and are set again whenever one of these may have changed.
pub(super) struct SenderParameters {
    device: Device,
    limits: Rc<Cell<Option<SendLimits>>>,
    applying: Rc<Cell<Applying>>,
    /// Ends with the connection.
    task: RefCell<Option<Task>>,
}

/// Whether the limits are being set.
#[derive(Clone, Copy, Default, PartialEq)]
enum Applying {
    #[default]
    Idle,
    Running,
    /// Running, and to be repeated: something may have changed since it began.
    RunningAndDue,
}

impl SenderParameters {
    pub(super) fn new(device: Device) -> SenderParameters {
        SenderParameters { device, limits: Rc::default(), applying: Rc::default(), task: RefCell::default() }
    }

    /// Limits the picture from now on.
    pub(super) fn set(&self, connection: &RtcPeerConnection, limits: SendLimits) {
        self.limits.set(Some(limits));
        self.apply(connection);
    }

    /// Sets the limits. To be called when there is another track, and after every negotiation.
    pub(super) fn apply(&self, connection: &RtcPeerConnection) {
        if self.limits.get().is_none() {
            return;
        }
        if self.applying.get() != Applying::Idle {
            return self.applying.set(Applying::RunningAndDue);
        }
        let (connection, device) = (connection.clone(), self.device);
        let (limits, applying) = (self.limits.clone(), self.applying.clone());
        self.applying.set(Applying::RunningAndDue);
        self.task.replace(Some(Task::spawn(async move {
            let mut tries = 0;
            while applying.replace(Applying::Running) == Applying::RunningAndDue {
                // Both may have changed meanwhile.
                let sender = transceiver(&connection, device).map(|found| found.sender());
                let Some((sender, limits)) = sender.zip(limits.get()) else { break };
                if set_parameters(&sender, device, limits).await.is_err() && tries < TRIES {
                    tries += 1;
                    applying.set(Applying::RunningAndDue);
                    TimeoutFuture::new(RETRY_AFTER_MS).await;
                }
            }
            applying.set(Applying::Idle);
        })));
    }
}

/// Sets the parameters, if they differ.
async fn set_parameters(sender: &RtcRtpSender, device: Device, limits: SendLimits) -> Result<(), JsValue> {
    let Some(track) = sender.track() else { return Ok(()) };
    let parameters = js::call(sender, "getParameters", &Array::new())?;
    // Before the first negotiation there may be none. Once that is done, the limits are applied again.
    let encoding = js::get(&js::get(&parameters, "encodings"), "0");
    if !encoding.is_object() {
        return Ok(());
    }
    // Some sources don't tell their height. Then the bit rate has to do.
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
    // What to keep when there isn't enough of everything. Not every browser knows it.
    let kept = if device == Device::Screen { "maintain-resolution" } else { "maintain-framerate" };
    js::set(&parameters, "degradationPreference", &kept.into());
    js::call_async(sender, "setParameters", &Array::of1(&parameters)).await.map(drop)
}
