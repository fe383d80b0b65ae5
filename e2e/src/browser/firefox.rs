//! How Firefox is started.

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::{Devices, Options};

/// Returns what a new session asks of geckodriver.
pub(super) fn capabilities(options: &Options) -> Capabilities {
    let capabilities = json!({
        "moz:firefoxOptions": { "args": ["-headless"], "prefs": preferences(options) },
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
