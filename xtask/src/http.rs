//! Just enough of HTTP/1.1 (RFC 9112) to ask our own server for a file, without a dependency.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// A response. If the server compressed the body, it is still compressed.
pub(crate) struct Response {
    pub(crate) body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Response {
    /// Returns a header's value. `name` is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Sends `GET path` to `address` (`host:port`) with an `Accept-Encoding`. Errors unless the status is 200.
pub(crate) fn get(address: &str, path: &str, accept_encoding: &str) -> Result<Response> {
    request(address, path, accept_encoding).with_context(|| format!("GET {path}"))
}

fn request(address: &str, path: &str, accept_encoding: &str) -> Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: {accept_encoding}\r\n\
         Connection: close\r\n\r\n"
    )?;
    let mut reader = BufReader::new(stream);
    let mut status = String::new();
    reader.read_line(&mut status)?;
    ensure!(status.split(' ').nth(1) == Some("200"), "the server answered {:?}", status.trim());

    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').with_context(|| format!("not a header: {line:?}"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }

    let mut response = Response { body: Vec::new(), headers };
    if response.header("transfer-encoding").is_some() {
        bail!("the body has no length: a file that is compressed once, at build time, has one");
    }
    let length: u64 = response.header("content-length").context("no Content-Length")?.parse()?;
    reader.take(length).read_to_end(&mut response.body)?;
    ensure!(response.body.len() as u64 == length, "the body is shorter than its Content-Length");
    Ok(response)
}
