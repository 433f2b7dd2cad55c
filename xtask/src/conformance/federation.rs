//! Tokens and SAML responses of other people's libraries, good and bad, shown to STS over HTTP.

mod case;
mod daypass;
mod kind;
mod makers;
mod trial;

use anyhow::{Result, ensure};

use self::kind::Tally;
use self::trial::Trial;
use super::Folders;
use crate::cargo;

/// Shows STS the collections of `fixtures/federation`, and the same made anew by their makers, so
/// that keys and signatures are of this run. Prints a table of what became of them.
///
/// # Errors
///
/// Something could not be made or asked, was accepted that is bad, was refused that is good, or was
/// answered with another error than AWS's.
pub(crate) fn run(folders: &Folders) -> Result<()> {
    let work = folders.work.join("federation");
    cargo::build(&["-p", "daypass"])?;
    println!("making tokens and responses (the first time, packages are fetched)");
    let (mut trials, mut complete) = (Vec::new(), true);
    for (title, collection) in makers::collections(&work) {
        match collection.and_then(|collection| collection.trials()) {
            Ok(of_collection) => {
                let count: usize = of_collection.iter().map(Trial::len).sum();
                println!("{title}: {count}");
                trials.extend(of_collection);
            }
            Err(error) => {
                complete = false;
                println!("left out: {title} ({error:#})");
            }
        }
    }
    let mut tally = Tally::default();
    for (number, trial) in trials.iter().enumerate() {
        trial.hold(folders, &work.join(format!("trial-{number}")), &mut tally)?;
    }
    print!("{}", tally.table());
    println!("{}", tally.summary());
    tally.verdict()?;
    ensure!(complete, "not every collection was tried");
    Ok(())
}
