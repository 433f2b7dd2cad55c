//! Auditors of IAM against a seeded account: each must run to its end and report what is true of it.

mod cartography;
mod cloudsplaining;
mod custodian;
mod pmapper;
mod prowler;

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::python_env::PythonEnv;
use super::sandbox::Sandbox;
use super::{Folders, pins, tool};
use crate::server::{self, Server};
use crate::{cargo, paths};

/// Runs all of them and prints what each found.
///
/// # Errors
///
/// Something cannot be installed or started, or one of them reports something else than what is true.
pub(crate) fn run(folders: &Folders) -> Result<()> {
    cargo::build(&["-p", "daypass"])?;
    println!("preparing the auditors (the first time takes minutes)");
    let mut clean = true;
    for auditor in AUDITORS {
        let report = Visit::start(auditor, folders).and_then(|visit| {
            let mut report = Report::default();
            (auditor.audit)(&visit, &mut report)?;
            Ok(report)
        });
        match report {
            Ok(report) => {
                println!("{}: {} findings as they should be", auditor.title, report.right);
                for wrong in &report.wrong {
                    println!("✗ {}: {wrong}", auditor.title);
                }
                clean &= report.wrong.is_empty() && report.right > 0;
            }
            Err(error) => {
                println!("✗ {}: {error:#}", auditor.title);
                clean = false;
            }
        }
    }
    ensure!(clean, "not every auditor ran to its end and reported what is true");
    println!("auditors: all as it should be");
    Ok(())
}

/// An auditor.
#[derive(Debug)]
struct Auditor {
    title: &'static str,
    /// What pip installs. Each has an environment of its own, since what they depend on clashes.
    packages: &'static [&'static str],
    audit: fn(&Visit, &mut Report) -> Result<()>,
}

const AUDITORS: &[Auditor] = &[
    Auditor {
        title: "cloudsplaining",
        packages: &pins::CLOUDSPLAINING,
        audit: cloudsplaining::audit,
    },
    Auditor { title: "pmapper", packages: &pins::PMAPPER, audit: pmapper::audit },
    Auditor { title: "c7n", packages: &pins::C7N, audit: custodian::audit },
    Auditor { title: "prowler", packages: &pins::PROWLER, audit: prowler::audit },
    Auditor { title: "cartography", packages: &pins::CARTOGRAPHY, audit: cartography::audit },
];

/// An auditor at work, with a server of its own.
#[derive(Debug)]
struct Visit {
    python: PythonEnv,
    sandbox: Sandbox,
    scripts: PathBuf,
    _server: Server,
}

impl Visit {
    fn start(auditor: &Auditor, folders: &Folders) -> Result<Self> {
        let title = auditor.title;
        let python =
            PythonEnv::prepare(&folders.work.join("auditors").join(title), auditor.packages)?;
        let scripts = paths::root().join("xtask/src/conformance/auditors");
        let mut daypass = Command::new(server::binary(&folders.target, "debug"));
        daypass
            .env_clear()
            .args(["--listen", "127.0.0.1:0", "--seed"])
            .arg(scripts.join("seed.toml"));
        let server = Server::start(&mut daypass, &folders.work.join(format!("logs/{title}.log")))?;
        let home = folders.work.join("home").join(title);
        let sandbox = Sandbox::new(home, server.endpoint(), Some(python.bin()))?;
        Ok(Self { python, sandbox, scripts, _server: server })
    }

    /// One of the auditor's programs, in its home, with the well-known keys.
    fn program(&self, name: &str) -> Command {
        let mut command = self.sandbox.command(self.python.program(name));
        command
            .current_dir(self.sandbox.file(""))
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test");
        command
    }

    /// One of our scripts, with the auditor's packages.
    fn script(&self, name: &str) -> Command {
        let mut command = self.program("python");
        command.arg("-B").arg(self.scripts.join(name));
        command
    }

    /// What the auditor wrote into a file in its home.
    fn report(&self, name: impl AsRef<Path>) -> Result<Value> {
        let path = self.sandbox.file("").join(name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("there is no report {}", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// What an auditor found, beside what is true.
#[derive(Debug, Default)]
struct Report {
    right: usize,
    wrong: Vec<String>,
}

impl Report {
    /// Notes what was found.
    fn compare<T: PartialEq + Debug>(&mut self, what: &str, found: &T, expected: &T) {
        if found == expected {
            self.right += 1;
        } else {
            self.wrong.push(format!("{what}: found {found:?}, and true is {expected:?}"));
        }
    }

    /// Notes which names were found, in whatever order.
    fn compare_names(&mut self, what: &str, mut found: Vec<String>, expected: &[&str]) {
        found.sort_unstable();
        found.dedup();
        let mut expected: Vec<String> = expected.iter().map(|&name| name.to_owned()).collect();
        expected.sort_unstable();
        self.compare(what, &found, &expected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_whatever_order() {
        let mut report = Report::default();
        let found = || ["b", "a"].map(str::to_owned).to_vec();
        report.compare_names("users", found(), &["a", "b"]);
        report.compare_names("users", found(), &["a"]);
        assert_eq!(report.right, 1);
        assert_eq!(report.wrong, [r#"users: found ["a", "b"], and true is ["a"]"#]);
    }
}
