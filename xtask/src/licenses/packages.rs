//! Which packages are in the binary, as cargo knows them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::{cargo, paths};

/// A package of a registry that is built into the binary.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// An SPDX expression.
    pub(super) license: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) repository: Option<String>,
    manifest_path: PathBuf,
    /// `None` for the members of the workspace.
    source: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// All that are built into the binary on whatever machine, with the macros that write parts of it;
/// by name and version. Tools of the build are not among them.
///
/// # Errors
///
/// Cargo cannot be asked.
pub(super) fn linked() -> Result<Vec<Package>> {
    let linked = linked_names()?;
    let metadata = cargo(&["metadata", "--locked", "--format-version", "1"])?;
    let Metadata { packages } = serde_json::from_str(&metadata)?;
    let others = packages.into_iter().filter(|package| package.source.is_some());
    let mut packages: Vec<_> = others
        .filter(|package| linked.contains(&format!("{} v{}", package.name, package.version)))
        .collect();
    packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    ensure!(packages.len() > 100, "cargo tree and cargo metadata do not name the same packages");
    Ok(packages)
}

/// Cargo's tree knows which optional dependencies are on; its metadata lists all.
fn linked_names() -> Result<BTreeSet<String>> {
    let tree = ["tree", "--locked", "-p", "daypass", "-e", "normal", "--target", "all"];
    let tree = cargo(&[&tree[..], &["--prefix", "none", "--format", "{p}"]].concat())?;
    let name = |line: &str| {
        let mut words = line.split_whitespace();
        Some(format!("{} {}", words.next()?, words.next()?))
    };
    Ok(tree.lines().filter_map(name).collect())
}

fn cargo(arguments: &[&str]) -> Result<String> {
    let output = cargo::command()
        .args(arguments)
        .current_dir(paths::root())
        .output()
        .context("cargo cannot be started")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo {} failed: {complaint}", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

impl Package {
    /// The texts of the package's licences and notices, those of the sources bundled with it too.
    ///
    /// # Errors
    ///
    /// The package cannot be read.
    pub(super) fn notices(&self) -> Result<Vec<String>> {
        let root = self.manifest_path.parent().context("a manifest has a folder")?;
        let mut files = Vec::new();
        collect(root, &mut files).with_context(|| format!("reading {}", self.name))?;
        files.sort();
        let text = |path: &PathBuf| -> Result<String> {
            let bytes = fs::read(path)?;
            Ok(tidied(&String::from_utf8_lossy(&bytes)))
        };
        files.iter().map(text).collect()
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else if is_notice(&name) {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Whether a file of this name, in lower case, holds a licence or a notice.
fn is_notice(name: &str) -> bool {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_text = ["", "txt", "md"].contains(&extension) || stem.starts_with("license-apache-2");
    let begins = ["license", "licence", "copying", "copyright", "notice", "unlicense", "authors"];
    is_text && begins.iter().any(|begin| name.starts_with(begin))
}

/// A text without what differs between copies of it and says nothing: the kind of the line breaks,
/// spaces at the ends of lines, empty lines around it.
fn tidied(text: &str) -> String {
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_known_by_their_names() {
        for (name, notice) in [
            ("license", true),
            ("license-mit", true),
            ("licence.md", true),
            ("license.txt", true),
            ("license-apache-2.0", true),
            ("license-apache-2.0_with_llvm-exception", true),
            ("unlicense", true),
            ("license.rs", false),
            ("notice.tmpl.html", false),
            ("readme.md", false),
        ] {
            assert_eq!(is_notice(name), notice, "{name}");
        }
    }

    #[test]
    fn copies_of_a_text_are_one() {
        assert_eq!(tidied("\r\nMIT  \r\n\r\n  one\r\n"), tidied("MIT\n\n  one"));
        assert_eq!(tidied("  indented\n"), "  indented");
    }
}
