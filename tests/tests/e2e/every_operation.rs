//! That AWS's SDK for Rust calls, in one test or another, all that STS has, and all of IAM that it needs.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// What the names of IAM's operations have in them that STS needs.
const FAMILIES: [&str; 5] = [
    "MFADevice",
    "OpenIDConnectProvider",
    "SAMLProvider",
    "OutboundWebIdentityFederation",
    "Delegation",
];

#[test]
fn no_operation_is_left_out() {
    let called = called();
    let in_family = |name: &String| FAMILIES.iter().any(|family| name.contains(family));
    let of_iam = operations("iam").into_iter().filter(in_family);
    let wanted: BTreeSet<_> = operations("sts").into_iter().chain(of_iam).collect();
    assert!(wanted.len() > 11 + 30, "{wanted:?}");
    let left_out: Vec<_> =
        wanted.iter().filter(|name| !called.contains(&name.to_lowercase())).collect();
    assert!(left_out.is_empty(), "no test calls {left_out:?}");
}

/// The names of a service's operations.
fn operations(service: &str) -> Vec<String> {
    let path = format!("../fixtures/models/{service}.json");
    let text = fs::read_to_string(folder().join(path)).unwrap();
    let model: Value = serde_json::from_str(&text).unwrap();
    model["operations"].as_object().unwrap().keys().cloned().collect()
}

/// The names of all methods that these tests call, without their underscores.
fn called() -> HashSet<String> {
    let mut called = HashSet::new();
    for entry in fs::read_dir(folder().join("tests/e2e")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let methods = text.split('.').filter_map(|rest| rest.split_once("()"));
            called.extend(methods.map(|(name, _)| name.replace('_', "")));
        }
    }
    called
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
