//! Reads the blocks in docs/HOSTING.md.

/// Returns the block after `<!-- block: NAME -->`.
pub(crate) fn block(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/HOSTING.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, after) = text.split_once(&format!("<!-- block: {name} -->\n```")).expect(name);
    let (block, _) = after.split_once("\n```").expect(name);
    block.split_once('\n').expect("a block begins after its language").1.to_owned() + "\n"
}

/// Returns the block as the table says that it is below a path.
pub(crate) fn below_a_path(name: &str, block: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/HOSTING.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, table) = text.split_once("| proxy | in place of | is |\n").expect("a table");
    let (table, _) = table.split_once("\n\n").expect("a table has an end");
    let start = format!("| {name} |");
    let mut block = block.to_owned();
    for row in table.lines().filter(|row| row.starts_with(&start)) {
        let mut code = row.split('`').skip(1).step_by(2);
        let from = code.next().expect("what to replace");
        block = replaced(&block, from, &code.collect::<Vec<_>>().join("\n"));
    }
    block
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
