//! Lints and versions are decided in one place, the root Cargo.toml.

use std::fs;

use toml::{Table, Value};

use crate::{check, members, text_of};

#[test]
fn every_crate_follows_the_lints_of_the_workspace() {
    let without = manifests().filter(|(_, manifest)| {
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        lints != Some(&Value::Boolean(true))
    });
    check(
        "add `[lints] workspace = true` to the Cargo.toml of:",
        without.map(|(name, _)| name.to_owned()),
    );
}

#[test]
fn every_dependency_is_declared_by_the_workspace() {
    let own = manifests().flat_map(|(name, manifest)| {
        let of_targets = manifest.get("target").and_then(Value::as_table);
        let of_targets = of_targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
        let tables = of_targets.chain([&manifest]).flat_map(dependency_tables);
        let own = tables
            .filter(|(_, dependency)| dependency.get("workspace") != Some(&Value::Boolean(true)));
        own.map(|(dependency, _)| format!("{name}: {dependency}")).collect::<Vec<_>>()
    });
    check("move these to [workspace.dependencies] and write `workspace = true`:", own);
}

fn dependency_tables(table: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    kinds.into_iter().filter_map(|kind| table.get(kind)?.as_table()).flatten()
}

fn manifests() -> impl Iterator<Item = (&'static str, Table)> {
    members().map(|package| {
        let text = fs::read_to_string(text_of(package, "manifest_path")).unwrap();
        (text_of(package, "name"), text.parse().unwrap())
    })
}
