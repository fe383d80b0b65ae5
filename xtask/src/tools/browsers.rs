//! Installs the browsers that the tests drive, and fonts, from Debian's packages.

use anyhow::{Result, bail};

use crate::process::{command, find, output, run};
use crate::step::step;

/// The browsers on this machine.
pub(crate) struct Browsers {
    /// Whether Firefox is here. Without it its tests are left out, and the summary says so.
    pub(crate) firefox: bool,
}

/// A Debian package, and how to see whether what it brings is here, from whatever source.
struct Package {
    name: &'static str,
    needed: bool,
    is_here: fn() -> bool,
}

const PACKAGES: [Package; 4] = [
    Package { name: "chromium", needed: true, is_here: has_chromium },
    Package { name: "chromium-driver", needed: true, is_here: || find("chromedriver").is_some() },
    Package { name: "firefox-esr", needed: false, is_here: has_firefox },
    // Without this, Chinese text in screenshots is a row of boxes.
    Package { name: "fonts-noto-cjk", needed: false, is_here: has_chinese_font },
];

impl Browsers {
    /// Returns whether there is nothing to install.
    pub(crate) fn are_here() -> bool {
        PACKAGES.iter().all(|package| (package.is_here)())
    }

    /// Installs what is missing where that is possible, and says what to install where not.
    pub(crate) fn ensure() -> Result<Browsers> {
        let missing: Vec<&Package> = PACKAGES.iter().filter(|package| !(package.is_here)()).collect();
        if !missing.is_empty() {
            let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
            if find("apt-get").is_some() && is_root()? {
                step(&format!("Installing {}", names.join(", ")), "about 2 minutes, once", || {
                    install(&names)
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

pub(super) fn install(packages: &[&str]) -> Result<()> {
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    // A fresh machine or container has no package lists at all.
    run(apt().args(["update", "--quiet"]))?;
    run(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages))
}

pub(super) fn how_to_install(packages: &[&str]) -> String {
    if find("apt-get").is_some() {
        format!("Install with: sudo apt-get install {}", packages.join(" "))
    } else {
        format!("Install them by your system's packages (in Debian, {})", packages.join(", "))
    }
}

pub(super) fn is_root() -> Result<bool> {
    Ok(output(command("id").arg("-u"))?.is_some_and(|id| id.trim() == "0"))
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
