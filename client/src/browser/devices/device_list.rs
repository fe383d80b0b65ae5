//! Which devices there are (`enumerateDevices`, `devicechange`; W3C Media Capture and Streams, section 9).

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Event;

use super::capabilities::media_devices;
use crate::browser::js;
use crate::browser::js::Task;

/// The event that says that there are others.
const CHANGED: &str = "devicechange";
/// What Chromium calls the system's own choice where it lists it among the devices.
const SYSTEMS_CHOICE: &str = "default";

/// One device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// `deviceId`
    pub id: String,
    /// What the system calls it. Some browsers leave it empty until a device was allowed to be used.
    pub label: String,
}

/// The devices that can be chosen; none until the browser tells them apart, which most do once a device was
/// allowed to be used. The system's own choice is not among them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DeviceList {
    /// For sound that comes in.
    pub microphones: Vec<DeviceInfo>,
    /// For pictures.
    pub cameras: Vec<DeviceInfo>,
    /// For sound that goes out. Empty where the browser doesn't let a page choose.
    pub speakers: Vec<DeviceInfo>,
}

/// Tells, until it is dropped, of the devices: now, and whenever some come, go, or get their labels.
pub struct DeviceWatch(#[expect(dead_code, reason = "hears until it is dropped")] Rc<Watching>);

struct Watching {
    on_change: Box<dyn Fn(DeviceList)>,
    /// What was told last.
    told: RefCell<Option<DeviceList>>,
    /// The look under way, which ends with this.
    look: RefCell<Option<Task>>,
    listener: RefCell<Option<EventListener>>,
}

impl DeviceWatch {
    /// Watches.
    pub fn new(on_change: impl Fn(DeviceList) + 'static) -> DeviceWatch {
        let watching = Rc::new(Watching {
            on_change: Box::new(on_change),
            told: RefCell::default(),
            look: RefCell::default(),
            listener: RefCell::default(),
        });
        watching.look();
        if let Some(devices) = media_devices() {
            let weak = Rc::downgrade(&watching);
            let listener = EventListener::new(&devices, CHANGED, move |_| {
                if let Some(watching) = weak.upgrade() {
                    watching.look();
                }
            });
            watching.listener.replace(Some(listener));
        }
        DeviceWatch(watching)
    }
}

impl Watching {
    fn look(self: &Rc<Watching>) {
        let weak = Rc::downgrade(self);
        self.look.replace(Some(Task::spawn(async move {
            let list = list().await.unwrap_or_default();
            let Some(watching) = weak.upgrade() else { return };
            if watching.told.borrow().as_ref() != Some(&list) {
                watching.told.replace(Some(list.clone()));
                (watching.on_change)(list);
            }
        })));
    }
}

/// Has every watch look again: with the first permission come labels, and no browser says so.
pub(super) fn look_again() {
    if let (Some(devices), Ok(event)) = (media_devices(), Event::new(CHANGED)) {
        // Only an event under way can't be dispatched.
        let _ = devices.dispatch_event(&event);
    }
}

async fn list() -> Result<DeviceList, JsValue> {
    let devices = media_devices().ok_or(JsValue::UNDEFINED)?;
    let found: Array = js::call_async(&devices, "enumerateDevices", &Array::new()).await?.dyn_into()?;
    let mut list = DeviceList::default();
    for device in found.iter() {
        let text = |name| js::text(&device, name).unwrap_or_default();
        let devices = match text("kind").as_str() {
            "audioinput" => &mut list.microphones,
            "videoinput" => &mut list.cameras,
            "audiooutput" => &mut list.speakers,
            _ => continue,
        };
        let info = DeviceInfo { id: text("deviceId"), label: text("label") };
        if !info.id.is_empty() && info.id != SYSTEMS_CHOICE {
            devices.push(info);
        }
    }
    Ok(list)
}
