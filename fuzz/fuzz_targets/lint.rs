#![no_main]

#[path = "../../crates/policy/tests/fuzz/lint.rs"]
mod target;
#[path = "../../crates/policy/tests/lint/vocabulary.rs"]
mod vocabulary;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
