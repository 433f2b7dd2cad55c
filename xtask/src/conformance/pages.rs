//! The pages that people read, followed to the letter: the README and docs/, from the view of a machine that has
//! nothing but `daypass` and the AWS CLI.

mod page;
mod printed;
mod session;
pub(crate) mod trial;

use std::path::{Path, PathBuf};
use std::{fs, net};

use anyhow::{Context, Result, ensure};

use self::page::Step;
use self::session::{Outcome, Session, is_complete};
use super::python_env::PythonEnv;

/// Where servers listen that are told nothing else: pages say these addresses.
const DEFAULT_ADDRESSES: [&str; 2] = ["127.0.0.1:4566", "127.0.0.1:4580"];

/// What pages are followed with.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    /// The folder that `daypass` is in.
    pub(crate) daypass: &'a Path,
    /// Where the AWS CLI is.
    pub(crate) python: &'a PythonEnv,
    /// The homes of the pages, and the transcripts of what was printed.
    pub(crate) work: &'a Path,
}

impl Reader<'_> {
    /// Follows the README and docs/ below `root`, one after another, and prints how each went.
    ///
    /// # Errors
    ///
    /// A default port is taken, or something cannot be started.
    pub(crate) fn read(&self, root: &Path) -> Result<bool> {
        let (mut all_true, mut shown) = (true, 0);
        for page in pages(root)? {
            let steps = page::steps(&fs::read_to_string(&page)?, &is_complete);
            let outcomes = self.follow(&page, &steps)?;
            let wrong: Vec<String> = outcomes.iter().filter_map(complaint).collect();
            shown += steps.iter().filter(|step| matches!(step, Step::Look { .. })).count();
            let name = page.file_name().unwrap_or_default().display();
            println!("{name}: {} commands, {} not as written", outcomes.len(), wrong.len());
            for complaint in &wrong {
                println!("  {name}:{complaint}");
            }
            all_true &= wrong.is_empty();
        }
        println!("{shown} blocks are only shown");
        Ok(all_true)
    }

    /// Follows one page in an empty home, and leaves a transcript beside it.
    ///
    /// # Errors
    ///
    /// A default port is taken, or something cannot be started.
    fn follow(&self, page: &Path, steps: &[Step]) -> Result<Vec<Outcome>> {
        for address in DEFAULT_ADDRESSES {
            let free = net::TcpListener::bind(address).is_ok();
            ensure!(free, "the pages need {address}, on which something else listens");
        }
        let home = self.work.join(page.file_stem().context("a page has a name")?);
        let programs = [self.daypass, self.python.bin()].map(|folder| folder.display().to_string());
        let programs = format!("{}:/usr/local/bin:/usr/bin:/bin", programs.join(":"));
        let outcomes = Session { home: home.clone(), programs }.follow(steps)?;
        let transcript: String = outcomes.iter().map(transcribed).collect();
        fs::write(home.with_extension("txt"), transcript)?;
        Ok(outcomes)
    }
}

/// The README and all of docs/, by name.
fn pages(root: &Path) -> Result<Vec<PathBuf>> {
    Ok([vec![root.join("README.md")], markdown(&root.join("docs"))?].concat())
}

/// The pages in a folder, by name.
fn markdown(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut pages: Vec<PathBuf> = listed.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    pages.retain(|path| path.extension().is_some_and(|end| end == "md"));
    pages.sort();
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
