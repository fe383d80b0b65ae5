//! What every component may reach without being handed it.

use yew::prelude::*;

use crate::browser::Support;
use crate::runtime::Handle;

/// The page around a component.
#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    /// The way to the session.
    pub(crate) handle: Handle,
    /// What the browser allows.
    pub(crate) support: Support,
}

/// The page around this component.
#[hook]
pub(crate) fn use_page() -> Page {
    // `App` draws nothing outside of its provider.
    use_context().expect("components are drawn inside App")
}
