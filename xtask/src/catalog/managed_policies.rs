//! AWS's managed policies, out of PyPI's moto.
//!
//! Only facts are taken: path, name, default version, dates and the policy documents, which are
//! AWS's own. Three files come of them:
//!
//! - `managed-policies.tsv`, the index, sorted by ARN: ARN, policy id, default version, creation
//!   and update times, and where in the other file the block with the document begins;
//! - `managed-policies.jsonl.gz`, the documents in the order of the index, one a line: gzip
//!   members of [`BLOCK`] documents each, so that a reader of one document inflates one block.
//! - `service-principals.txt`, the services that conditions of the documents name, in order: so
//!   they are called in principals, too.
//!
//! moto keeps no policy ids. They are derived from the ARN: `ANPAI`, as the ids of AWS's older
//! policies begin, and sixteen characters of its SHA-256 in base 32.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fmt::Write as _, fs};

use anyhow::{Context as _, Result, ensure};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{DataFile, package};

/// The files, as moto's policies give them.
pub(super) fn files() -> Result<Vec<DataFile>> {
    let policies = policies(&fetch()?)?;
    let principals = service_principals(&policies)?;
    let Catalog { index, documents } = Catalog::of(&policies)?;
    Ok(vec![
        DataFile { name: PRINCIPALS, source: MOTO, content: principals.into_bytes() },
        DataFile { name: INDEX, source: MOTO, content: index.into_bytes() },
        DataFile { name: DOCUMENTS, source: MOTO, content: documents },
    ])
}

/// One policy as moto has it.
struct Policy {
    arn: String,
    default_version_id: String,
    create_date: String,
    update_date: String,
    document: String,
}

/// The two files.
struct Catalog {
    index: String,
    documents: Vec<u8>,
}

impl Catalog {
    fn of(policies: &[Policy]) -> Result<Self> {
        let mut index = String::new();
        let mut documents = Vec::new();
        for block in policies.chunks(BLOCK) {
            let offset = documents.len();
            let mut gz = GzEncoder::new(&mut documents, Compression::best());
            for policy in block {
                let Policy { arn, default_version_id, create_date, update_date, document } = policy;
                let id = policy_id(arn);
                writeln!(
                    index,
                    "{arn}\t{id}\t{default_version_id}\t{create_date}\t{update_date}\t{offset}"
                )?;
                writeln!(gz, "{document}")?;
            }
            gz.finish()?;
        }
        Ok(Self { index, documents })
    }
}

/// The names of services in conditions on [`SERVICE_KEYS`], one a line.
fn service_principals(policies: &[Policy]) -> Result<String> {
    let mut names = BTreeSet::new();
    for policy in policies {
        names_in(&serde_json::from_str(&policy.document)?, &mut names);
    }
    Ok(names.into_iter().map(|name| name + "\n").collect())
}

fn names_in(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| names_in(item, names)),
        Value::Object(members) => {
            for (key, value) in members {
                if SERVICE_KEYS.iter().any(|known| key.eq_ignore_ascii_case(known)) {
                    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                    names.extend(list.iter().filter_map(Value::as_str).filter_map(principal));
                } else {
                    names_in(value, names);
                }
            }
        }
        _ => {}
    }
}

/// A name as it is in the partition `aws`; `None` for patterns.
fn principal(text: &str) -> Option<String> {
    let name = text.strip_suffix(".cn").unwrap_or(text);
    (name.ends_with(".amazonaws.com") && !name.contains(['*', '?', '$'])).then(|| name.to_owned())
}

/// The condition keys whose values are service principals.
const SERVICE_KEYS: [&str; 7] = [
    "iam:PassedToService",
    "iam:AWSServiceName",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
];

/// Downloads moto's wheel, unless a run before did, and unpacks the module with the policies.
fn fetch() -> Result<PathBuf> {
    let folder = package::folder()?;
    let wheel = folder.join(WHEEL);
    if !wheel.exists() {
        package::python(&["-m", "pip", "download", "--quiet", "--no-deps", MOTO, "--dest", "."])?;
    }
    package::verify(&wheel, WHEEL_SHA256)?;
    package::python(&["-m", "zipfile", "-e", WHEEL, "."])?;
    Ok(folder.join("moto/iam/aws_managed_policies.py"))
}

/// The policies of moto's module, sorted by ARN. The module is one string literal of JSON.
fn policies(module: &Path) -> Result<Vec<Policy>> {
    let source = fs::read_to_string(module)?;
    let mut literals = source.split("\"\"\"");
    let literal = literals.nth(1).context("the module holds no string literal")?;
    ensure!(literals.count() == 1, "the module holds more than one string literal");
    ensure!(!literal.contains('\\'), "the literal has escapes, which this reader does not know");

    let by_name: Map<String, Value> = serde_json::from_str(literal)?;
    let policy = |(name, facts): (&String, &Value)| {
        policy(name, facts).with_context(|| format!("policy {name}"))
    };
    let mut policies = by_name.iter().map(policy).collect::<Result<Vec<_>>>()?;
    policies.sort_by(|a, b| a.arn.cmp(&b.arn));
    Ok(policies)
}

fn policy(name: &str, facts: &Value) -> Result<Policy> {
    let text = |key: &str| facts.get(key).and_then(Value::as_str).with_context(|| key.to_owned());
    let date = |key: &str| {
        let date = text(key)?.strip_suffix("+00:00").context("a date that is not in UTC")?;
        anyhow::Ok(format!("{date}Z"))
    };
    let document = facts.get("Document").context("Document")?;
    Ok(Policy {
        arn: format!("arn:aws:iam::aws:policy{}{name}", text("Path")?),
        default_version_id: text("DefaultVersionId")?.to_owned(),
        create_date: date("CreateDate")?,
        update_date: date("UpdateDate")?,
        document: document_text(document),
    })
}

fn policy_id(arn: &str) -> String {
    let letter = |byte: &u8| BASE32.chars().nth(usize::from(byte % 32));
    let letters: String = Sha256::digest(arn).iter().take(16).filter_map(letter).collect();
    format!("ANPAI{letters}")
}

/// Compact JSON, its members in the order in which AWS writes policies; moto sorts them.
fn document_text(document: &Value) -> String {
    match document {
        Value::Object(members) => {
            let mut names: Vec<_> = members.keys().collect();
            names.sort_by_key(|name| {
                (MEMBERS.iter().position(|member| member == name).unwrap_or(MEMBERS.len()), *name)
            });
            let member = |name: &String| {
                let value = document_text(document.get(name).unwrap_or(&Value::Null));
                format!("{}:{value}", Value::from(name.as_str()))
            };
            format!("{{{}}}", names.into_iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(document_text).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

const MEMBERS: [&str; 12] = [
    "Version",
    "Id",
    "Statement",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

const MOTO: &str = "moto==5.2.5";
const WHEEL: &str = "moto-5.2.5-py3-none-any.whl";
const WHEEL_SHA256: &str = "eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528";

const INDEX: &str = "managed-policies.tsv";
const DOCUMENTS: &str = "managed-policies.jsonl.gz";
const PRINCIPALS: &str = "service-principals.txt";

const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Documents in a gzip member: fewer are quicker to inflate, more compress better.
const BLOCK: usize = 16;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_are_compact_and_in_awss_order() {
        let document = json!({
            "Statement": [{
                "Action": ["b:X", "a:Y"], "Effect": "Allow", "Resource": "*", "Sid": "\"s\"",
                "Condition": {"StringEquals": {"b": "1", "a": ["2"]}},
            }],
            "Version": "2012-10-17",
        });
        assert_eq!(
            document_text(&document),
            concat!(
                r#"{"Version":"2012-10-17","Statement":[{"Sid":"\"s\"","Effect":"Allow","#,
                r#""Action":["b:X","a:Y"],"Resource":"*","#,
                r#""Condition":{"StringEquals":{"a":["2"],"b":"1"}}}]}"#
            )
        );
    }

    #[test]
    fn ids_follow_from_the_arn() {
        let id = policy_id("arn:aws:iam::aws:policy/AdministratorAccess");
        assert_eq!(id, policy_id("arn:aws:iam::aws:policy/AdministratorAccess"));
        assert_ne!(id, policy_id("arn:aws:iam::aws:policy/ReadOnlyAccess"));
        assert_eq!(id.len(), 21);
        assert!(id.starts_with("ANPAI"), "{id}");
    }
}
