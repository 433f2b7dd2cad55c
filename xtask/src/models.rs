//! `cargo xtask models`: from botocore's JSON to our facts.
//!
//! The models are Apache-2.0; only names and numbers are taken, never prose.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::facts::{
    ErrorFacts, Facts, List, Map, Member, Operation, Pagination, Range, SERVICES, Shape, Structure,
    Text,
};
use crate::paths;

const PACKAGE: &str = "botocore";
const VERSION: &str = "1.44.5";

pub(crate) fn run() -> Result<()> {
    let models = download()?;
    for (service, version) in SERVICES {
        let model: Model = read(&models.join(format!("{service}/{version}/service-2.json")))?;
        let paginators: Paginators =
            read(&models.join(format!("{service}/{version}/paginators-1.json")))?;
        let facts = extract(service, model, paginators)?;
        let path = paths::models().join(format!("{service}.json"));
        fs::write(&path, serde_json::to_string_pretty(&facts)? + "\n")?;
        println!(
            "{}: {} operations, {} shapes",
            path.display(),
            facts.operations.len(),
            facts.shapes.len()
        );
    }
    Ok(())
}

/// Fetches the package with pip and unpacks the models we read; answers the folder they are in.
fn download() -> Result<PathBuf> {
    let folder = paths::root().join("target/models");
    fs::create_dir_all(&folder)?;
    python(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"])
            .arg("--dest")
            .arg(&folder)
            .arg(format!("{PACKAGE}=={VERSION}")),
    )?;
    for (service, version) in SERVICES {
        python(
            Command::new("python3")
                .args(["-c", UNPACK])
                .arg(folder.join(format!("{PACKAGE}-{VERSION}-py3-none-any.whl")))
                .arg(format!("{PACKAGE}/data/{service}/{version}/"))
                .arg(folder.join(service).join(version)),
        )?;
    }
    Ok(folder)
}

/// Writes the JSON files below one folder of a wheel, unzipped, into another folder.
const UNPACK: &str = r"
import gzip, pathlib, sys, zipfile
wheel, prefix, target = sys.argv[1:]
target = pathlib.Path(target)
target.mkdir(parents=True, exist_ok=True)
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(prefix):
            data, file = archive.read(name), name[len(prefix):]
            if file.endswith('.gz'):
                data, file = gzip.decompress(data), file[:-3]
            (target / file).write_bytes(data)
";

fn python(command: &mut Command) -> Result<()> {
    let status = command.status().context("python3 is needed to fetch the models")?;
    ensure!(status.success(), "python3 ended with {status}");
    Ok(())
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn extract(service: &str, model: Model, paginators: Paginators) -> Result<Facts> {
    let mut pagination = paginators.pagination;
    let operations = model.operations.into_iter().map(|(name, operation)| {
        let pagination = pagination.remove(&name).map(|pages| Pagination {
            input_token: pages.input_token,
            output_token: pages.output_token,
            limit: pages.limit_key,
            more_results: pages.more_results,
            results: pages.result_key.into_vec(),
        });
        let output = operation.output;
        let mut errors: Vec<String> = operation.errors.into_iter().map(|e| e.shape).collect();
        errors.sort();
        let facts = Operation {
            input: operation.input.map(|input| input.shape),
            result_wrapper: output.as_ref().and_then(|output| output.result_wrapper.clone()),
            output: output.map(|output| output.shape),
            errors,
            unsigned: operation.authtype.as_deref() == Some("none"),
            pagination,
        };
        (name, facts)
    });
    let operations = operations.collect();
    let shapes = model.shapes.into_iter().map(|(name, shape)| {
        let facts = extract_shape(&name, shape).with_context(|| name.clone())?;
        Ok((name, facts))
    });
    let metadata = model.metadata;
    Ok(Facts {
        source: format!("{PACKAGE} {VERSION}"),
        name: service.to_owned(),
        signing_name: metadata.signing_name.unwrap_or(metadata.endpoint_prefix),
        api_version: metadata.api_version,
        namespace: metadata.xml_namespace,
        operations,
        shapes: shapes.collect::<Result<_>>()?,
    })
}

fn extract_shape(name: &str, shape: RawShape) -> Result<Shape> {
    let range = Range { min: shape.min, max: shape.max };
    let text = Text {
        length: range,
        pattern: shape.pattern,
        words: shape.words,
        sensitive: shape.sensitive,
    };
    Ok(match shape.kind.as_str() {
        "structure" => {
            let required = shape.required;
            let members = shape.members.0.into_iter().map(|(name, member)| Member {
                required: required.contains(&name),
                shape: member.shape,
                location_name: member.location_name.filter(|wire| *wire != name),
                name,
            });
            // An error without facts of its own has its shape's name as its code, and status 400.
            let error = shape.exception.then(|| match shape.error {
                Some(error) => ErrorFacts { code: error.code, status: error.http_status_code },
                None => ErrorFacts { code: name.to_owned(), status: 400 },
            });
            Shape::Structure(Structure { members: members.collect(), error })
        }
        "list" => {
            let member = shape.member.context("list without member")?;
            Shape::List(List {
                member: member.shape,
                location_name: member.location_name,
                flattened: shape.flattened,
                size: range,
            })
        }
        "map" => Shape::Map(Map {
            key: shape.key.context("map without key")?.shape,
            value: shape.value.context("map without value")?.shape,
            size: range,
        }),
        "string" => Shape::String(text),
        "integer" => Shape::Integer(range),
        "boolean" => Shape::Boolean,
        "timestamp" => Shape::Timestamp,
        "blob" => Shape::Blob(text),
        other => bail!("unknown type `{other}`"),
    })
}

#[derive(Deserialize)]
struct Model {
    metadata: Metadata,
    operations: BTreeMap<String, RawOperation>,
    shapes: BTreeMap<String, RawShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    api_version: String,
    endpoint_prefix: String,
    signing_name: Option<String>,
    xml_namespace: String,
}

#[derive(Deserialize)]
struct RawOperation {
    input: Option<Reference>,
    output: Option<Reference>,
    #[serde(default)]
    errors: Vec<Reference>,
    authtype: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    shape: String,
    location_name: Option<String>,
    result_wrapper: Option<String>,
}

#[derive(Deserialize)]
struct RawShape {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    members: InOrder<Reference>,
    #[serde(default)]
    required: Vec<String>,
    member: Option<Reference>,
    key: Option<Reference>,
    value: Option<Reference>,
    min: Option<i64>,
    max: Option<i64>,
    pattern: Option<String>,
    #[serde(default, rename = "enum")]
    words: Vec<String>,
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    flattened: bool,
    #[serde(default)]
    exception: bool,
    error: Option<RawError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawError {
    code: String,
    http_status_code: u16,
}

#[derive(Deserialize)]
struct Paginators {
    pagination: BTreeMap<String, RawPagination>,
}

#[derive(Deserialize)]
struct RawPagination {
    input_token: String,
    output_token: String,
    limit_key: String,
    more_results: String,
    result_key: OneOrMore,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more,
        }
    }
}

/// The members of a JSON object in the order in which they are written, which matters in models.
struct InOrder<T>(Vec<(String, T)>);

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for InOrder<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Collect<T> {
            type Value = InOrder<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(InOrder(members))
            }
        }

        deserializer.deserialize_map(Collect(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_taken_and_prose_is_left() {
        let model = r#"{
            "metadata": {"apiVersion": "v", "endpointPrefix": "n", "xmlNamespace": "x"},
            "operations": {"Op": {
                "input": {"shape": "OpRequest"}, "authtype": "none", "documentation": "prose",
                "output": {"shape": "OpRequest", "resultWrapper": "OpResult"},
                "errors": [{"shape": "Z"}, {"shape": "Gone"}]
            }},
            "shapes": {
                "OpRequest": {"type": "structure", "required": ["A"], "documentation": "prose",
                    "members": {"B": {"shape": "T", "documentation": "prose"}, "A": {"shape": "T"}}},
                "Gone": {"type": "structure", "members": {}, "exception": true},
                "Z": {"type": "structure", "members": {}, "exception": true,
                    "error": {"code": "zz", "httpStatusCode": 409, "senderFault": true}},
                "T": {"type": "string", "max": 3, "sensitive": true, "documentation": "prose"}
            }
        }"#;
        let paginators = Paginators { pagination: BTreeMap::new() };
        let facts = extract("n", serde_json::from_str(model).unwrap(), paginators).unwrap();
        let text = serde_json::to_string(&facts).unwrap();
        assert!(!text.contains("prose"), "{text}");
        assert_eq!(
            serde_json::to_value(&facts.operations["Op"]).unwrap(),
            serde_json::json!({
                "input": "OpRequest", "output": "OpRequest", "result_wrapper": "OpResult",
                "errors": ["Gone", "Z"], "unsigned": true
            })
        );
        let members = &facts.structure("OpRequest").unwrap().members;
        let members: Vec<_> = members.iter().map(|it| (it.name.as_str(), it.required)).collect();
        assert_eq!(members, [("B", false), ("A", true)]);
        let error = |name: &str| {
            let error = facts.structure(name).unwrap().error.as_ref().unwrap();
            (error.code.clone(), error.status)
        };
        assert_eq!(error("Gone"), ("Gone".to_owned(), 400));
        assert_eq!(error("Z"), ("zz".to_owned(), 409));
    }
}
