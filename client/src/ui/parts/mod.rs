//! What screens are built of: buttons, forms, dialogs, videos, notes about devices, and the hooks that
//! several of them use.
//!
//! A part knows the page's context and the catalogue. It knows no screen, no meeting, no conversation and no
//! file.

pub(super) mod button;
pub(super) mod cans;
pub(super) mod device_note;
pub(super) mod device_settings;
pub(super) mod dialog;
pub(super) mod effect;
pub(super) mod focus;
pub(super) mod form;
pub(super) mod icon;
pub(super) mod invite;
pub(super) mod language_picker;
mod phrase;
pub(super) mod qr;
pub(super) mod toggle;
pub(super) mod video;
