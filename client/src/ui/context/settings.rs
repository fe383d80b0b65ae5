//! What the user chose about devices and keys, kept in the browser.

use tincan_session::{CameraSettings, CaptureSettings, Devices, Intent, MicrophoneSettings};
use yew::UseStateHandle;

use super::earlier_settings;
use super::kept::{self, Kept};
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

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// It is kept by itself: see [`preferred_language`].
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
    /// Whether everything goes through a relay, so that others learn no address.
    pub(crate) relay_only: bool,
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
            relay_only: false,
        }
    }
}

impl Settings {
    /// Returns what was chosen last time, be it in an earlier version of the page.
    pub(crate) fn remembered() -> Settings {
        let mut settings = Settings::default();
        match read_preference(SETTINGS) {
            Some(text) => kept::read(&text, &mut settings.kept()),
            None => earlier_settings::read(&mut settings),
        }
        // It may have been taken back in the browser since.
        let notifications = settings.notifications && may_notify();
        Settings { language: preferred_language(), notifications, ..settings }
    }

    /// Puts the settings into effect.
    pub(crate) fn apply(&self, handle: &Handle) {
        set_language(self.language.tag());
        handle.media_elements().set_speaker(self.speaker.clone());
        handle.intent(Intent::Configure(self.capture.clone()));
        handle.intent(Intent::SetRelayOnly(self.relay_only));
    }

    /// Lists what is kept as JSON, each under its name there. A setting that is neither listed nor left out
    /// by name does not compile.
    fn kept(&mut self) -> [(&'static str, Kept<'_>); 13] {
        let Settings {
            language: _,
            capture: CaptureSettings { microphone, camera },
            speaker,
            push_to_talk,
            talk_key,
            shortcuts,
            notifications,
            sounds,
            relay_only,
        } = self;
        let MicrophoneSettings {
            device_id: microphone,
            echo_cancellation,
            noise_suppression,
            auto_gain_control,
        } = microphone;
        let CameraSettings { device_id: camera, background_blur } = camera;
        [
            ("microphone", Kept::Choice(microphone)),
            ("echoCancellation", Kept::Switch(echo_cancellation)),
            ("noiseSuppression", Kept::Switch(noise_suppression)),
            ("autoGainControl", Kept::Switch(auto_gain_control)),
            ("camera", Kept::Choice(camera)),
            ("backgroundBlur", Kept::Switch(background_blur)),
            ("speaker", Kept::Choice(speaker)),
            ("pushToTalk", Kept::Switch(push_to_talk)),
            ("talkKey", Kept::Text(talk_key)),
            ("shortcuts", Kept::Switch(shortcuts)),
            ("notifications", Kept::Switch(notifications)),
            ("sounds", Kept::Switch(sounds)),
            ("relayOnly", Kept::Switch(relay_only)),
        ]
    }
}

/// Keeps what the user chooses, and has the page use it.
///
/// This is called where settings are changed, which is loaded lazily, so the first load knows only how to
/// read them.
pub(crate) fn choose(settings: &UseStateHandle<Settings>, mut new: Settings) {
    write_preference(SETTINGS, &kept::write(new.kept()));
    settings.set(new);
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
    use super::*;

    fn read(text: &str) -> Settings {
        let mut settings = Settings::default();
        kept::read(text, &mut settings.kept());
        settings
    }

    /// Every setting is another than in the beginning.
    fn changed() -> Settings {
        Settings {
            language: Language::English,
            capture: CaptureSettings {
                microphone: MicrophoneSettings {
                    device_id: Some("a microphone".to_owned()),
                    echo_cancellation: false,
                    noise_suppression: false,
                    auto_gain_control: false,
                },
                camera: CameraSettings { device_id: Some("a camera".to_owned()), background_blur: true },
            },
            speaker: Some("\"x\"=\n".to_owned()),
            push_to_talk: true,
            talk_key: "KeyT".to_owned(),
            shortcuts: false,
            notifications: true,
            sounds: false,
            relay_only: true,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for settings in [Settings::default(), changed()] {
            assert_eq!(read(&kept::write(settings.clone().kept())), settings);
        }
    }

    /// This text is in browsers. Who renames a setting, or changes its type, makes users lose it.
    #[test]
    fn what_was_written_is_read() {
        let text = r#"{
            "microphone": "a microphone", "camera": "a camera", "speaker": "\"x\"=\n",
            "echoCancellation": false, "noiseSuppression": false, "autoGainControl": false,
            "backgroundBlur": true, "pushToTalk": true, "talkKey": "KeyT", "shortcuts": false,
            "notifications": true, "sounds": false, "relayOnly": true
        }"#;
        assert_eq!(read(text), changed());
    }

    #[test]
    fn what_can_not_be_read_is_as_in_the_beginning() {
        let settings = Settings { shortcuts: false, ..Settings::default() };
        for text in [
            r#"{"shortcuts": false}"#,
            r#"{"sounds": "loud", "shortcuts": false, "speaker": {"id": 7}, "later": [1], "talkKey": null}"#,
        ] {
            assert_eq!(read(text), settings, "{text}");
        }
        for text in ["", "{", "[]", "null", "\n\n\n\nabc", r#"{"shortcuts""#] {
            assert_eq!(read(text), Settings::default(), "{text}");
        }
    }
}
