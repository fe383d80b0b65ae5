//! Joins the page's style sheets into one file.
//!
//! There is one for each part of the page (`client/style/`). Trunk writes a file and a link for each: that
//! would be 16 requests, and 3 KB more in the first load, because what the sheets have in common compresses
//! only within one file.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Replaces the style sheets of the bundle at `dist` by one, and their links in `index.html` by one link.
pub(crate) fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let links = style_links(&html);
    ensure!(!links.is_empty(), "{} has no style sheet", page.display());
    let mut joined = String::new();
    for (_, address) in &links {
        let path = dist.join(address.trim_start_matches(['.', '/']));
        joined += &fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        fs::remove_file(&path)?;
    }
    let name = format!("style-{:016x}.css", hash(&joined));
    fs::write(dist.join(&name), joined)?;
    fs::write(page, with_one_link(&html, &links, &name))?;
    Ok(())
}

/// Returns where the links to style sheets are in a page, and the address in each.
fn style_links(html: &str) -> Vec<(Range<usize>, &str)> {
    let starts = html.match_indices("<link ").map(|(start, _)| start);
    let links = starts.filter_map(|start| {
        let end = start + html[start..].find('>')? + 1;
        let attributes = || html[start..end].trim_end_matches(['>', '/']).split_ascii_whitespace();
        let value = |name| attributes().find_map(|attribute| attribute.strip_prefix(name));
        let is_style = value("rel=")?.trim_matches('"') == "stylesheet";
        is_style.then_some((start..end, value("href=")?.trim_matches('"')))
    });
    links.collect()
}

/// Returns the page with one link, to `name`, in place of the first of `links`, and without the others.
fn with_one_link(html: &str, links: &[(Range<usize>, &str)], name: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    for (at, (link, _)) in links.iter().enumerate() {
        out += &html[from..link.start];
        if at == 0 {
            out += &format!("<link href={name} rel=stylesheet>");
        }
        from = link.end;
    }
    out + &html[from..]
}

/// Returns a hash of the content, for its name: browsers keep a file for ever whose name has a hash of 16
/// digits.
fn hash(content: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(content.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_takes_the_place_of_all() {
        const FIRST: [&str; 2] =
            ["<link href=/a-1.css rel=stylesheet>", "<link rel=\"stylesheet\" href=\"/a-1.css\"/>"];
        for first in FIRST {
            let html =
                format!("<head><link rel=icon href=/i.svg>{first}<link href=/b-2.css rel=stylesheet></head>");
            let links = style_links(&html);
            let addresses: Vec<_> = links.iter().map(|(_, address)| *address).collect();
            assert_eq!(addresses, ["/a-1.css", "/b-2.css"]);
            assert_eq!(
                with_one_link(&html, &links, "style.css"),
                "<head><link rel=icon href=/i.svg><link href=style.css rel=stylesheet></head>"
            );
        }
    }
}
