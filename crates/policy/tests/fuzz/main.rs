//! The fuzz targets of this crate, fed with what was found to be worth keeping (`fuzz/corpus`).
#![cfg(test)]

mod document;
mod evaluation;
mod lint;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
#[path = "../lint/vocabulary.rs"]
mod vocabulary;

#[test]
fn document() {
    replay::corpus("document", document::run);
}

#[test]
fn evaluation() {
    replay::corpus("evaluation", evaluation::run);
}

#[test]
fn lint() {
    replay::corpus("lint", lint::run);
}
