//! The fuzz target of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod idp;
#[path = "../../../../fuzz/replay.rs"]
mod replay;

#[test]
fn idp() {
    replay::corpus("idp", idp::run);
}
