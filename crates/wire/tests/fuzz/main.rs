//! The fuzz target of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod params;
#[path = "../../../../fuzz/replay.rs"]
mod replay;

#[test]
fn params() {
    replay::corpus("params", params::run);
}
