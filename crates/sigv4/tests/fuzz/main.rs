//! The fuzz targets of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod authorization;
mod canonical;
mod chunked;
mod presigned;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod server;

#[test]
fn authorization() {
    replay::corpus("authorization", authorization::run);
}

#[test]
fn presigned() {
    replay::corpus("presigned", presigned::run);
}

#[test]
fn canonical() {
    replay::corpus("canonical", canonical::run);
}

#[test]
fn chunked() {
    replay::corpus("chunked", chunked::run);
}
