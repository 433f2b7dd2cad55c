//! The AWS CLI v2, which is on no package registry but Debian's: unpacked under `target/`, never installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::tool;

/// An AWS CLI v2 that can be started.
#[derive(Debug)]
pub(crate) struct DebianCli {
    root: PathBuf,
}

impl DebianCli {
    /// Takes what an earlier run unpacked into the folder, or downloads Debian's package, with whatever of its
    /// dependencies the system lacks.
    ///
    /// # Errors
    ///
    /// There is no apt, it knows no `awscli` (`apt-get update` may help), or that is not a version 2.
    pub(crate) fn prepare(folder: &Path) -> Result<Self> {
        let packages = lacking(PACKAGE)?;
        let cli = if packages.iter().any(|name| name == PACKAGE) {
            unpack(&packages, folder)?;
            Self { root: folder.join(ROOT) }
        } else {
            Self { root: PathBuf::from("/") }
        };
        let version = tool::run(&mut cli.command())?;
        ensure!(version.starts_with("aws-cli/2."), "Debian's awscli is {}", version.trim());
        Ok(cli)
    }

    fn command(&self) -> Command {
        let (program, script) = self.program();
        let mut command = Command::new(program);
        command.arg(script).arg("--version").env("PYTHONPATH", self.python_path());
        command
    }

    /// Debian's interpreter, which its Python packages are made for, and the script to give it.
    pub(crate) fn program(&self) -> (PathBuf, PathBuf) {
        (PathBuf::from(PYTHON), self.root.join("usr/bin/aws"))
    }

    /// Where that interpreter finds the unpacked packages.
    pub(crate) fn python_path(&self) -> PathBuf {
        self.root.join(PACKAGES)
    }
}

fn unpack(packages: &[String], folder: &Path) -> Result<()> {
    let recipe = packages.join("\n");
    if tool::is_made(folder, &recipe) {
        return Ok(());
    }
    tool::empty_folder(folder)?;
    // Without the sandbox, whose user may not write to this folder.
    tool::run(
        Command::new("apt-get")
            .args(["-qq", "-o", "APT::Sandbox::User=root", "download"])
            .args(packages)
            .current_dir(folder),
    )?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            tool::run(Command::new("dpkg").arg("-x").arg(path).arg(folder.join(ROOT)))?;
        }
    }
    // As an installation would. What does not compile is not needed: the program itself is tried afterwards.
    let packages = folder.join(ROOT).join(PACKAGES);
    tool::capture(Command::new(PYTHON).args(["-m", "compileall", "-q"]).arg(packages))?;
    tool::mark_made(folder, &recipe)
}

/// What apt would install for the package to work: none, if it is installed.
fn lacking(package: &str) -> Result<Vec<String>> {
    let plan = tool::run(
        Command::new("apt-get")
            .args(["install", "--simulate", "--no-install-recommends", package])
            .env("LC_ALL", "C"),
    )
    .context("apt knows no such package (apt-get update may help)")?;
    Ok(plan.lines().filter_map(installed_by).map(str::to_owned).collect())
}

/// The package of a line such as `Inst python3-awscrt (0.15.3+dfsg-1 Debian:12/stable [amd64])`.
fn installed_by(line: &str) -> Option<&str> {
    line.strip_prefix("Inst ")?.split(' ').next()
}

const PACKAGE: &str = "awscli";
const ROOT: &str = "root";
const PYTHON: &str = "/usr/bin/python3";
const PACKAGES: &str = "usr/lib/python3/dist-packages";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_apts_plan() {
        assert_eq!(
            installed_by("Inst python3-roman (3.3-3 Debian:12/stable [all])"),
            Some("python3-roman")
        );
        assert_eq!(installed_by("Conf python3-roman (3.3-3 Debian:12/stable [all])"), None);
    }
}
