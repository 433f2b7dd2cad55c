//! What somebody does who has just heard of daypass, for a person to read.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::page;
use super::session::is_complete;
use super::{Reader, markdown};
use crate::conformance::Folders;
use crate::conformance::python_env::PythonEnv;
use crate::conformance::tool;
use crate::{cargo, paths};

/// Clones the last commit, installs daypass from there, follows its pages and those of
/// `xtask/conformance/trial`, and puts all that was printed into one transcript.
///
/// # Errors
///
/// It cannot be cloned or built, or a page cannot be followed.
pub(crate) fn run(python: &PythonEnv, folders: &Folders) -> Result<()> {
    let work = folders.target.join("trial");
    tool::empty_folder(&work)?;
    let clone = work.join("clone");
    tool::run(Command::new("git").arg("clone").arg("--quiet").arg(paths::root()).arg(&clone))?;
    let installed = work.join("installed");
    println!("installing from the clone");
    tool::run(
        cargo::command()
            .args(["install", "--locked", "--debug", "--path", "crates/daypass", "--root"])
            .arg(&installed)
            // Not our own: cargo takes the same crate at two places for one.
            .env("CARGO_TARGET_DIR", folders.target.join("trial-build"))
            .current_dir(&clone),
    )?;
    let reader = Reader { daypass: &installed.join("bin"), python, work: &work.join("pages") };
    let all_true = reader.read(&clone)?;
    for page in markdown(&clone.join("xtask/conformance/trial"))? {
        let steps = page::steps(&fs::read_to_string(&page)?, &is_complete);
        reader.follow(&page, &steps)?;
    }
    let mut transcript = String::new();
    let mut parts: Vec<_> = fs::read_dir(reader.work)?.collect::<Result<_, _>>()?;
    parts.sort_by_key(fs::DirEntry::file_name);
    for part in parts.iter().filter(|part| part.path().extension().is_some()) {
        let text = fs::read_to_string(part.path())?;
        transcript += &format!("######## {}\n{text}\n", part.file_name().display());
    }
    let path = work.join("transcript.txt");
    fs::write(&path, transcript).with_context(|| format!("writing {}", path.display()))?;
    println!("read {}", path.display());
    if !all_true {
        println!("not every page is true");
    }
    Ok(())
}
