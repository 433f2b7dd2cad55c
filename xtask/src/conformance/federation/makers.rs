//! Where tokens and responses come from: the collections of the repository, and the scripts that
//! made them, which are run again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::case::Collection;
use crate::conformance::node_env::NodeEnv;
use crate::conformance::python_env::PythonEnv;
use crate::conformance::{pins, tool};
use crate::paths;

/// All collections, each with a title.
pub(crate) fn collections(work: &Path) -> Vec<(&'static str, Result<Collection>)> {
    let fixtures = paths::root().join("fixtures/federation");
    let python = PythonEnv::prepare(&work.join("venv"), &pins::FEDERATION_PYTHON);
    let python =
        python.map(|python| python.program("python")).map_err(|error| format!("{error:#}"));
    let python = || python.clone().map_err(anyhow::Error::msg);
    vec![
        ("PyJWT, committed", read(&fixtures.join("oidc/pyjwt.json"))),
        ("PyJWT, made now", python().and_then(|python| pyjwt(&python, &fixtures))),
        ("jose, committed", read(&fixtures.join("oidc/jose.json"))),
        ("jose, made now", jose(&work.join("node"), &fixtures)),
        ("signxml and pysaml2, committed", Ok(Collection::Saml(fixtures.join("saml")))),
        (
            "signxml and pysaml2, made now",
            python().and_then(|python| saml(&python, &fixtures, work.join("saml"))),
        ),
    ]
}

fn read(file: &Path) -> Result<Collection> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Collection::tokens(&text)
}

fn pyjwt(python: &Path, fixtures: &Path) -> Result<Collection> {
    let script = fixtures.join("oidc/pyjwt.py");
    Collection::tokens(&tool::run(Command::new(python).arg("-B").arg(script))?)
}

/// The script looks for its package beside itself.
fn jose(folder: &Path, fixtures: &Path) -> Result<Collection> {
    let node = NodeEnv::prepare(folder, &pins::FEDERATION_NODE)?;
    let script = node.folder().join("jose.mjs");
    fs::copy(fixtures.join("oidc/jose.mjs"), &script)?;
    Collection::tokens(&tool::run(Command::new("node").arg(script))?)
}

/// The script writes beside itself. What needs the program `xmlsec1` is left out where there is none.
fn saml(python: &Path, fixtures: &Path, folder: PathBuf) -> Result<Collection> {
    tool::empty_folder(&folder)?;
    let script = folder.join("make.py");
    fs::copy(fixtures.join("saml/make.py"), &script)?;
    tool::run(Command::new(python).arg("-B").arg(script))?;
    Ok(Collection::Saml(folder))
}
