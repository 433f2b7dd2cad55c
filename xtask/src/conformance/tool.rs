//! Running other people's programs.

use std::path::Path;
use std::process::{Command, Output};
use std::{fs, io};

use anyhow::{Context, Result, bail};

/// Runs a command to its end and answers what it printed, or fails with the last lines of what it complained.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let output = capture(command)?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed ({}): {}", name(command), output.status, last_lines(&complaint));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command to its end, however that turns out.
pub(crate) fn capture(command: &mut Command) -> Result<Output> {
    command.output().with_context(|| format!("{} cannot be started", name(command)))
}

/// Whether a folder was completely made from `recipe`.
pub(crate) fn is_made(folder: &Path, recipe: &str) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| stamp == recipe)
}

/// Notes that a folder was completely made from `recipe`.
pub(crate) fn mark_made(folder: &Path, recipe: &str) -> Result<()> {
    fs::write(folder.join(STAMP), recipe)
        .with_context(|| format!("writing into {}", folder.display()))
}

/// Removes a folder, if there is one, and makes it anew.
pub(crate) fn empty_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing {}", folder.display()));
        }
        _ => {}
    }
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.iter().skip(lines.len().saturating_sub(4)).copied().collect::<Vec<_>>().join(" | ")
}

const STAMP: &str = "complete.stamp";
