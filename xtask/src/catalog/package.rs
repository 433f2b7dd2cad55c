//! Packages of others, kept under `target/catalog` so that a second run downloads nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use crate::paths;

/// The folder of all packages; [`python`] and [`npm`] work in it.
pub(super) fn folder() -> Result<PathBuf> {
    let folder = paths::root().join("target/catalog");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Fails unless the file is the one that was pinned, and says what to do.
pub(super) fn verify(file: &Path, sha256: &str) -> Result<()> {
    let digest = hex::encode(Sha256::digest(fs::read(file)?));
    ensure!(digest == sha256, "{} is not the pinned package; delete it", file.display());
    Ok(())
}

pub(super) fn python(arguments: &[&str]) -> Result<()> {
    run("python3", arguments)
}

pub(super) fn npm(arguments: &[&str]) -> Result<()> {
    run("npm", arguments)
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    let status = command.args(arguments).current_dir(folder()?).status();
    let status = status.with_context(|| format!("{program} cannot be run"))?;
    ensure!(status.success(), "{program} {} failed", arguments.join(" "));
    Ok(())
}
