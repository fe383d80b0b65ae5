//! Tells how the user points.

/// Returns whether the user mostly points with fingers. On such a device, focus on a text box opens a
/// keyboard over half the page.
pub fn pointer_is_coarse() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    query.is_some_and(|query| query.matches())
}
