#![no_main]

#[path = "../../crates/policy/tests/fuzz/evaluation.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
