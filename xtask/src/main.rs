//! The tasks of the workshop: models, codegen, coverage, conformance, bench.
fn main() {}
