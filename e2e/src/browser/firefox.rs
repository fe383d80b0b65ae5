//! How Firefox is started.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::{Devices, Options};

/// Returns what a new session asks of geckodriver. Where the browser trusts an authority, its profile is
/// made below `folder`.
pub(super) fn capabilities(options: &Options, folder: &Path) -> Capabilities {
    let mut arguments = vec!["-headless".to_owned()];
    if let Some(authority) = &options.trusted_authority {
        let profile = folder.join("profile");
        trust(&profile, authority);
        arguments.extend(["-profile".to_owned(), profile.display().to_string()]);
    }
    let capabilities = json!({
        "moz:firefoxOptions": { "args": arguments, "prefs": preferences(options) },
        "timeouts": { "script": 20_000, "pageLoad": 30_000 },
        "unhandledPromptBehavior": "accept",
    });
    let Value::Object(capabilities) = capabilities else { unreachable!("written as an object above") };
    capabilities
}

fn preferences(options: &Options) -> Value {
    let mut preferences = json!({
        "intl.accept_languages": options.language,
        "media.navigator.streams.fake": options.devices == Devices::Fake,
        "media.navigator.permission.disabled": true,
        // Two browsers on one machine find each other without multicast DNS and by loopback alone.
        "media.peerconnection.ice.obfuscate_host_addresses": false,
        "media.peerconnection.ice.loopback": true,
        "media.autoplay.default": 0,
        // Firefox asks nothing of Mozilla's servers.
        "app.update.disabledForTesting": true,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "browser.safebrowsing.update.enabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        // Firefox would fetch an H.264 codec; VP8 is built in.
        "media.gmp-manager.updateEnabled": false,
    });
    if let Some(folder) = &options.downloads {
        preferences["browser.download.folderList"] = json!(2);
        preferences["browser.download.dir"] = json!(folder);
        preferences["browser.download.alwaysOpenPanel"] = json!(false);
    }
    preferences
}

/// Makes a profile which trusts the authority with this certificate. WebDriver's `acceptInsecureCerts` is
/// for pages alone, and not for TURN.
fn trust(profile: &Path, authority: &Path) {
    fs::create_dir(profile).expect("a folder in a folder of ours");
    let database = format!("sql:{}", profile.display());
    let certutil = |arguments: &[&str]| {
        let done =
            Command::new("certutil").args(["-d", &database]).args(arguments).stdin(Stdio::null()).status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "certutil (of libnss3-tools) fails: {arguments:?}"
        );
    };
    let authority = authority.display().to_string();
    certutil(&["-N", "--empty-password"]);
    certutil(&["-A", "-n", "tincan", "-t", "C,,", "-i", &authority]);
}
