//! The fuzz target of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod document;
#[path = "../../../../fuzz/replay.rs"]
mod replay;

#[test]
fn document() {
    replay::corpus("document", document::run);
}
