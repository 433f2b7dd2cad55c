//! The virtual environment with boto3, the AWS CLI v1, awslocal, two of the signers and PyJWT.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{pins, tool};

/// A virtual environment that is complete.
#[derive(Debug)]
pub(crate) struct PythonEnv {
    bin: PathBuf,
}

impl PythonEnv {
    /// Takes the environment that an earlier run left in the folder, or makes it with `python3`.
    ///
    /// # Errors
    ///
    /// There is no python3, it lacks venv, or a package cannot be installed.
    pub(crate) fn prepare(folder: &Path) -> Result<Self> {
        let bin = folder.join("bin");
        let recipe = pins::PYTHON.join("\n");
        if !tool::is_made(folder, &recipe) {
            tool::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
            tool::run(
                Command::new(bin.join("python"))
                    .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                    .args(pins::PYTHON),
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
