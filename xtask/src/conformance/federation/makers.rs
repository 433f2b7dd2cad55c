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

/// All collections, each with a title: what is committed, and the same made now.
pub(crate) fn collections(work: &Path) -> Vec<(String, Result<Collection>)> {
    let fixtures = paths::root().join("fixtures/federation");
    let (oidc, saml, samlify) =
        (fixtures.join("oidc"), fixtures.join("saml"), fixtures.join("samlify"));
    let python = PythonEnv::prepare(&work.join("venv"), &pins::FEDERATION_PYTHON);
    let python =
        python.map(|python| python.program("python")).map_err(|error| format!("{error:#}"));
    let python = || python.clone().map_err(anyhow::Error::msg);
    let node = NodeEnv::prepare(&work.join("node"), &pins::FEDERATION_NODE);
    let node = node.map(|node| node.folder().to_owned()).map_err(|error| format!("{error:#}"));
    let node = || node.clone().map_err(anyhow::Error::msg);

    let by_python =
        |script: &str| tokens_of(Command::new(python()?).arg("-B").arg(oidc.join(script)));
    let by_jose = || tokens_of(Command::new("node").arg(beside(&node()?, &oidc.join("jose.mjs"))?));
    let collections = [
        ("PyJWT", read(&oidc.join("pyjwt.json")), by_python("pyjwt.py")),
        ("Authlib", read(&oidc.join("authlib.json")), by_python("by_authlib.py")),
        ("hostile tokens", read(&oidc.join("hostile.json")), by_python("hostile.py")),
        ("jose", read(&oidc.join("jose.json")), by_jose()),
        (
            "signxml, pysaml2 and hostile responses",
            Ok(Collection::Saml(saml.clone())),
            python().and_then(|python| by_make_py(&python, &saml, work.join("saml"))),
        ),
        (
            "samlify and xml-crypto",
            Ok(Collection::Saml(samlify.clone())),
            node().and_then(|node| by_samlify(&node, &samlify, work.join("samlify"))),
        ),
    ];
    let titled = collections.into_iter().flat_map(|(maker, committed, made)| {
        [(format!("{maker}, committed"), committed), (format!("{maker}, made now"), made)]
    });
    titled.collect()
}

fn read(file: &Path) -> Result<Collection> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Collection::tokens(&text)
}

fn tokens_of(maker: &mut Command) -> Result<Collection> {
    Collection::tokens(&tool::run(maker)?)
}

/// The scripts write beside themselves. What needs the program `xmlsec1` is left out where there is none.
fn by_make_py(python: &Path, fixtures: &Path, folder: PathBuf) -> Result<Collection> {
    tool::empty_folder(&folder)?;
    for script in ["make.py", "maker.py", "hostile.py"] {
        fs::copy(fixtures.join(script), folder.join(script))?;
    }
    tool::run(Command::new(python).arg("-B").arg(folder.join("make.py")))?;
    Ok(Collection::Saml(folder))
}

fn by_samlify(node: &Path, fixtures: &Path, folder: PathBuf) -> Result<Collection> {
    tool::empty_folder(&folder)?;
    let script = beside(node, &fixtures.join("make.mjs"))?;
    tool::run(Command::new("node").arg(script).arg(&folder))?;
    Ok(Collection::Saml(folder))
}

/// A script beside its packages, where node looks for them.
fn beside(node: &Path, script: &Path) -> Result<PathBuf> {
    let copy = node.join(script.file_name().context("a script has a name")?);
    fs::copy(script, &copy)?;
    Ok(copy)
}
