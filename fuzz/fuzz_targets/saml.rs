#![no_main]

#[path = "../../crates/federation/tests/fuzz/saml.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
