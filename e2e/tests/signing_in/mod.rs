//! The first screen: signing in by a name, and what a browser needs for it.

mod admission;
mod base_path;
mod check;
mod https;
mod names;
mod requirements;
