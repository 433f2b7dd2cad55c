//! `cargo xtask coverage`: which operations there are. The generated dispatch names each of them, and
//! does not compile without its implementation.

use anyhow::Result;

use crate::codegen::Model;
use crate::facts::SERVICES;

pub(crate) fn run() -> Result<()> {
    let mut all = 0;
    for (service, _) in SERVICES {
        let model = Model::read(service)?;
        let operations = &model.facts.operations;
        let total = operations.len();
        println!("{service} {}: {total} of {total} operations", model.facts.api_version);
        operations.keys().for_each(|name| println!("  built    {name}"));
        all += total;
    }
    println!("together: {all} of {all} operations");
    Ok(())
}
