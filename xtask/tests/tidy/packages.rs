//! What daypass is built from, and what not.

use std::collections::BTreeSet;

use crate::{METADATA, check, dependencies, members, packages, text_of};

/// Packages that must not reach the binary, and what there is instead.
const BANNED: [(&str, &str); 6] = [
    ("ring", "aws-lc-rs is the one crypto provider"),
    ("openssl", "aws-lc-rs is the one crypto provider"),
    ("openssl-sys", "aws-lc-rs is the one crypto provider"),
    ("native-tls", "TLS is rustls"),
    ("chrono", "time is aws-smithy-types' DateTime, computed with jiff"),
    ("reqwest", "HTTP is hyper"),
];

#[test]
fn banned_packages_do_not_reach_the_binary() {
    let built = built_into("daypass");
    assert!(built.contains("tokio"), "the walk over the graph finds nothing");
    let found = BANNED.into_iter().filter(|(name, _)| built.contains(name));
    check(
        "find who brings these in with `cargo tree -i` and turn off the feature that does:",
        found.map(|(name, instead)| format!("{name}: {instead}")),
    );
}

#[test]
fn only_the_end_to_end_tests_use_the_aws_sdk() {
    let is_sdk = |name: &str| name.starts_with("aws-sdk-") || name == "aws-config";
    let uses = members().flat_map(|package| {
        let name = text_of(package, "name");
        let may = move |optional: bool| name == "daypass-tests" || (name == "daypass" && optional);
        let imports = dependencies(package).iter();
        imports
            .filter(move |import| is_sdk(text_of(import, "name")))
            .filter(move |import| !may(import["optional"] == true))
            .map(move |import| format!("{name} depends on {}", text_of(import, "name")))
    });
    check("only tests may depend on the AWS SDK, and daypass behind a feature:", uses);
}

/// The names of all packages that are compiled into a package: normal dependencies, all the way.
fn built_into(name: &str) -> BTreeSet<&'static str> {
    let nodes = METADATA["resolve"]["nodes"].as_array().expect("a resolved graph");
    let package = |id: &str| packages().iter().find(|package| text_of(package, "id") == id);
    let name_of = |id: &str| package(id).map(|package| text_of(package, "name"));

    let start = nodes.iter().map(|node| text_of(node, "id")).find(|id| name_of(id) == Some(name));
    let mut waiting: Vec<&str> = start.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(node) = nodes.iter().find(|node| text_of(node, "id") == id) else { continue };
        if seen.insert(id) {
            let imports = node["deps"].as_array().into_iter().flatten();
            let normal = imports.filter(|import| {
                let kinds = import["dep_kinds"].as_array().into_iter().flatten();
                kinds.into_iter().any(|kind| kind["kind"].is_null())
            });
            waiting.extend(normal.map(|import| text_of(import, "pkg")));
        }
    }
    seen.into_iter().filter_map(name_of).collect()
}
