//! The command line of the measurements.

use std::process::Command;

#[test]
fn help_names_every_measurement() {
    let output = Command::new(env!("CARGO_BIN_EXE_tincan-bench")).arg("--help").output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    for name in ["idle", "relay", "hostile", "turn"] {
        assert!(text.contains(name), "{name} in {text}");
    }
}
