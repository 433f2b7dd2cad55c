//! The files themselves.

use std::ffi::OsStr;
use std::fs;

use crate::{check, files, root};

/// Beyond this a file holds more than one idea.
const LONGEST: usize = 700;

#[test]
fn files_are_short_enough_to_read() {
    let rust = files().into_iter().filter(|path| path.extension() == Some(OsStr::new("rs")));
    let written = rust.filter(|path| !path.iter().any(|folder| folder == "generated"));
    let long = written.filter_map(|path| {
        let lines = fs::read_to_string(root().join(&path)).unwrap().lines().count();
        (lines > LONGEST).then(|| format!("{}: {lines} lines", path.display()))
    });
    check(&format!("split these files, each has more than {LONGEST} lines:"), long);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let found = files().into_iter().flat_map(|path| {
        // What is not text holds no path that anybody wrote.
        let text = fs::read_to_string(root().join(&path)).unwrap_or_default();
        let lines = text.lines().enumerate().filter(|(_, line)| names_a_local_folder(line));
        let at = lines.map(|(at, _)| format!("{}:{}", path.display(), at + 1));
        at.collect::<Vec<_>>()
    });
    check("write these paths from the root of the checkout, or as variables:", found);
}

#[test]
fn local_folders_are_told_from_others() {
    let cases = [
        ("see {/}home/me/x", true),
        ("\"{/}Users/me\"", true),
        ("file:///{/}home/me", true),
        ("path={/}root/.cache", true),
        ("https://example.com{/}home/x", false),
        ("arn:aws:s3:::bucket{/}home/x", false),
        ("${aws:username}{/}home/x", false),
        ("crates{/}work/x", false),
        ("the {/}homes", false),
    ];
    for (line, local) in cases {
        // Spelt so that this file passes its own test.
        assert_eq!(names_a_local_folder(&line.replace("{/}", "/")), local, "{line}");
    }
}

/// Whether a line names a folder below one in which people keep their checkouts. Such a name
/// at the end of a longer path is another's.
fn names_a_local_folder(line: &str) -> bool {
    ["home", "root", "work", "Users"].iter().any(|folder| {
        let folder = format!("/{folder}/");
        line.match_indices(&folder).any(|(at, _)| {
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            before.is_none_or(|c| !c.is_alphanumeric() && !"._-*}$)]".contains(c))
        })
    })
}
