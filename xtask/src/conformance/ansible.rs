//! Ansible's IAM modules: two playbooks, each played twice. What the first play makes true, the second must find true
//! and leave alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::python_env::PythonEnv;
use super::sandbox::Sandbox;
use super::{Folders, pins, tool};
use crate::server::{self, Server};
use crate::{cargo, paths};

/// Plays `present.yml` twice and `absent.yml` twice against a server of its own, and prints what each play did.
///
/// # Errors
///
/// Something cannot be installed or started, a task failed, a first play changed nothing, or a second one changed
/// something.
pub(crate) fn run(folders: &Folders) -> Result<()> {
    cargo::build(&["-p", "daypass"])?;
    println!("preparing Ansible (the first time takes minutes)");
    let python = PythonEnv::prepare(&folders.work.join("ansible"), &pins::ANSIBLE)?;
    let books = paths::root().join("xtask/src/conformance/ansible");

    let mut daypass = Command::new(server::binary(&folders.target, "debug"));
    daypass.env_clear().args(["--listen", "127.0.0.1:0", "--seed"]).arg(books.join("seed.toml"));
    let server = Server::start(&mut daypass, &folders.work.join("logs/ansible.log"))?;
    let home = folders.work.join("home/ansible");
    let sandbox = Sandbox::new(home, server.endpoint(), Some(python.bin()))?;

    let mut complaints = Vec::new();
    for book in ["present", "absent"] {
        for expected in [Expected::Changes, Expected::Nothing] {
            let play = Play::run(&python, &sandbox, &books.join(format!("{book}.yml")))?;
            println!("{book}.yml: {} tasks, {} changed", play.tasks, play.changed.len());
            complaints.extend(play.complaints(expected).map(|what| format!("{book}.yml: {what}")));
        }
    }
    for complaint in &complaints {
        println!("✗ {complaint}");
    }
    ensure!(complaints.is_empty(), "Ansible does not converge");
    println!("ansible: all as it should be");
    Ok(())
}

/// What a play is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// To make something true that is not.
    Changes,
    /// To find everything true.
    Nothing,
}

/// What a play did.
#[derive(Debug, Default)]
struct Play {
    tasks: usize,
    /// The names of the tasks that changed something.
    changed: Vec<String>,
    /// The names of the tasks that failed, with what they say.
    failed: Vec<String>,
}

impl Play {
    /// Plays a book to its end, which is at the first failure.
    fn run(python: &PythonEnv, sandbox: &Sandbox, book: &Path) -> Result<Self> {
        let work = sandbox.file("work");
        fs::create_dir_all(&work)?;
        let metadata = paths::root().join("fixtures/federation/saml/metadata-two.xml");
        let mut command = sandbox.command(python.program("ansible-playbook"));
        command
            .args(["--inventory", "localhost,"])
            .args(["--extra-vars", &format!("work={}", work.display())])
            .args(["--extra-vars", &format!("metadata_file={}", metadata.display())])
            .arg(book)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("ANSIBLE_STDOUT_CALLBACK", "ansible.posix.json")
            .env("ANSIBLE_LOCALHOST_WARNING", "false")
            .env("ANSIBLE_PYTHON_INTERPRETER", python.program("python"));
        let output = tool::capture(&mut command)?;
        let report = String::from_utf8_lossy(&output.stdout);
        let report = report.find('{').and_then(|start| report.get(start..)).unwrap_or_default();
        let report = serde_json::from_str(report).with_context(|| {
            format!(
                "ansible-playbook ended with {}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )
        })?;
        Ok(Self::read(&report))
    }

    /// Reads what the callback `ansible.posix.json` prints.
    fn read(report: &Value) -> Self {
        let mut play = Self::default();
        let plays = report.get("plays").and_then(Value::as_array).into_iter().flatten();
        let tasks = plays.filter_map(|play| play.get("tasks")?.as_array()).flatten();
        for task in tasks {
            let name = task.pointer("/task/name").and_then(Value::as_str).unwrap_or_default();
            let Some(result) = task.pointer("/hosts/localhost") else { continue };
            let is = |what: &str| result.get(what).and_then(Value::as_bool).unwrap_or_default();
            play.tasks += 1;
            if is("failed") {
                let told = result.get("msg").map_or_else(|| result.to_string(), Value::to_string);
                play.failed.push(format!("{name}: {told}"));
            } else if is("changed") {
                play.changed.push(name.to_owned());
            }
        }
        play
    }

    /// What is not as expected.
    fn complaints(&self, expected: Expected) -> impl Iterator<Item = String> {
        let failed = self.failed.iter().map(|task| format!("failed: {task}"));
        let changed = match expected {
            Expected::Changes if self.changed.is_empty() => vec!["nothing changed".to_owned()],
            Expected::Changes => Vec::new(),
            Expected::Nothing => {
                self.changed.iter().map(|task| format!("changed a second time: {task}")).collect()
            }
        };
        failed.chain(changed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_changes_twice_and_what_fails_is_complained_about() {
        let play = Play::read(&json!({"plays": [{"tasks": [
            {"task": {"name": "a user"}, "hosts": {"localhost": {"changed": true}}},
            {"task": {"name": "a group"}, "hosts": {"localhost": {"changed": false}}},
            {"task": {"name": "a role"}, "hosts": {"localhost": {"failed": true, "msg": "denied"}}},
        ]}]}));
        assert_eq!(play.tasks, 3);
        let complaints = |expected| play.complaints(expected).collect::<Vec<_>>();
        assert_eq!(complaints(Expected::Changes), ["failed: a role: \"denied\""]);
        assert_eq!(
            complaints(Expected::Nothing),
            ["failed: a role: \"denied\"", "changed a second time: a user"]
        );
        assert_eq!(
            Play::default().complaints(Expected::Changes).collect::<Vec<_>>(),
            ["nothing changed"]
        );
    }
}
