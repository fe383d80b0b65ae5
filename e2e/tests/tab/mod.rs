//! The tab that the page is in: leaving it by mistake, a duplicate of it, a server that is upgraded under it,
//! and coming back to it.

mod duplicates;
mod leaving;
mod returning;
mod upgrades;
