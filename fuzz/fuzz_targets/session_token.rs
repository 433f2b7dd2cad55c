#![no_main]

#[path = "../../crates/token/tests/fuzz/session_token.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
