//! The facts of one service's model: what stands in `fixtures/models/*.json`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::paths;

/// The services that daypass is made of: the short name of each, and its API's version.
pub(crate) const SERVICES: [(&str, &str); 2] = [("iam", "2010-05-08"), ("sts", "2011-06-15")];

/// A service.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// Where the facts are from: package and version.
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) signing_name: String,
    pub(crate) api_version: String,
    pub(crate) namespace: String,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Operation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<String>,
    /// The element around the output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) result_wrapper: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<String>,
    /// Whether requests carry no signature.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) unsigned: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pagination: Option<Pagination>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pagination {
    pub(crate) input_token: String,
    pub(crate) output_token: String,
    pub(crate) limit: String,
    pub(crate) more_results: String,
    pub(crate) results: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Shape {
    Structure(Structure),
    List(List),
    Map(Map),
    String(Text),
    Integer(Range),
    Boolean,
    Timestamp,
    Blob(Text),
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Structure {
    /// In the model's order.
    pub(crate) members: Vec<Member>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<ErrorFacts>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) shape: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) required: bool,
    /// The name on the wire, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) location_name: Option<String>,
}

impl Member {
    /// The name on the wire.
    pub(crate) fn wire_name(&self) -> &str {
        self.location_name.as_deref().unwrap_or(&self.name)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ErrorFacts {
    pub(crate) code: String,
    pub(crate) status: u16,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct List {
    pub(crate) member: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) location_name: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) flattened: bool,
    #[serde(flatten)]
    pub(crate) size: Range,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Map {
    pub(crate) key: String,
    pub(crate) value: String,
    #[serde(flatten)]
    pub(crate) size: Range,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Text {
    #[serde(flatten)]
    pub(crate) length: Range,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pattern: Option<String>,
    #[serde(default, rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub(crate) words: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) sensitive: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Range {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<i64>,
}

impl Facts {
    /// Reads the facts of a service as `cargo xtask models` left them.
    pub(crate) fn read(service: &str) -> Result<Self> {
        let path = paths::models().join(format!("{service}.json"));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        serde_json::from_str(&text).with_context(|| path.display().to_string())
    }

    pub(crate) fn shape(&self, name: &str) -> Result<&Shape> {
        self.shapes.get(name).with_context(|| format!("{}: no shape `{name}`", self.name))
    }

    pub(crate) fn structure(&self, name: &str) -> Result<&Structure> {
        match self.shape(name)? {
            Shape::Structure(structure) => Ok(structure),
            _ => anyhow::bail!("{}: `{name}` is not a structure", self.name),
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}
