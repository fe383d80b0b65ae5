//! Lists the devices (`enumerateDevices`, `devicechange`; W3C Media Capture and Streams, section 9).

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Event;

use super::capabilities::media_devices;
use crate::browser::js;
use crate::browser::js::Task;

/// The event that tells of a change.
const CHANGED: &str = "devicechange";
/// The id by which Chromium lists the system's own choice among the devices.
const SYSTEMS_CHOICE: &str = "default";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// The `deviceId`.
    pub id: String,
    /// The name that the system has for it. Some browsers leave it empty until a device was allowed to be
    /// used.
    pub label: String,
}

/// The devices that can be chosen. The system's own choice is not among them.
///
/// The list is empty until the browser tells devices apart. Most do so once a device was allowed to be used.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DeviceList {
    pub microphones: Vec<DeviceInfo>,
    pub cameras: Vec<DeviceInfo>,
    /// Empty if the browser doesn't let a page choose.
    pub speakers: Vec<DeviceInfo>,
}

/// Reports the devices until it is dropped: at once, and whenever some come, go, or get their labels.
pub struct DeviceWatch(#[expect(dead_code, reason = "watches until it is dropped")] Rc<Watching>);

struct Watching {
    on_change: Box<dyn Fn(DeviceList)>,
    told: RefCell<Option<DeviceList>>,
    /// The look that is under way. It ends with this.
    look: RefCell<Option<Task>>,
    listener: RefCell<Option<EventListener>>,
}

impl DeviceWatch {
    /// Watches, and calls `on_change` with each new list.
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

/// Makes every watch look again. With the first permission come labels, and no browser tells of that.
pub(super) fn look_again() {
    if let (Some(devices), Ok(event)) = (media_devices(), Event::new(CHANGED)) {
        // It fails only for an event that is being dispatched.
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
