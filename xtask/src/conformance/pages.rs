//! The pages that people read, followed to the letter: the README and docs/, from the view of a machine that has
//! nothing but `daypass` and the AWS CLI.

mod page;
mod printed;
mod session;

use std::path::{Path, PathBuf};
use std::{fs, net};

use anyhow::{Context, Result, ensure};

use self::page::Step;
use self::session::{Outcome, Session, is_complete};
use super::Folders;
use super::python_env::PythonEnv;
use crate::server;

/// Where servers listen that are told nothing else: pages say these addresses.
const DEFAULT_ADDRESSES: [&str; 2] = ["127.0.0.1:4566", "127.0.0.1:4580"];

/// Follows all pages below `root`, one after another, and prints how each went. What was printed stays in a
/// transcript for each.
///
/// # Errors
///
/// A default port is taken, or something cannot be started.
pub(crate) fn run(root: &Path, python: &PythonEnv, folders: &Folders) -> Result<bool> {
    let mut all_true = true;
    let mut shown = 0;
    for page in pages(root)? {
        let name = page.file_stem().and_then(|name| name.to_str()).context("a page's name")?;
        let text = fs::read_to_string(&page)?;
        let steps = page::steps(&text, &is_complete);
        let outcomes = follow(name, &steps, python, folders)?;
        let wrong: Vec<String> = outcomes.iter().filter_map(complaint).collect();
        shown += steps.iter().filter(|step| matches!(step, Step::Look { .. })).count();
        println!("{name}: {} commands, {} not as written", outcomes.len(), wrong.len());
        for complaint in &wrong {
            println!("  {}:{complaint}", page.file_name().unwrap_or_default().display());
        }
        all_true &= wrong.is_empty();
    }
    println!("{shown} blocks are only shown");
    Ok(all_true)
}

/// Follows one page in an empty home.
///
/// # Errors
///
/// A default port is taken, or something cannot be started.
fn follow(
    name: &str,
    steps: &[Step],
    python: &PythonEnv,
    folders: &Folders,
) -> Result<Vec<Outcome>> {
    for address in DEFAULT_ADDRESSES {
        let free = net::TcpListener::bind(address).is_ok();
        ensure!(free, "the pages need {address}, on which something else listens");
    }
    let home = folders.work.join("pages").join(name);
    let binary = server::binary(&folders.target, "debug");
    let daypass = binary.parent().context("a folder of binaries")?;
    let programs =
        format!("{}:{}:/usr/local/bin:/usr/bin:/bin", daypass.display(), python.bin().display());
    let outcomes = Session { home: home.clone(), programs }.follow(steps)?;
    let transcript: String = outcomes.iter().map(transcribed).collect();
    fs::write(home.with_extension("txt"), transcript)?;
    Ok(outcomes)
}

/// The README and all of docs/, by name.
fn pages(root: &Path) -> Result<Vec<PathBuf>> {
    let mut pages = vec![root.join("README.md")];
    let listed = fs::read_dir(root.join("docs")).context("there is no docs/")?;
    let mut listed: Vec<PathBuf> = listed.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    listed.retain(|path| path.extension().is_some_and(|end| end == "md"));
    listed.sort();
    pages.append(&mut listed);
    Ok(pages)
}

/// What is wrong with a command, if anything is.
fn complaint(outcome: &Outcome) -> Option<String> {
    let Outcome { command, printed, exit_code } = outcome;
    let wrong = match exit_code {
        None => Some("the shell ended".to_owned()),
        Some(code) if command.output.trim().is_empty() => {
            (*code != 0).then(|| format!("it failed with {code}"))
        }
        Some(_) => printed::first_difference(&command.output, printed),
    }?;
    let last = printed.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Some(format!("{} `{}`: {wrong}; printed last: {last:?}", command.line, command.text))
}

fn transcribed(outcome: &Outcome) -> String {
    let code = match outcome.exit_code {
        None | Some(0) => String::new(),
        Some(code) => format!("(exit code {code})\n"),
    };
    format!("$ {}\n{}{code}", outcome.command.text, outcome.printed)
}
