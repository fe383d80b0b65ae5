//! Hashes a file as it goes by.

use js_sys::Uint8Array;

/// How much is copied into the memory of this module at once, in bytes.
const AT_ONCE: u32 = 256 * 1024;

/// A BLAKE3 hash of everything that was added.
pub(crate) struct Digest {
    hasher: blake3::Hasher,
    copy: Vec<u8>,
}

impl Digest {
    pub(crate) fn new() -> Digest {
        Digest { hasher: blake3::Hasher::new(), copy: vec![0; AT_ONCE as usize] }
    }

    /// Adds the next bytes.
    pub(crate) fn update(&mut self, bytes: &Uint8Array) {
        let mut start = 0;
        while start < bytes.length() {
            let end = bytes.length().min(start + AT_ONCE);
            let copy = &mut self.copy[..(end - start) as usize];
            bytes.subarray(start, end).copy_to(copy);
            self.hasher.update(copy);
            start = end;
        }
    }

    /// Returns the hash of all bytes so far, in hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        self.hasher.finalize().to_hex().as_str().to_owned()
    }
}
