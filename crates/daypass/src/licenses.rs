//! `daypass licenses`: the notice of third parties.

use std::io::{self, ErrorKind, Write as _};

use anyhow::Context as _;
use flate2::read::GzDecoder;

/// Prints the notice, a part at a time. A reader who goes away early has seen enough.
///
/// # Errors
/// When it cannot be printed.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match io::copy(&mut GzDecoder::new(NOTICE), &mut out).and_then(|_| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot print"),
        _ => Ok(()),
    }
}

/// Written by `cargo xtask licenses`.
static NOTICE: &[u8] = include_bytes!("../data/third-party.txt.gz");

pub(crate) const LICENSES_HELP: &str = "\
First comes a list: each package with its version, its licence as an SPDX expression, and where its
source is. Then the texts of the licences follow, each once, under the names of the packages that it
belongs to. Whoever passes the binary on passes these on with it. It is long, so:

  daypass licenses | less
  daypass licenses > THIRD-PARTY.txt";
