//! A file that is received.

use js_sys::Uint8Array;
use web_sys::{FileSystemReadWriteOptions, FileSystemSyncAccessHandle};

use crate::digest::Digest;
use crate::failure::Failure;

/// How much of what is there already is read at once, in bytes.
const READ_AT_ONCE: u64 = 1 << 20;
/// How many reads are made before other transfers get their turn.
const READS_A_TURN: u32 = 16;

/// An open file that grows. Dropping it closes it, and what is in it stays.
pub(crate) struct Incoming {
    id: String,
    handle: FileSystemSyncAccessHandle,
    digest: Digest,
    /// How many bytes are hashed.
    offset: u64,
    /// How many bytes were there when it was opened.
    there: u64,
    size: u64,
}

impl Incoming {
    /// Opens what `handle` holds, if that can be the beginning of a file of `size` bytes. Before anything is
    /// written, all of that must be hashed by [`Incoming::hash_some`].
    pub(crate) fn new(
        id: String,
        handle: FileSystemSyncAccessHandle,
        size: u64,
    ) -> Result<Incoming, Failure> {
        // From here on, dropping it closes the handle.
        let mut incoming = Incoming { id, handle, digest: Digest::new(), offset: 0, there: 0, size };
        incoming.there = incoming.handle.get_size()? as u64;
        if incoming.there > size {
            incoming.handle.truncate_with_u32(0)?;
            incoming.there = 0;
        }
        Ok(incoming)
    }

    /// Returns how many bytes were there when it was opened.
    pub(crate) fn there(&self) -> u64 {
        self.there
    }

    /// Hashes some more of what was there. Returns whether there may be more.
    pub(crate) fn hash_some(&mut self) -> Result<bool, Failure> {
        if self.offset >= self.there {
            return Ok(false);
        }
        let bytes = Uint8Array::new_with_length(READ_AT_ONCE.min(self.there - self.offset) as u32);
        for _ in 0..READS_A_TURN {
            let read = self.handle.read_with_buffer_source_and_options(&bytes, &at(self.offset))?;
            if read < 1.0 {
                return Err(Failure::Storage);
            }
            self.digest.update(&bytes.subarray(0, read as u32));
            self.offset += read as u64;
            if self.offset >= self.there {
                break;
            }
        }
        Ok(true)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns how many bytes are hashed, or written since.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the hash of what is there.
    pub(crate) fn hash(&self) -> String {
        self.digest.hex()
    }

    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// A write that fails leaves the file as it was. A write beyond the size of the file fails.
    pub(crate) fn write(&mut self, bytes: &Uint8Array) -> Result<(), Failure> {
        let length = u64::from(bytes.length());
        if self.offset + length > self.size {
            return Err(Failure::Storage);
        }
        let written = self.handle.write_with_buffer_source_and_options(bytes, &at(self.offset));
        match written {
            Ok(written) if written as u64 == length => {
                self.digest.update(bytes);
                self.offset += length;
                Ok(())
            }
            result => {
                // What is hashed again after a reload must be what is counted now.
                let _ = self.handle.truncate_with_f64(self.offset as f64);
                Err(result.map_or_else(Failure::from, |_| Failure::Full))
            }
        }
    }

    /// Returns whether it is whole and its hash is `hash`.
    ///
    /// # Errors
    ///
    /// Fails if the disk reports only now that it is full.
    pub(crate) fn is(&self, hash: &str) -> Result<bool, Failure> {
        self.handle.flush()?;
        Ok(self.offset == self.size && self.hash() == hash)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // It fails on a broken disk. Then nothing helps.
        let _ = self.handle.flush();
        self.handle.close();
    }
}

fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}
