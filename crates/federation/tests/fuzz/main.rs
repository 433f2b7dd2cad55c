//! The fuzz targets of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod jwt;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod saml;

#[test]
fn jwt() {
    replay::corpus("jwt", jwt::run);
}

#[test]
fn saml() {
    replay::corpus("saml", saml::run);
}
