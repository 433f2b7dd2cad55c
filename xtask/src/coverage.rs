//! `cargo xtask coverage`: what is built, and what is not yet.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::codegen::{Model, not_yet};
use crate::facts::SERVICES;

pub(crate) fn run() -> Result<()> {
    let (mut built, mut all) = (0, 0);
    for (service, _) in SERVICES {
        let model = Model::read(service)?;
        let operations = &model.facts.operations;
        let not_yet = not_yet(&model.facts)?;
        let total = operations.len();
        let done = total - not_yet.len();
        println!("{service} {}: {done} of {total} operations", model.facts.api_version);
        for name in operations.keys().filter(|name| !not_yet.contains_key(*name)) {
            println!("  built    {name}");
        }
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, reason) in &not_yet {
            by_reason.entry(reason).or_default().push(name);
        }
        for (reason, names) in by_reason {
            println!("  not yet  {reason} ({})", names.len());
            for name in names {
                println!("             {name}");
            }
        }
        built += done;
        all += total;
    }
    println!("together: {built} of {all} operations");
    Ok(())
}
