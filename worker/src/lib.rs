//! The web worker of Tincan. It reads the files that are sent, stores those that are received, and hashes
//! both.
//!
//! It is a WebAssembly module of its own, which is fetched when the first file is sent or received, so that
//! the first load of the page does without BLAKE3. A worker also is the only place where a browser gives
//! synchronous access to a stored file ([File System Standard], section 2.6), and where reading and hashing
//! don't hold up the page.
//!
//! [`protocol`] is what page and worker tell each other. The page's half is `client/src/browser/files/`.
//!
//! [File System Standard]: https://fs.spec.whatwg.org/

mod buffer;
mod digest;
mod failure;
mod folder;
mod incoming;
mod outgoing;
mod post;
pub mod protocol;
mod serve;

pub use buffer::release;
pub use serve::serve;
