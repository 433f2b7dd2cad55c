//! What daypass is built from, and what not.

use std::collections::BTreeSet;
use std::process::Command;

use crate::{check, dependencies, members, text_of};

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
    let found = BANNED.into_iter().filter(|(name, _)| built.contains(*name));
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

/// The names of all packages that are compiled into a package, on whatever machine. Cargo's tree
/// knows which optional dependencies are really on; its metadata lists those too that a feature
/// only would touch.
fn built_into(name: &str) -> BTreeSet<String> {
    let arguments =
        ["tree", "--locked", "-p", name, "-e", "normal", "--target", "all", "--prefix", "none"];
    let tree = Command::new(env!("CARGO")).args(arguments).output().expect("cargo runs");
    let lines = String::from_utf8(tree.stdout).expect("names are text");
    lines.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}
