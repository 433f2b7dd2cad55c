//! The fuzz target of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod session_token;

#[test]
fn session_token() {
    replay::corpus("session_token", session_token::run);
}
