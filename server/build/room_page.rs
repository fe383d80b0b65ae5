//! Makes the page of a room out of index.html. It is at `r/NAME`, below the base of everything that it names.

/// Returns the page with its base one level up, if it has one of its own.
pub(crate) fn of(html: &str) -> String {
    for (base, above) in
        [("<base href=./>", "<base href=../>"), (r#"<base href="./">"#, r#"<base href="../">"#)]
    {
        if html.contains(base) {
            return html.replacen(base, above, 1);
        }
    }
    html.to_owned()
}
