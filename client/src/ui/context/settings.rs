//! What the user chose about devices and keys, kept in the browser.

use serde::{Deserialize, Serialize};
use tincan_session::{CaptureSettings, Devices, Intent};

use super::earlier_settings;
use super::language::preferred_language;
use crate::browser::{Support, may_notify, read_preference, set_language, write_preference};
use crate::runtime::Handle;
use crate::ui::catalogue::Language;

/// Where the settings are kept as JSON. The number is that of the format.
const SETTINGS: &str = "tincan.settings.2";
/// Where it is remembered that one goes into rooms without microphone, or without camera.
pub(crate) const MICROPHONE: &str = "tincan.microphone";
pub(crate) const CAMERA: &str = "tincan.camera";
/// What a guest was called last time.
const NAME: &str = "tincan.name";

const OFF: &str = "off";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// It is kept by itself: see [`preferred_language`].
    #[serde(skip)]
    pub(crate) language: Language,
    pub(crate) capture: CaptureSettings,
    /// The `deviceId` of the speaker; `None` for the browser's choice.
    pub(crate) speaker: Option<String>,
    /// Whether one is heard only while a key is held.
    pub(crate) push_to_talk: bool,
    /// That key (`KeyboardEvent.code`).
    pub(crate) talk_key: String,
    /// Whether single letters are shortcuts. Whoever speaks to their computer wants them off (WCAG 2.1.4).
    pub(crate) shortcuts: bool,
    /// Whether the system tells of what comes while the page can't be seen.
    pub(crate) notifications: bool,
    /// Whether that is heard.
    pub(crate) sounds: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            language: Language::English,
            capture: CaptureSettings::default(),
            speaker: None,
            push_to_talk: false,
            talk_key: "Space".to_owned(),
            shortcuts: true,
            notifications: false,
            sounds: true,
        }
    }
}

impl Settings {
    /// Returns what was chosen last time, be it in an earlier version of the page.
    pub(crate) fn remembered() -> Settings {
        let kept = read_preference(SETTINGS).map(|text| Settings::from_json(&text));
        let settings = kept.or_else(earlier_settings::read).unwrap_or_default();
        // It may have been taken back in the browser since.
        let notifications = settings.notifications && may_notify();
        Settings { language: preferred_language(), notifications, ..settings }
    }

    /// Keeps the settings, and puts them into effect.
    pub(crate) fn apply(&self, handle: &Handle) {
        write_preference(SETTINGS, &self.to_json());
        set_language(self.language.tag());
        handle.stage().set_speaker(self.speaker.clone());
        handle.intent(Intent::Configure(self.capture.clone()));
    }

    fn to_json(&self) -> String {
        // Neither numbers nor maps are in it, so nothing can fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A setting that isn't there is as in the beginning, and so are all in a text that can't be read.
    fn from_json(text: &str) -> Settings {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// Returns what to go into a room with: both devices, but what was off last time stays off.
pub(crate) fn devices_for_a_room(support: Support) -> Devices {
    let wanted = |key| support == Support::Ready && read_preference(key).as_deref() != Some(OFF);
    Devices { microphone: wanted(MICROPHONE), camera: wanted(CAMERA) }
}

/// Remembers whether to go into the next room with a device.
pub(crate) fn remember_device(key: &str, on: bool) {
    write_preference(key, if on { "on" } else { OFF });
}

/// Returns what a guest was called last time.
pub(crate) fn remembered_name() -> String {
    read_preference(NAME).unwrap_or_default()
}

pub(crate) fn remember_name(name: &str) {
    write_preference(NAME, name.trim());
}

#[cfg(test)]
mod tests {
    use tincan_session::{CameraSettings, MicrophoneSettings};

    use super::*;

    fn chosen() -> Settings {
        Settings {
            language: Language::English,
            capture: CaptureSettings {
                microphone: MicrophoneSettings { noise_suppression: false, ..MicrophoneSettings::default() },
                camera: CameraSettings { device_id: Some("a camera".to_owned()), background_blur: true },
            },
            speaker: Some("\"x\"=\n".to_owned()),
            push_to_talk: true,
            talk_key: "KeyT".to_owned(),
            shortcuts: false,
            notifications: true,
            sounds: false,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for settings in [Settings::default(), chosen()] {
            assert_eq!(Settings::from_json(&settings.to_json()), settings);
        }
    }

    /// This text is in browsers. A change of it needs another number in [`SETTINGS`], and code that still
    /// reads this one.
    #[test]
    fn the_format_is_kept() {
        let text = [
            r#"{"capture":{"microphone":{"device_id":null,"echo_cancellation":true,"noise_suppression":false,"#,
            r#""auto_gain_control":true},"camera":{"device_id":"a camera","background_blur":true}},"#,
            r#""speaker":"\"x\"=\n","push_to_talk":true,"talk_key":"KeyT","shortcuts":false,"#,
            r#""notifications":true,"sounds":false}"#,
        ];
        assert_eq!(chosen().to_json(), text.concat());
    }

    #[test]
    fn a_setting_that_is_not_there_is_as_in_the_beginning() {
        let text = r#"{"shortcuts": false, "capture": {"microphone": {"device_id": "x"}}, "new": [1]}"#;
        let microphone =
            MicrophoneSettings { device_id: Some("x".to_owned()), ..MicrophoneSettings::default() };
        let capture = CaptureSettings { microphone, ..CaptureSettings::default() };
        assert_eq!(Settings::from_json(text), Settings { capture, shortcuts: false, ..Settings::default() });
    }

    #[test]
    fn nonsense_is_left_aside() {
        for text in ["", "{", "[]", "null", "\n\n\n\nabc", r#"{"sounds": "loud"}"#] {
            assert_eq!(Settings::from_json(text), Settings::default(), "{text}");
        }
    }
}
