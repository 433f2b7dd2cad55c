//! The properties of an account: switches that it sets for itself (IAM API Reference,
//! `PutAccountProperties`).

use std::collections::{BTreeMap, BTreeSet};

use crate::errors::InvalidInput;

/// The properties as they are, whoever set them.
pub(super) fn all(set: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let value = |name: &str, default: &str| set.get(name).map_or(default, |set| set).to_owned();
    KNOWN.iter().map(|(name, default)| ((*name).to_owned(), value(name, default))).collect()
}

/// The namespaces of properties, each once: what stands before the slash.
pub(super) fn namespaces<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let namespaces = names.into_iter().filter_map(|name| Some(name.split_once('/')?.0.to_owned()));
    namespaces.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The names of all properties.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}

/// Whether properties may be set, all in one request.
pub(super) fn check(properties: &BTreeMap<String, String>) -> Result<(), InvalidInput<'_>> {
    for (name, value) in properties {
        let parts = name.split_once('/');
        let is_well_formed = parts.is_some_and(|(namespace, rest)| {
            !namespace.is_empty() && !rest.is_empty() && !rest.contains('/')
        });
        if !is_well_formed || !names().any(|known| known == name) {
            return Err(InvalidInput::AccountProperty(name));
        }
        if !["true", "false"].contains(&value.as_str()) {
            return Err(InvalidInput::AccountPropertyValue { name, value });
        }
    }
    if namespaces(properties.keys().map(String::as_str)).len() > 1 {
        return Err(InvalidInput::AccountPropertyNamespaces);
    }
    Ok(())
}

/// With their defaults. All are true or false.
const KNOWN: [(&str, &str); 1] = [("RoleManager/Enabled", "false")];
