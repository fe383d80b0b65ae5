//! What every component can reach without a prop: the way to the session, the settings, the language in use.
//!
//! Nothing here draws. This folder knows the catalogue, and none of the folders that draw.

mod earlier_settings;
mod kept;
pub(super) mod language;
pub(super) mod page;
pub(super) mod settings;
