//! What every component may reach without being handed it.

use std::rc::Rc;

use tincan_session::{Device, Intent};
use tincan_shared::RoomName;
use yew::prelude::*;

use super::settings::{CAMERA, MICROPHONE, Settings, devices_for_a_room, remember_device};
use crate::browser::{Support, random_bits};
use crate::runtime::Handle;
use crate::ui::catalogue::Catalogue;

/// The page around a component.
#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    /// The way to the session.
    pub(crate) handle: Handle,
    /// What the browser allows.
    pub(crate) support: Support,
    /// What the user chose.
    pub(crate) settings: UseStateHandle<Settings>,
    /// The user's own variety of the language in use (BCP 47), for times of day.
    pub(crate) time_tag: Rc<str>,
}

impl Page {
    /// The texts of the language in use.
    pub(crate) fn texts(&self) -> &'static Catalogue {
        self.settings.language.catalogue()
    }

    /// What a button does that tells the session one thing.
    pub(crate) fn press(&self, intent: Intent) -> Callback<MouseEvent> {
        let handle = self.handle.clone();
        Callback::from(move |_| handle.intent(intent.clone()))
    }

    /// Turns a device on or off because its user says so, and remembers that for the next room.
    pub(crate) fn switch(&self, device: Device, on: bool) {
        let intent = match device {
            Device::Microphone => {
                remember_device(MICROPHONE, on);
                Intent::SetMicrophone(on)
            }
            Device::Camera => {
                remember_device(CAMERA, on);
                Intent::SetCamera(on)
            }
            Device::Screen | Device::ScreenAudio => Intent::SetScreen(on),
        };
        self.handle.intent(intent);
    }

    /// Goes to stand before a room: one whose name nobody can guess, where none is given.
    pub(crate) fn open_room(&self, name: &str) {
        let room = match name.trim() {
            "" => RoomName::from_random(random_bits()).as_str().to_owned(),
            name => name.to_owned(),
        };
        self.handle.intent(Intent::OpenRoom { room, devices: devices_for_a_room(self.support) });
    }
}

/// The page around this component.
#[hook]
pub(crate) fn use_page() -> Page {
    // `App` draws nothing outside of its provider.
    use_context().expect("components are drawn inside App")
}

/// The texts of the language in use.
#[hook]
pub(crate) fn use_texts() -> &'static Catalogue {
    use_page().texts()
}
