//! The build script's decisions about the embedded files.

#[path = "../build/content_hash.rs"]
mod content_hash;
#[path = "../build/content_type.rs"]
mod content_type;
#[path = "../build/inline_scripts.rs"]
mod inline_scripts;
#[path = "../build/room_page.rs"]
mod room_page;

#[test]
fn only_trunks_hashed_names_are_cached_for_ever() {
    for path in [
        "tincan-client-1f4c02dd9e3a77b0.js",
        "tincan-client-1f4c02dd9e3a77b0_bg.wasm",
        "style-0123456789abcdef.css",
        "icon-586af398165669e.svg",
        "icon-86af398165669e.svg",
        "snippets/x-0123456789abcdef/inline0.js",
    ] {
        assert!(content_hash::is_in(path), "{path}");
    }
    for path in [
        "index.html",
        "favicon.svg",
        "a-123456789.js",
        "a-0123456789abcdeff.js",
        "a-0123456789abcdefg.js",
        "0123456789ABCDEF.js",
        "a-decadedecade.js",
    ] {
        assert!(!content_hash::is_in(path), "{path}");
    }
}

#[test]
fn types_are_what_browsers_ask_for() {
    for (path, kind) in [
        ("index.html", "text/html; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a_bg.wasm", "application/wasm"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
        ("a.webmanifest", "application/manifest+json"),
        ("LICENSE", "application/octet-stream"),
    ] {
        assert_eq!(content_type::of(path), kind);
    }
}

/// The hash is that of MDN's example.
#[test]
fn inline_scripts_are_named_by_hash_and_others_are_not() {
    let html = "<head><script src=\"/a.js\"></script>\
        <script type=\"module\" nonce=\"x\">alert('Hello, world.');</script></head>\
        <script async src=b.js></script>";
    assert_eq!(inline_scripts::csp_sources(html), " 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    assert_eq!(inline_scripts::csp_sources("<script"), "");
    assert_eq!(inline_scripts::csp_sources("<script>1"), "");
}

#[test]
fn a_rooms_page_has_its_base_one_level_up() {
    for (page, expected) in [
        (
            "<meta charset=utf-8><base href=./><link href=a.css>",
            "<meta charset=utf-8><base href=../><link href=a.css>",
        ),
        (r#"<base href="./"><a href="./">"#, r#"<base href="../"><a href="./">"#),
        ("<base href=/>", "<base href=/>"),
    ] {
        assert_eq!(room_page::of(page), expected);
    }
}
