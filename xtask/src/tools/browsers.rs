//! Installs the browsers that the tests drive, and fonts, from Debian's packages.

use anyhow::{Result, bail};

use super::debian::{self, Package};
use crate::process::{command, find, output};
use crate::step::step;

/// The browsers on this machine.
pub(crate) struct Browsers {
    /// Whether Firefox is here. Without it its tests are left out, and the summary says so.
    pub(crate) firefox: bool,
}

const PACKAGES: [Package; 5] = [
    Package { name: "chromium", needed: true, is_here: has_chromium },
    Package { name: "chromium-driver", needed: true, is_here: || find("chromedriver").is_some() },
    Package { name: "firefox-esr", needed: false, is_here: has_firefox },
    // Tells Firefox which certificates to trust. One test needs it.
    Package { name: "libnss3-tools", needed: false, is_here: || find("certutil").is_some() },
    // Without this, Chinese text in screenshots is a row of boxes.
    Package { name: "fonts-noto-cjk", needed: false, is_here: has_chinese_font },
];

impl Browsers {
    /// Returns whether there is nothing to install.
    pub(crate) fn are_here() -> bool {
        debian::missing(&PACKAGES).is_empty()
    }

    /// Installs what is missing where that is possible, and says what to install where not.
    pub(crate) fn ensure() -> Result<Browsers> {
        let missing = debian::missing(&PACKAGES);
        if !missing.is_empty() {
            let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
            if debian::can_install()? {
                step(&format!("Installing {}", names.join(", ")), "about 2 minutes, once", || {
                    debian::install(&names)
                })?;
            } else {
                let how = how_to_install(&names);
                if missing.iter().any(|package| package.needed) {
                    bail!("the browser tests need {}. {how}", names.join(", "));
                }
                eprintln!("not here, and done without: {}. {how}", names.join(", "));
            }
        }
        Ok(Browsers { firefox: has_firefox() })
    }
}

fn how_to_install(packages: &[&str]) -> String {
    debian::how_to_install(packages).unwrap_or_else(|| {
        "Install Chromium (or Chrome) with its chromedriver, Firefox, and a font with Chinese characters, \
         by your system's packages"
            .to_owned()
    })
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
