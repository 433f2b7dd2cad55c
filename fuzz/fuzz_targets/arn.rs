#![no_main]

#[path = "../../crates/ident/tests/fuzz/arn.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
