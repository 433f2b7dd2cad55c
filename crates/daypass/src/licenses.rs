//! `daypass licenses`: the notice of third parties.

use std::io::Read as _;

use anyhow::Context as _;
use flate2::read::GzDecoder;

use crate::terminal::print;

/// Prints the notice.
///
/// # Errors
/// When it cannot be printed. A reader who goes away early has seen enough.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut notice = String::new();
    GzDecoder::new(NOTICE).read_to_string(&mut notice).context("the notice cannot be read")?;
    print(&notice)
}

/// Written by `cargo xtask licenses`.
static NOTICE: &[u8] = include_bytes!("../data/third-party.txt.gz");

pub(crate) const LICENSES_HELP: &str = "\
First comes a list: each package with its version, its licence as an SPDX expression, and where its
source is. Then the texts of the licences follow, each once, under the names of the packages that it
belongs to. Whoever passes the binary on passes these on with it. It is long, so:

  daypass licenses | less
  daypass licenses > THIRD-PARTY.txt";
