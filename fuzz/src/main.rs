//! The program that `cargo xtask fuzz` builds: libFuzzer, with the target that `TINCAN_FUZZ_TARGET` names.
//! Built otherwise, it only says so.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod with_libfuzzer {
    use std::env;
    use std::sync::LazyLock;

    use libfuzzer_sys::fuzz_target;

    static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
        let name = env::var("TINCAN_FUZZ_TARGET").unwrap_or_default();
        tincan_fuzz::find(&name).unwrap_or_else(|| panic!("no target is called {name:?}")).check
    });

    fuzz_target!(|bytes: &[u8]| {
        (*TARGET)(bytes);
    });
}

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("`cargo xtask fuzz` builds this so that it does something.");
}
