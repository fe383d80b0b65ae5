//! Installs the programs that building and testing need, where they are missing or of another version.

mod aioice;
mod browsers;
mod cargo_tool;
mod debian;
pub(crate) mod networks;
pub(crate) mod servers;

use anyhow::Result;

pub(crate) use browsers::Browsers;
pub(crate) use cargo_tool::CargoTool;

use crate::{prerequisites, workspace};

/// The crates that read and write WebAssembly.
const WASM_BINDGEN_CORE: [&str; 6] =
    ["walrus", "wasmparser", "wasm-encoder", "wasm-bindgen-cli-support", "id-arena", "leb128fmt"];

/// Returns what building the page needs.
///
/// wasm-bindgen's program must have the very version of the crate, because the two share a private format.
/// Newer Trunks need a newer rustc than the workspace's.
pub(crate) fn of_the_page() -> Result<[CargoTool; 2]> {
    let wasm_bindgen = CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: workspace::locked_version("wasm-bindgen")?,
        // Unoptimised, they would add 2 seconds to every build.
        optimised: &WASM_BINDGEN_CORE,
        seconds: 95,
    };
    let trunk = CargoTool {
        package: "trunk",
        program: "trunk",
        version: "0.21.14".to_owned(),
        optimised: &[],
        seconds: 185,
    };
    Ok([wasm_bindgen, trunk])
}

/// Returns what runs the client's tests in a browser.
pub(crate) fn wasm_pack() -> CargoTool {
    CargoTool {
        package: "wasm-pack",
        program: "wasm-pack",
        version: "0.15.0".to_owned(),
        optimised: &[],
        seconds: 50,
    }
}

/// Returns what drives Firefox; no Debian package has it.
pub(crate) fn geckodriver() -> CargoTool {
    CargoTool {
        package: "geckodriver",
        program: "geckodriver",
        version: "0.37.0".to_owned(),
        optimised: &[],
        seconds: 40,
    }
}

/// Installs what building the page needs.
pub(crate) fn for_the_page() -> Result<()> {
    prerequisites::compiler()?;
    prerequisites::wasm_target()?;
    install(&of_the_page()?)
}

/// Installs what the tests without browsers are done with where it can be had. Returns what is not here.
pub(crate) fn for_native_tests() -> Result<Vec<&'static str>> {
    servers::try_to_install()?;
    let mut missing = servers::missing();
    if !aioice::ensure()? {
        missing.push("aioice");
    }
    Ok(missing)
}

/// Installs what the client's tests in a browser need.
pub(crate) fn for_wasm_tests() -> Result<Browsers> {
    prerequisites::compiler()?;
    prerequisites::wasm_target()?;
    let [wasm_bindgen, _] = of_the_page()?;
    install(&[wasm_bindgen, wasm_pack()])?;
    Browsers::ensure()
}

/// Installs what the tests with several browsers need, beside [`for_the_page`].
pub(crate) fn for_e2e_tests() -> Result<Browsers> {
    let browsers = Browsers::ensure()?;
    if browsers.firefox {
        install(&[geckodriver()])?;
    }
    Ok(browsers)
}

fn install(tools: &[CargoTool]) -> Result<()> {
    tools.iter().try_for_each(CargoTool::ensure)?;
    cargo_tool::clean_up()
}
