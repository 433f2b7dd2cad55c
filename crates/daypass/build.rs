//! Tells the binary which commit it is built from, for `daypass --version`.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = env!("CARGO_PKG_VERSION");
    let shown = match commit() {
        Some(commit) => {
            changed_by_commits().iter().for_each(|path| {
                println!("cargo::rerun-if-changed={}", path.display());
            });
            format!("{version} ({commit})")
        }
        None => version.to_owned(),
    };
    println!("cargo::rustc-env=DAYPASS_VERSION={shown}");
}

/// The commit that is checked out, with its date; none where there is no checkout of this project, as with
/// sources from an archive or within another project's repository.
fn commit() -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.parent()?;
    let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    let is_own = top.canonicalize().ok()? == root.canonicalize().ok()?;
    // 12 digits whatever git is configured to, so that each builder says the same.
    is_own.then(|| git(&["show", "--no-patch", "--abbrev=12", "--format=%h %cs", "HEAD"]))?
}

/// What a commit, and a checkout of another, writes. A file that is not there would count as changed at
/// each build.
fn changed_by_commits() -> Vec<PathBuf> {
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    let names = ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref());
    let paths = names.filter_map(|name| git(&["rev-parse", "--git-path", name]));
    let absolute = paths.map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    absolute.filter(|path| path.exists()).collect()
}

/// What git answers, in one line.
fn git(arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !line.is_empty()).then_some(line)
}
