//! How Firefox is started.

use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::{Devices, Options};
use crate::authority::trust_in;

/// Returns what a new session asks of geckodriver. Where the browser trusts an authority, its profile is
/// made below `folder`: WebDriver's `acceptInsecureCerts` is for pages alone, and not for TURN.
pub(super) fn capabilities(options: &Options, folder: &Path) -> Capabilities {
    let mut arguments = vec!["-headless".to_owned()];
    if let Some(authority) = options.place.as_ref().map(|place| &place.authority) {
        let profile = folder.join("profile");
        trust_in(&profile, authority);
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
    let fake_devices = matches!(options.devices, Devices::Fake | Devices::Smooth | Devices::Slow);
    let mut preferences = json!({
        "intl.accept_languages": options.language,
        "media.navigator.streams.fake": fake_devices,
        "media.navigator.permission.disabled": true,
        // Two browsers on one machine find each other without multicast DNS and by loopback alone.
        "media.peerconnection.ice.obfuscate_host_addresses": options.place.is_some(),
        "media.peerconnection.ice.loopback": options.place.is_none(),
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
    if let Some(place) = &options.place {
        // There is one server in its Internet.
        preferences["network.dns.forceResolve"] = json!(place.server);
    }
    if let Some(folder) = &options.downloads {
        preferences["browser.download.folderList"] = json!(2);
        preferences["browser.download.dir"] = json!(folder);
        preferences["browser.download.alwaysOpenPanel"] = json!(false);
    }
    preferences
}
