//! What holds of any bytes holds of those in `corpus/`, and of each with a part missing.

use std::fs;
use std::path::PathBuf;

use tincan_fuzz::TARGETS;

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

#[test]
fn everything_holds_of_the_corpus() {
    for target in TARGETS {
        let files = fs::read_dir(corpus(target.name)).expect("each target has a folder");
        let mut checked = 0;
        for file in files {
            let bytes = fs::read(file.expect("a file").path()).expect("it can be read");
            (target.check)(&bytes);
            (target.check)(&bytes[..bytes.len() / 2]);
            (target.check)(&bytes[bytes.len() / 3..]);
            checked += 1;
        }
        assert!(checked > 2, "{} has nothing to start from", target.name);
    }
}
