//! Installs the browsers that the tests drive, and fonts, from Debian's packages.

use anyhow::{Result, bail};

use super::debian::{self, Package};
use crate::process::{command, find, output};

/// The browsers on this machine.
pub(crate) struct Browsers {
    /// Whether Firefox is here. Without it its tests are left out, and the summary says so.
    pub(crate) firefox: bool,
}

const PACKAGES: [Package; 4] = [
    Package { name: "chromium", is_here: has_chromium },
    Package { name: "chromium-driver", is_here: || find("chromedriver").is_some() },
    Package { name: "firefox-esr", is_here: has_firefox },
    // Without this, Chinese text in screenshots is a row of boxes.
    Package { name: "fonts-noto-cjk", is_here: has_chinese_font },
];
/// Those without which there are no browser tests at all.
const NEEDED: [&str; 2] = ["chromium", "chromium-driver"];

impl Browsers {
    /// Returns whether there is nothing to install.
    pub(crate) fn are_here() -> bool {
        PACKAGES.iter().all(|package| (package.is_here)())
    }

    /// Installs what is missing where that is possible, and says what to install where not.
    pub(crate) fn ensure() -> Result<Browsers> {
        let missing = debian::ensure(&PACKAGES, "about 2 minutes, once")?;
        if !missing.is_empty() {
            let how = how_to_install(&missing);
            if missing.iter().any(|name| NEEDED.contains(name)) {
                bail!("the browser tests need {}. {how}", missing.join(", "));
            }
            eprintln!("not here, and done without: {}. {how}", missing.join(", "));
        }
        Ok(Browsers { firefox: has_firefox() })
    }
}

fn how_to_install(packages: &[&str]) -> String {
    if find("apt-get").is_some() {
        format!("Install with: sudo apt-get install {}", packages.join(" "))
    } else {
        "Install Chromium (or Chrome) with its chromedriver, Firefox, and a font with Chinese characters, \
         by your system's packages"
            .to_owned()
    }
}

fn has_chromium() -> bool {
    ["chromium", "chromium-browser", "google-chrome"].iter().any(|program| find(program).is_some())
}

fn has_firefox() -> bool {
    ["firefox-esr", "firefox"].iter().any(|program| find(program).is_some())
}

fn has_chinese_font() -> bool {
    matches!(output(command("fc-list").arg(":lang=zh-cn")), Ok(Some(fonts)) if !fonts.trim().is_empty())
}
