//! The settings as the page kept them before they were JSON.

use super::settings::Settings;
use crate::browser::read_preference;

const SETTINGS: &str = "tincan.settings";

/// Reads what was kept, if anything was. It is not deleted: once the user has changed a setting there is
/// JSON, and nothing asks for this any more.
pub(super) fn read(settings: &mut Settings) {
    if let Some(text) = read_preference(SETTINGS) {
        parse(&text, settings);
    }
}

/// Microphone, camera, speaker and key, a line each; then a digit for each switch. What can't be read is as
/// in the beginning.
fn parse(text: &str, settings: &mut Settings) {
    let mut lines = text.split('\n');
    let mut line = || lines.next().filter(|line| !line.is_empty()).map(str::to_owned);
    let (microphone, camera) = (&mut settings.capture.microphone, &mut settings.capture.camera);
    microphone.device_id = line();
    camera.device_id = line();
    settings.speaker = line();
    if let Some(key) = line() {
        settings.talk_key = key;
    }
    let switches = [
        &mut microphone.echo_cancellation,
        &mut microphone.noise_suppression,
        &mut microphone.auto_gain_control,
        &mut camera.background_blur,
        &mut settings.push_to_talk,
        &mut settings.shortcuts,
        &mut settings.notifications,
        &mut settings.sounds,
    ];
    for (switch, digit) in switches.into_iter().zip(lines.next().unwrap_or_default().bytes()) {
        match digit {
            b'0' => *switch = false,
            b'1' => *switch = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Settings {
        let mut settings = Settings::default();
        parse(text, &mut settings);
        settings
    }

    #[test]
    fn what_an_earlier_page_wrote_is_read() {
        let mut settings = Settings::default();
        settings.capture.microphone.noise_suppression = false;
        settings.capture.camera.device_id = Some("a camera".to_owned());
        settings.capture.camera.background_blur = true;
        settings.speaker = Some("x=".to_owned());
        settings.push_to_talk = true;
        settings.talk_key = "KeyT".to_owned();
        settings.shortcuts = false;
        assert_eq!(parsed("\na camera\nx=\nKeyT\n10111001"), settings);
    }

    #[test]
    fn what_it_wrote_with_fewer_switches_is_read() {
        let settings = Settings { push_to_talk: true, ..Settings::default() };
        assert_eq!(parsed("\n\n\nSpace\n11101"), settings);
    }

    #[test]
    fn nonsense_is_left_aside() {
        assert_eq!(parsed(""), Settings::default());
        assert_eq!(parsed("\n\n\n\nabc"), Settings::default());
    }
}
