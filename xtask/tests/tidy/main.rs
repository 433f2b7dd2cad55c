//! The rules of the house that the compiler does not know, each as a test that says what to do.
#![cfg(test)]

mod floors;
mod manifests;
mod packages;
mod text;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// The workspace and all it is built from, as `cargo metadata` knows it.
static METADATA: LazyLock<Value> = LazyLock::new(|| {
    // Offline first: the answer is the same, and it does not wait for a network.
    let attempts: [&[&str]; 2] = [&["--locked", "--offline"], &["--locked"]];
    let mut answers = attempts.into_iter().map(|flags| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--format-version", "1"]).args(flags).current_dir(root());
        command.output().expect("cargo can be run")
    });
    let answer = answers.find(|answer| answer.status.success());
    let answer = answer.expect("cargo metadata fails: does Cargo.lock fit the manifests?");
    serde_json::from_slice(&answer.stdout).expect("JSON")
});

/// All packages, the workspace's and others'.
fn packages() -> &'static [Value] {
    METADATA["packages"].as_array().expect("packages")
}

/// The packages of the workspace: those that come from no registry.
fn members() -> impl Iterator<Item = &'static Value> {
    packages().iter().filter(|package| package["source"].is_null())
}

/// What a package itself asks for, of every kind: normal, build and dev.
fn dependencies(package: &Value) -> &[Value] {
    package["dependencies"].as_array().expect("dependencies")
}

fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above xtask").to_owned()
}

/// Every file of the checkout, as its path from the root; not what tools made of it.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "target" && name != ".git" {
                folders.push(path);
            } else if path.is_file() {
                files.push(path.strip_prefix(root()).expect("below the root").to_owned());
            }
        }
    }
    files.sort();
    files
}

/// Fails with everything that is wrong, and with what to do.
fn check(what_to_do: &str, wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{what_to_do}\n  {}", wrong.join("\n  "));
}
