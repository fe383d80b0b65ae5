//! The context of every component: see [`Page`].

use std::rc::Rc;

use tincan_session::{Device, Intent};
use tincan_shared::RoomName;
use yew::prelude::*;

use super::settings::{CAMERA, MICROPHONE, Settings, devices_for_a_room, remember_device};
use crate::browser::{Support, random_bits};
use crate::runtime::Handle;
use crate::ui::catalogue::{Catalogue, FirstCatalogue};

/// What a component can reach without a prop.
#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    /// The way to the session.
    pub(crate) handle: Handle,
    /// What the browser allows.
    pub(crate) support: Support,
    /// What the user chose.
    pub(crate) settings: UseStateHandle<Settings>,
    /// The user's own variety of the language in use (BCP 47). It says how to write times of day.
    pub(crate) time_tag: Rc<str>,
}

impl Page {
    /// Returns what the first load may show.
    pub(crate) fn first_texts(&self) -> &'static FirstCatalogue {
        self.settings.language.first_catalogue()
    }

    /// Returns all texts, for the later screens.
    pub(crate) fn texts(&self) -> &'static Catalogue {
        self.settings.language.catalogue()
    }

    /// Returns a button's `onclick` that tells the session one thing.
    pub(crate) fn press(&self, intent: Intent) -> Callback<MouseEvent> {
        let handle = self.handle.clone();
        Callback::from(move |_| handle.intent(intent.clone()))
    }

    /// Turns a device on or off because the user says so, and remembers that for the next room.
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

    /// Opens the lobby of a room. Where no name is given, the room gets one that nobody can guess.
    pub(crate) fn open_room(&self, name: &str) {
        let room = match name.trim() {
            "" => RoomName::from_random(random_bits()).as_str().to_owned(),
            name => name.to_owned(),
        };
        self.handle.intent(Intent::OpenRoom { room, devices: devices_for_a_room(self.support) });
    }
}

/// Returns the context of this component.
#[hook]
pub(crate) fn use_page() -> Page {
    // `App` draws nothing outside of its provider.
    use_context().expect("components are drawn inside App")
}

/// Returns the texts of the language in use, for the later screens.
#[hook]
pub(crate) fn use_texts() -> &'static Catalogue {
    use_page().texts()
}
