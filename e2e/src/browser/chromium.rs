//! How Chromium is started.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::{Addresses, Devices, INSECURE_HOST, Options};
use crate::authority::trust_in;
use crate::network::Place;

/// Chromium's numbers for what a user has decided about a permission.
const ALLOW: u8 = 1;
const BLOCK: u8 = 2;

/// Returns what a new session asks of chromedriver.
pub(super) fn capabilities(options: &Options, profile: &Path) -> Capabilities {
    let capabilities = json!({
        "goog:chromeOptions": { "args": arguments(options, profile), "prefs": preferences(options) },
        // As a user does who goes on where the browser warns.
        "acceptInsecureCerts": options.place.is_none(),
        // A test that asks something of a page whose tab is gone gets an error and doesn't hang.
        "timeouts": { "script": 20_000, "pageLoad": 30_000 },
        "unhandledPromptBehavior": "accept",
    });
    let Value::Object(capabilities) = capabilities else { unreachable!("written as an object above") };
    capabilities
}

/// Makes the home of a user who trusts the authority of the network.
pub(super) fn home(profile: &Path, place: &Place) -> PathBuf {
    let home = profile.join("home");
    trust_in(&home.join(".pki/nssdb"), &place.authority);
    home
}

fn arguments(options: &Options, profile: &Path) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--headless=new",
        // The machine may have no network, and the tests need none.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-quic",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        // A headless page has no user who clicks before a sound may play.
        "--autoplay-policy=no-user-gesture-required",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--lang={}", options.language));
    arguments.push(format!("--accept-lang={}", options.language));
    arguments.push(format!("--window-size={},{}", options.size.0, options.size.1));
    arguments.push(format!("--host-resolver-rules=MAP {INSECURE_HOST} 127.0.0.1"));
    if options.place.is_none() {
        // Two browsers on one machine find each other by loopback alone, and mostly without multicast DNS.
        arguments.push("--allow-loopback-in-peer-connection".to_owned());
        if options.addresses != Addresses::ByName {
            arguments.push("--disable-features=WebRtcHideLocalIpsWithMdns".to_owned());
        }
    }
    if is_root() {
        // Chromium's sandbox refuses to run as root.
        arguments.push("--no-sandbox".to_owned());
    }
    if options.trusts_certificates {
        arguments.push("--ignore-certificate-errors".to_owned());
    }
    arguments.extend(devices(options.devices, profile));
    arguments
}

fn devices(devices: Devices, profile: &Path) -> Vec<String> {
    let fake = match devices {
        Devices::Smooth => "fps=20",
        Devices::Fake | Devices::Humming | Devices::CameraDenied | Devices::Denied => "fps=10",
        Devices::Slow => "fps=5",
        Devices::Several => "device-count=3,fps=10",
        Devices::NoCamera => "device-count=0",
        Devices::None => "",
    };
    let mut arguments = Vec::new();
    if !fake.is_empty() {
        arguments.push(format!("--use-fake-device-for-media-stream={fake}"));
    }
    // The fake dialog would grant what the preferences forbid.
    if !matches!(devices, Devices::CameraDenied | Devices::Denied) {
        arguments.push("--use-fake-ui-for-media-stream".to_owned());
    }
    if devices == Devices::Humming {
        arguments.push(format!("--use-file-for-fake-audio-capture={}", hum(profile).display()));
    }
    arguments
}

fn preferences(options: &Options) -> Value {
    let (camera, microphone) = match options.devices {
        Devices::Denied => (BLOCK, BLOCK),
        Devices::CameraDenied => (BLOCK, ALLOW),
        _ => (ALLOW, ALLOW),
    };
    let mut preferences = json!({
        "intl.accept_languages": options.language,
        "intl.selected_languages": options.language,
        "profile.default_content_setting_values.media_stream_camera": camera,
        "profile.default_content_setting_values.media_stream_mic": microphone,
    });
    if options.addresses == Addresses::Hidden {
        preferences["webrtc.ip_handling_policy"] = json!("disable_non_proxied_udp");
    }
    if let Some(folder) = &options.downloads {
        preferences["download.default_directory"] = json!(folder);
        preferences["download.prompt_for_download"] = json!(false);
    }
    preferences
}

/// Writes a WAV file with one second of a hum into `folder`, for Chromium to play in a loop.
fn hum(folder: &Path) -> PathBuf {
    const RATE: u32 = 48_000;
    // 200 vibrations of a triangle wave, at a third of the full amplitude.
    let samples =
        (0..RATE as i32).flat_map(|at| ((((at % 240) - 120).abs() - 60) * 180).to_le_bytes()[..2].to_vec());
    let samples: Vec<u8> = samples.collect();
    let length = |extra: usize| ((samples.len() + extra) as u32).to_le_bytes();
    let mut wav = [*b"RIFF", length(36), *b"WAVE", *b"fmt ", 16u32.to_le_bytes()].concat();
    // PCM, one channel, 16 bits a sample.
    for (value, size) in [(1, 2), (1, 2), (RATE, 4), (RATE * 2, 4), (2, 2), (16, 2)] {
        wav.extend(&value.to_le_bytes()[..size]);
    }
    wav.extend(b"data");
    wav.extend(length(0));
    wav.extend(&samples);
    let path = folder.join("hum.wav");
    fs::write(&path, wav).expect("a file in a folder of ours");
    path
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
