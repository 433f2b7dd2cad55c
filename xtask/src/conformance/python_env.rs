//! Virtual environments of packages from PyPI.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::tool;

/// A virtual environment that is complete.
#[derive(Debug)]
pub(crate) struct PythonEnv {
    bin: PathBuf,
}

impl PythonEnv {
    /// Takes the environment that an earlier run left in the folder, or makes it with `python3`: with
    /// these packages, as pip wants them.
    ///
    /// # Errors
    ///
    /// There is no python3, it lacks venv, or a package cannot be installed.
    pub(crate) fn prepare(folder: &Path, packages: &[&str]) -> Result<Self> {
        let bin = folder.join("bin");
        let recipe = packages.join("\n");
        if !tool::is_made(folder, &recipe) {
            tool::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
            tool::run(
                Command::new(bin.join("python"))
                    .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                    .args(packages),
            )?;
            tool::mark_made(folder, &recipe)?;
        }
        Ok(Self { bin })
    }

    /// Where its programs are.
    pub(crate) fn bin(&self) -> &Path {
        &self.bin
    }

    /// One of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}
