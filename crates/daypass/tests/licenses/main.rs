//! `daypass licenses` as it is typed into a shell.
#![cfg(test)]

use std::io::Read as _;
use std::process::{Command, Stdio};

#[test]
fn the_notice_names_everybody_and_holds_the_texts() {
    let output = command().output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let notice = String::from_utf8(output.stdout).unwrap();
    for expected in [
        "hyper 1.",
        "https://crates.io/crates/imbl/",
        "Mozilla Public License Version 2.0",
        "Permission is hereby granted, free of charge",
        "Redistributions in binary form must reproduce the above copyright notice",
        "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
    ] {
        assert!(notice.contains(expected), "{expected}");
    }
    assert!(!notice.contains("daypass-gateway"), "only others' packages are listed");
}

#[test]
fn a_reader_may_go_away_early() {
    let mut child = command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    let mut notice = child.stdout.take().unwrap();
    notice.read_exact(&mut first).unwrap();
    drop(notice);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear().arg("licenses");
    command
}
