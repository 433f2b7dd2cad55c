//! `cargo xtask licenses [--check]`: the notice of third parties that `daypass licenses` prints.
//!
//! It lists every package of others in the binary, with the texts of the licences: MIT, BSD, ISC and
//! Apache ask that they come with copies, MPL that its source can be found. The texts are those of
//! the packages themselves, as cargo unpacked them. The file is one gzip member.

mod packages;
mod standard;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use self::packages::Package;
use crate::paths;

/// Writes the notice, or with `check` compares it with what is committed.
///
/// # Errors
///
/// A package has no licence that can be named, or the committed notice is not what would be written.
pub(crate) fn run(check: bool) -> Result<()> {
    let notice = notice(&packages::linked()?)?;
    let path = paths::root().join(FILE);
    if check {
        // Texts are compared, not bytes: another version of the library may pack otherwise.
        let mut committed = String::new();
        let read = fs::read(&path).map(|bytes| {
            let read = GzDecoder::new(&*bytes).read_to_string(&mut committed);
            read.is_ok()
        });
        let fresh = read.unwrap_or_default() && committed == notice;
        ensure!(fresh, "{FILE} is stale: run `cargo xtask licenses` and commit");
        return Ok(());
    }
    let mut gz = GzEncoder::new(Vec::new(), Compression::best());
    gz.write_all(notice.as_bytes())?;
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder)?;
    fs::write(&path, gz.finish()?).with_context(|| format!("cannot write {FILE}"))
}

/// The whole text: who is in the binary, then their licences, each text once.
fn notice(packages: &[Package]) -> Result<String> {
    let mut by_text = BTreeMap::<String, Vec<String>>::new();
    let mut table = String::new();
    for package in packages {
        let Package { name, version, .. } = package;
        let license = package.license.as_deref().with_context(|| format!("{name}: no licence"))?;
        let named = format!("{name} {version}");
        writeln!(table, "{named:<NAME_WIDTH$}  {license}\n    {}", source(package))?;
        for text in texts(package, license)? {
            by_text.entry(text).or_default().push(named.clone());
        }
    }
    // The texts of most packages first; among equals by the package.
    let mut texts: Vec<_> = by_text.into_iter().collect();
    texts.sort_by(|(_, one), (_, other)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    let mut notice = format!("{HEAD}\n{table}");
    for (text, of) in texts {
        write!(notice, "\n{RULE}\n{}:\n\n{text}\n", of.join(", "))?;
    }
    Ok(notice)
}

/// Where the source of a package is.
fn source(Package { name, version, .. }: &Package) -> String {
    format!("https://crates.io/crates/{name}/{version}")
}

/// The texts that come with a package, or else the standard one of its licence.
fn texts(package: &Package, license: &str) -> Result<Vec<String>> {
    let texts = package.notices()?;
    if !texts.is_empty() {
        return Ok(texts);
    }
    let Package { name, repository, authors, .. } = package;
    let whose = match (authors.as_slice(), repository) {
        ([], Some(repository)) => format!("the authors of {name} <{repository}>"),
        ([], None) => format!("the authors of {name}"),
        (authors, _) => authors.join(", "),
    };
    let standard = standard::text(license, &format!("Copyright (c) {whose}"));
    let standard = standard.with_context(|| {
        format!("{name} has no text of its licence, {license}: add the standard one to standard.rs")
    })?;
    Ok(vec![standard])
}

const FILE: &str = "crates/daypass/data/third-party.txt.gz";
const NAME_WIDTH: usize = 32;
const RULE: &str =
    "--------------------------------------------------------------------------------";
const HEAD: &str = "\
daypass is under the Apache License, Version 2.0. Built into it are these packages of others, on one
system or another, each under its own licence; the texts follow below.

imbl and imbl-sized-chunks are under the Mozilla Public License 2.0. It binds their own files, which
are built in unchanged; their source is where the list says.

Rust's standard library is built in too, under MIT OR Apache-2.0: https://github.com/rust-lang/rust.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_is_fresh() {
        run(true).unwrap();
    }

    #[test]
    fn everybody_is_named_with_a_text() {
        let packages = packages::linked().unwrap();
        let notice = notice(&packages).unwrap();
        for Package { name, version, .. } in &packages {
            // Once in the table, and at least once above a text.
            let named = notice.matches(&format!("{name} {version}")).count();
            assert!(named >= 2, "{name} {version}: {named}");
        }
        assert!(notice.contains("Mozilla Public License Version 2.0"));
    }
}
