//! The fuzz target of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod arn;
#[path = "../../../../fuzz/replay.rs"]
mod replay;

#[test]
fn arn() {
    replay::corpus("arn", arn::run);
}
