#![no_main]

#[path = "../../crates/idp/tests/fuzz/idp.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
