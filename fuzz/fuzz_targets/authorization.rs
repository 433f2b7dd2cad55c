#![no_main]

#[allow(dead_code, reason = "each target uses its share")]
#[path = "../../crates/sigv4/tests/fuzz/server.rs"]
mod server;
#[path = "../../crates/sigv4/tests/fuzz/authorization.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| target::run(input));
