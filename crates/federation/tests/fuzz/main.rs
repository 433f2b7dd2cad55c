//! The fuzz targets of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod jwt;
#[path = "../../../../fuzz/replay.rs"]
mod replay;

#[test]
fn jwt() {
    replay::corpus("jwt", jwt::run);
}
