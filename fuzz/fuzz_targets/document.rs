#![no_main]

#[path = "../../crates/policy/tests/fuzz/document.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
