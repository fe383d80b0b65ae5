//! A file that is sent.

use std::future::Future;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::{StreamExt, stream};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::buffer::release;
use crate::digest::Digest;
use crate::failure::Failure;
use crate::post::{post, post_buffer};
use crate::protocol::Response;

/// How much of what is only hashed is read at once, in bytes.
const BLOCK: u64 = 1 << 20;
/// How many reads are under way at once. Each takes its time, whatever its length.
const READS_AT_ONCE: usize = 4;

/// Hashes `file` up to `from`, then posts as much of the rest as each of `reads` asks for, until all is read.
pub(crate) async fn serve(
    transfer: u32,
    file: Blob,
    from: u64,
    reads: UnboundedReceiver<u32>,
) -> Result<(), Failure> {
    let size = file.size() as u64;
    // It is shorter than what was sent of it.
    if from > size {
        return Err(Failure::Changed);
    }
    let mut digest = Digest::new();
    let starts = stream::iter((0..from).step_by(BLOCK as usize));
    let mut blocks = starts.map(|start| read(&file, start, from.min(start + BLOCK))).buffered(READS_AT_ONCE);
    while let Some(block) = blocks.next().await {
        let block = block?;
        digest.update(&Uint8Array::new(&block));
        release(&block);
    }
    post(transfer, Response::Opened, &[(from as f64).into(), digest.hex().into()]);
    let (mut read_to, mut sent_to) = (from, from);
    let chunks = reads.map(|length| {
        let start = read_to;
        read_to = size.min(start + u64::from(length));
        read(&file, start, read_to)
    });
    let mut chunks = chunks.buffered(READS_AT_ONCE);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        sent_to += u64::from(chunk.byte_length());
        if chunk.byte_length() > 0 {
            digest.update(&Uint8Array::new(&chunk));
            // The very buffer that was read: a copy of each would be collected too late to keep the page
            // small.
            post_buffer(transfer, Response::Chunk, &chunk);
        }
        if sent_to == size {
            post(transfer, Response::End, &[digest.hex().into()]);
            break;
        }
    }
    Ok(())
}

/// Starts to read the bytes from `start` to before `end`, both within the file. Fails with
/// [`Failure::Changed`] if the browser no longer finds the file that was chosen.
fn read(file: &Blob, start: u64, end: u64) -> impl Future<Output = Result<ArrayBuffer, Failure>> + use<> {
    let slice = file.slice_with_f64_and_f64(start as f64, end as f64);
    let coming = slice.map(|slice| JsFuture::from(slice.array_buffer()));
    async move {
        let bytes = coming.map_err(|_| Failure::Changed)?.await.map_err(|_| Failure::Changed)?;
        let bytes: ArrayBuffer = bytes.unchecked_into();
        if u64::from(bytes.byte_length()) == end - start { Ok(bytes) } else { Err(Failure::Changed) }
    }
}
