//! Folders of packages from the npm registry.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{pins, tool};

/// A folder of installed packages that is complete.
#[derive(Debug)]
pub(crate) struct NodeEnv {
    folder: PathBuf,
}

impl NodeEnv {
    /// Takes the packages that an earlier run left in the folder, or installs these, as npm wants
    /// them.
    ///
    /// # Errors
    ///
    /// There is no node, it is too old, or a package cannot be installed.
    pub(crate) fn prepare(folder: &Path, packages: &[&str]) -> Result<Self> {
        let version = tool::run(Command::new("node").arg("--version"))?;
        let major =
            major(&version).with_context(|| format!("node says its version is {version:?}"))?;
        let wanted = pins::NODE_MAJOR;
        ensure!(major >= wanted, "node is {}, and {wanted} or newer is needed", version.trim());

        let recipe = packages.join("\n");
        if !tool::is_made(folder, &recipe) {
            tool::empty_folder(folder)?;
            tool::run(
                Command::new("npm")
                    .args(["install", "--prefix"])
                    .arg(folder)
                    .args(["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"])
                    .args(packages)
                    .current_dir(folder),
            )?;
            tool::mark_made(folder, &recipe)?;
        }
        Ok(Self { folder: folder.to_path_buf() })
    }

    /// Where the scripts must be started, so that they find their packages.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The 20 of `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_major_versions() {
        for (version, expected) in
            [("v20.20.2\n", Some(20)), ("v8.0.0", Some(8)), ("20", None), ("", None)]
        {
            assert_eq!(major(version), expected, "{version:?}");
        }
    }
}
