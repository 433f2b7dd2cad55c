//! The policy documents: gzip members of a few documents each, one document a line.

use std::io::{self, BufRead as _, BufReader};

use flate2::bufread::GzDecoder;

/// The document on a line, counted from zero, of the gzip member that begins at `offset`.
pub(crate) fn read(offset: usize, line: usize) -> io::Result<Box<str>> {
    let member = DATA.get(offset..).unwrap_or_default();
    let mut lines = BufReader::new(GzDecoder::new(member)).lines();
    let document = lines.nth(line).ok_or(io::ErrorKind::UnexpectedEof)?;
    document.map(String::into_boxed_str)
}

static DATA: &[u8] = include_bytes!("../data/managed-policies.jsonl.gz");
