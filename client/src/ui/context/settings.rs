//! What the user chose about devices and keys, remembered in the browser.

use tincan_session::{CameraSettings, CaptureSettings, Devices, Intent, MicrophoneSettings};

use super::language::preferred_language;
use crate::browser::{Support, may_notify, read_preference, set_language, write_preference};
use crate::runtime::Handle;
use crate::ui::catalogue::Language;

const SETTINGS: &str = "tincan.settings";
/// Where it is remembered that one goes into rooms without microphone, or without camera.
pub(crate) const MICROPHONE: &str = "tincan.microphone";
pub(crate) const CAMERA: &str = "tincan.camera";
/// What a guest was called last time.
const NAME: &str = "tincan.name";

const OFF: &str = "off";

/// The choices.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Which language the page is in.
    pub(crate) language: Language,
    /// Microphone and camera.
    pub(crate) capture: CaptureSettings,
    /// The `deviceId` of what is heard by; `None` for the browser's choice.
    pub(crate) speaker: Option<String>,
    /// Be heard only while a key is held.
    pub(crate) push_to_talk: bool,
    /// Which (`KeyboardEvent.code`).
    pub(crate) talk_key: String,
    /// Whether single letters are shortcuts. Whoever speaks to their computer wants them off (WCAG 2.1.4).
    pub(crate) shortcuts: bool,
    /// Whether the system tells of what comes while the page can't be seen.
    pub(crate) notifications: bool,
    /// Whether that is heard.
    pub(crate) sounds: bool,
}

impl Settings {
    /// What was chosen last time.
    pub(crate) fn remembered() -> Settings {
        let text = read_preference(SETTINGS).unwrap_or_default();
        let settings = Settings::from_text(&text);
        // It may have been taken back in the browser since.
        let notifications = settings.notifications && may_notify();
        Settings { language: preferred_language(), notifications, ..settings }
    }

    /// Remembers this, and has it done.
    pub(crate) fn apply(&self, handle: &Handle) {
        write_preference(SETTINGS, &self.to_text());
        set_language(self.language.tag());
        handle.stage().set_speaker(self.speaker.clone());
        handle.intent(Intent::Configure(self.capture.clone()));
    }

    /// Microphone, camera, speaker and key, a line each; then a digit for each switch.
    fn to_text(&self) -> String {
        let capture = &self.capture;
        let id = |id: &Option<String>| id.clone().unwrap_or_default();
        let switches = [
            capture.microphone.echo_cancellation,
            capture.microphone.noise_suppression,
            capture.microphone.auto_gain_control,
            capture.camera.background_blur,
            self.push_to_talk,
            self.shortcuts,
            self.notifications,
            self.sounds,
        ];
        let switches = switches.map(|on| if on { "1" } else { "0" }).concat();
        [
            id(&capture.microphone.device_id),
            id(&capture.camera.device_id),
            id(&self.speaker),
            self.talk_key.clone(),
            switches,
        ]
        .join("\n")
    }

    /// Whatever can't be read is as it is in the beginning.
    fn from_text(text: &str) -> Settings {
        let mut lines = text.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).map(str::to_owned);
        let (microphone, camera, speaker) = (line(), line(), line());
        let talk_key = line().unwrap_or_else(|| "Space".to_owned());
        let switches = line().unwrap_or_default();
        let switch = |place, usual| match switches.as_bytes().get(place) {
            Some(b'0') => false,
            Some(b'1') => true,
            _ => usual,
        };
        let usual = CaptureSettings::default();
        Settings {
            language: Language::English,
            capture: CaptureSettings {
                microphone: MicrophoneSettings {
                    device_id: microphone,
                    echo_cancellation: switch(0, usual.microphone.echo_cancellation),
                    noise_suppression: switch(1, usual.microphone.noise_suppression),
                    auto_gain_control: switch(2, usual.microphone.auto_gain_control),
                },
                camera: CameraSettings {
                    device_id: camera,
                    background_blur: switch(3, usual.camera.background_blur),
                },
            },
            speaker,
            push_to_talk: switch(4, false),
            talk_key,
            shortcuts: switch(5, true),
            notifications: switch(6, false),
            sounds: switch(7, true),
        }
    }
}

/// What to go into a room with: both devices, but what was off last time stays off.
pub(crate) fn devices_for_a_room(support: Support) -> Devices {
    let wanted = |key| support == Support::Ready && read_preference(key).as_deref() != Some(OFF);
    Devices { microphone: wanted(MICROPHONE), camera: wanted(CAMERA) }
}

/// Remembers whether to go into the next room with a device.
pub(crate) fn remember_device(key: &str, on: bool) {
    write_preference(key, if on { "on" } else { OFF });
}

/// What a guest was called last time.
pub(crate) fn remembered_name() -> String {
    read_preference(NAME).unwrap_or_default()
}

pub(crate) fn remember_name(name: &str) {
    write_preference(NAME, name.trim());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut settings = Settings::from_text("");
        assert_eq!(settings.capture, CaptureSettings::default());
        assert_eq!(settings.talk_key, "Space");
        assert!(settings.shortcuts && !settings.push_to_talk);
        settings.capture.camera.device_id = Some("a camera".to_owned());
        settings.capture.microphone.noise_suppression = false;
        settings.speaker = Some("x=".to_owned());
        settings.push_to_talk = true;
        settings.talk_key = "KeyT".to_owned();
        settings.shortcuts = false;
        assert_eq!(Settings::from_text(&settings.to_text()), settings);
    }

    #[test]
    fn nonsense_is_left_aside() {
        assert_eq!(Settings::from_text("\n\n\n\nabc"), Settings::from_text(""));
    }
}
