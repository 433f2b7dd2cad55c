//! Bodies in the aws-chunked encoding, decoded and verified while they arrive.
//!
//! ```text
//! 10000;chunk-signature=…⏎ 65,536 bytes ⏎
//! 400;chunk-signature=…⏎ 1,024 bytes ⏎
//! 0;chunk-signature=…⏎
//! x-amz-checksum-crc32c:sOO8/Q==⏎
//! x-amz-trailer-signature:…⏎
//! ⏎
//! ```
//!
//! Each signature covers the one before it, and the first that of the request's head, so no chunk can be changed,
//! moved, left out or taken from another request. The encoding is that of the S3 API reference, "Transferring payload
//! in multiple chunks" and "Including trailing headers".

mod chain;
mod error;
mod lines;
mod trailers;

use sha2::{Digest, Sha256};

pub(crate) use self::chain::Chain;
pub(crate) use self::error::S3_MISMATCH;
use self::lines::{ChunkHead, Lines};
pub use self::{error::BodyError, trailers::Trailers};

/// An aws-chunked body on its way in. It does no I/O: bytes are fed to it as they come, in pieces of any size.
///
/// Of a body with signatures, only what is verified comes out, a chunk at a time, and at most one chunk is held in
/// memory. What came out is still only the start of a body: it is whole when [`finish`](Self::finish) says so.
#[derive(Debug)]
pub struct ChunkedBody {
    /// `None` for a body without signatures.
    chain: Option<Chain>,
    limits: Limits,
    /// The length that the body must have when decoded.
    expected: u64,
    /// The length of all chunks whose heads have been read.
    decoded: u64,
    /// How many chunk heads have been read, and how long the last chunk is.
    chunks: u64,
    size: u64,
    state: State,
    lines: Lines,
    /// What has come of a signed chunk that is not verified yet.
    held: Vec<u8>,
    digest: Sha256,
    signature: [u8; 64],
    trailers: Option<trailers::Reader>,
    failed: Option<BodyError>,
}

/// Where in the encoding the next byte belongs.
#[derive(Clone, Copy, Debug)]
enum State {
    Head,
    Data {
        left: u64,
    },
    AfterData,
    /// After the empty chunk: trailers, or only the empty line.
    Tail,
    Done,
}

impl ChunkedBody {
    pub(crate) fn new(chain: Option<Chain>, expected: u64, announced: Option<&[u8]>) -> Self {
        Self {
            limits: Limits::default(),
            expected,
            decoded: 0,
            chunks: 0,
            size: 0,
            state: State::Head,
            lines: Lines::default(),
            held: Vec::new(),
            digest: Sha256::new(),
            signature: [0; 64],
            trailers: announced.map(|names| trailers::Reader::new(names, chain.is_some())),
            chain,
            failed: None,
        }
    }

    /// Sets other limits than the usual.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The length that the body must have when decoded, as `x-amz-decoded-content-length` says.
    pub fn decoded_length(&self) -> u64 {
        self.expected
    }

    /// Decodes the next bytes, and appends what is verified of them, and of those held before, to `out`.
    ///
    /// # Errors
    ///
    /// The first fault, and from then on the same one again. Of a body with signatures, nothing of a faulty chunk is
    /// ever appended.
    pub fn feed(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<(), BodyError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.advance(input, out).inspect_err(|error| {
            self.held = Vec::new();
            self.failed = Some(error.clone());
        })
    }

    /// Ends the body, and gives its trailers.
    ///
    /// # Errors
    ///
    /// [`Truncated`](BodyError::Truncated), or the fault that [`feed`](Self::feed) found.
    pub fn finish(self) -> Result<Trailers, BodyError> {
        match (self.failed, self.state) {
            (Some(error), _) => Err(error),
            (None, State::Done) => {
                Ok(self.trailers.map(trailers::Reader::finish).unwrap_or_default())
            }
            (None, _) => Err(BodyError::Truncated),
        }
    }

    fn advance(&mut self, mut input: &[u8], out: &mut Vec<u8>) -> Result<(), BodyError> {
        while !input.is_empty() {
            input = match self.state {
                State::Head => self.head(input, out)?,
                State::Data { left } => self.data(left, input, out)?,
                State::AfterData => self.empty_line(input, State::Head)?,
                State::Tail => self.tail(input)?,
                State::Done => return Err(BodyError::Malformed("bytes after the end")),
            };
        }
        Ok(())
    }

    fn head<'i>(&mut self, input: &'i [u8], out: &mut Vec<u8>) -> Result<&'i [u8], BodyError> {
        let (line, rest) = self.lines.next(input, lines::MAX_HEAD)?;
        let Some(line) = line else { return Ok(rest) };
        let head = ChunkHead::parse(&line, self.chain.is_some())?;
        self.lines.reuse(line);
        let previous = std::mem::replace(&mut self.size, head.size);
        if head.size > 0 && self.chunks > 0 && previous < self.limits.smallest_chunk {
            return Err(BodyError::ChunkTooSmall { chunk: self.chunks, size: previous });
        }
        if self.chain.is_some() && head.size > self.limits.signed_chunk {
            return Err(BodyError::ChunkTooLarge {
                size: head.size,
                limit: self.limits.signed_chunk,
            });
        }
        self.chunks += 1;
        self.decoded = self.decoded.saturating_add(head.size);
        if self.decoded > self.expected || head.size == 0 && self.decoded < self.expected {
            return Err(BodyError::LengthDiffers {
                expected: self.expected,
                decoded: self.decoded,
            });
        }
        self.signature = head.signature;
        if head.size == 0 {
            self.release(&[], out)?;
            self.state = State::Tail;
        } else {
            self.state = State::Data { left: head.size };
        }
        Ok(rest)
    }

    fn data<'i>(
        &mut self,
        left: u64,
        input: &'i [u8],
        out: &mut Vec<u8>,
    ) -> Result<&'i [u8], BodyError> {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        let (data, rest) = input.split_at(length);
        let left = left - length as u64;
        if self.chain.is_none() {
            out.extend_from_slice(data);
        } else if left == 0 {
            self.release(data, out)?;
        } else {
            self.digest.update(data);
            self.held.extend_from_slice(data);
        }
        self.state = if left == 0 { State::AfterData } else { State::Data { left } };
        Ok(rest)
    }

    /// Verifies a chunk, of which `last` is the last piece, and lets it out.
    fn release(&mut self, last: &[u8], out: &mut Vec<u8>) -> Result<(), BodyError> {
        if let Some(chain) = &mut self.chain {
            self.digest.update(last);
            chain.check_chunk(self.digest.finalize_reset().into(), &self.signature)?;
            out.append(&mut self.held);
            out.extend_from_slice(last);
        }
        Ok(())
    }

    fn empty_line<'i>(&mut self, input: &'i [u8], then: State) -> Result<&'i [u8], BodyError> {
        let (line, rest) = self.lines.next(input, lines::EMPTY.len())?;
        if let Some(line) = line {
            lines::refuse_text(&line)?;
            self.lines.reuse(line);
            self.state = then;
        }
        Ok(rest)
    }

    fn tail<'i>(&mut self, input: &'i [u8]) -> Result<&'i [u8], BodyError> {
        let Some(trailers) = &mut self.trailers else {
            return self.empty_line(input, State::Done);
        };
        let left = trailers.room(&self.limits);
        let (line, rest) = self.lines.next(input, left).map_err(|_| trailers::TOO_LONG)?;
        if let Some(line) = line {
            let is_end = trailers.take(&line, &self.limits)?;
            self.lines.reuse(line);
            if is_end {
                trailers.check(self.chain.as_mut())?;
                self.state = State::Done;
            }
        }
        Ok(rest)
    }
}

/// What a [`ChunkedBody`] puts up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a signed chunk, which is held in memory until its last byte has come: 16 MiB. An unsigned
    /// chunk passes through, and may be as long as the body.
    pub signed_chunk: u64,
    /// The fewest bytes of a chunk that is not the last: 8,192, as with S3. Zero lets every chunk pass.
    pub smallest_chunk: u64,
    /// The most trailers: 16.
    pub trailers: usize,
    /// The most bytes of all trailers together: 8 KiB.
    pub trailer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { signed_chunk: 16 << 20, smallest_chunk: 8192, trailers: 16, trailer_bytes: 8192 }
    }
}
