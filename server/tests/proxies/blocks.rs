//! Reads the blocks in docs/HOSTING.md.

/// Returns the block after `<!-- block: NAME -->`.
pub(crate) fn block(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/HOSTING.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, after) = text.split_once(&format!("<!-- block: {name} -->\n```")).expect(name);
    let (block, _) = after.split_once("\n```").expect(name);
    block.split_once('\n').expect("a block begins after its language").1.to_owned() + "\n"
}

/// Replaces what has to be there.
pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "docs/HOSTING.md has no `{from}` in:\n{text}");
    text.replace(from, to)
}

/// Leaves out each line that has this, which at least one has.
pub(crate) fn without(text: &str, part: &str) -> String {
    assert!(text.contains(part), "docs/HOSTING.md has no `{part}` in:\n{text}");
    text.lines().filter(|line| !line.contains(part)).flat_map(|line| [line, "\n"]).collect()
}
