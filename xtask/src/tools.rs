//! The programs that building and testing need, installed where they are missing or of another version.

mod browsers;
mod cargo_tool;

use anyhow::Result;

pub(crate) use browsers::Browsers;
use cargo_tool::CargoTool;

use crate::{prerequisites, workspace};

/// Bundles the page. Newer ones want a newer rustc than the workspace's.
const TRUNK: CargoTool =
    CargoTool { package: "trunk", program: "trunk", expectation: "about 8 minutes, once" };
const TRUNK_VERSION: &str = "0.21.14";

/// Its version must be the `wasm-bindgen` crate's own, to the digit: the two share a private format.
const WASM_BINDGEN: CargoTool =
    CargoTool { package: "wasm-bindgen-cli", program: "wasm-bindgen", expectation: "about 3 minutes, once" };

/// Runs the client's tests in a browser.
const WASM_PACK: CargoTool =
    CargoTool { package: "wasm-pack", program: "wasm-pack", expectation: "about 2 minutes, once" };
const WASM_PACK_VERSION: &str = "0.15.0";

/// Drives Firefox; no Debian package has it.
const GECKODRIVER: CargoTool =
    CargoTool { package: "geckodriver", program: "geckodriver", expectation: "about a minute, once" };
const GECKODRIVER_VERSION: &str = "0.37.0";

/// What building the page needs.
pub(crate) fn for_the_page() -> Result<()> {
    prerequisites::compiler()?;
    prerequisites::wasm_target()?;
    WASM_BINDGEN.ensure(&workspace::locked_version("wasm-bindgen")?)?;
    TRUNK.ensure(TRUNK_VERSION)
}

/// What the client's tests in a browser need, beside [`for_the_page`].
pub(crate) fn for_wasm_tests() -> Result<Browsers> {
    prerequisites::compiler()?;
    prerequisites::wasm_target()?;
    WASM_BINDGEN.ensure(&workspace::locked_version("wasm-bindgen")?)?;
    WASM_PACK.ensure(WASM_PACK_VERSION)?;
    Browsers::ensure()
}

/// What the tests with several browsers need, beside [`for_the_page`].
pub(crate) fn for_e2e_tests() -> Result<Browsers> {
    let browsers = Browsers::ensure()?;
    if browsers.firefox {
        GECKODRIVER.ensure(GECKODRIVER_VERSION)?;
    }
    Ok(browsers)
}
