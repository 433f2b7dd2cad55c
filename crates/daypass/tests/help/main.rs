//! The help of every command, as files: a change of it is seen in review.
//!
//! `DAYPASS_WRITE_HELP=1 cargo test -p daypass --test help` writes them anew.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

#[test]
fn the_help_of_every_command_is_as_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help/pages");
    let mut pages = BTreeMap::new();
    walk(&mut Vec::new(), &mut pages);
    if env::var_os("DAYPASS_WRITE_HELP").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        pages.iter().for_each(|(name, help)| fs::write(folder.join(name), help).unwrap());
        return;
    }
    let entries = fs::read_dir(&folder).unwrap();
    let kept: BTreeMap<_, _> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&pages), names(&kept), "{REGENERATE}");
    for (name, help) in &pages {
        // The first line that differs; a page is long.
        let lines =
            help.lines().map(Some).chain([None]).zip(kept[name].lines().map(Some).chain([None]));
        for (line, kept) in lines {
            assert_eq!(line, kept, "{name}: {REGENERATE}");
        }
    }
}

const REGENERATE: &str = "read it, then DAYPASS_WRITE_HELP=1 cargo test -p daypass --test help";

/// The page of a command and those of its subcommands, which the page lists.
fn walk(command: &mut Vec<String>, pages: &mut BTreeMap<String, String>) {
    let help = help(command);
    let subcommands = subcommands(&help);
    let name = [&["daypass".to_owned()], &command[..]].concat().join("-") + ".txt";
    pages.insert(name, help);
    for subcommand in subcommands {
        command.push(subcommand);
        walk(command, pages);
        command.pop();
    }
}

/// `help` itself has no page of its own.
fn subcommands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let indented = lines.filter_map(|line| line.strip_prefix("  "));
    let names = indented.filter(|line| !line.starts_with(' '));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Where standard output is no terminal there are no colours. Lines are as long as their paragraphs: clap,
/// without its feature `wrap_help`, asks for no width.
fn help(command: &[String]) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_daypass"));
    let output = process.env_clear().args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(!help.contains('\u{1b}'), "{help}");
    // No file of the project has spaces at the ends of its lines.
    help.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}
