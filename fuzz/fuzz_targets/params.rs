#![no_main]

#[path = "../../crates/wire/tests/fuzz/params.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
