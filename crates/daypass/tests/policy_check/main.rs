//! `daypass policy check` as it is typed into a shell.
#![cfg(test)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

#[test]
fn the_line_is_shown_and_underlined() {
    let output = check(&["-"], TYPO);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let expected = "\
error[unknown-action]: `s3` has no action `GetObjects`
 --> stdin:4:34
  |
4 |   {\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjects\"], \"Resource\": \"*\"}
  |                                  ^^^^^^^^^^^^^^^
  |
  = help: did you mean `s3:GetObject`?

stdin: 1 error (identity policy by its elements; --kind says otherwise)
";
    assert_eq!(text(&output.stdout), expected);
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn the_readme_shows_what_is_printed() {
    let folder = Folder::new("readme");
    folder.write(
        "role.json",
        r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:ListBucket", "s3:GetObjects"],
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {"StringEquals": {"aws:PrincipalTag/team": "fin*"}}
  }
}"#,
    );
    let output = run(command(&["role.json"]).current_dir(&folder.0), "");
    let page = include_str!("../../../../docs/policies.md");
    let told = text(&output.stdout);
    assert!(page.contains(&told), "docs/policies.md should show:\n{told}");
}

#[test]
fn what_aws_says_stands_beside_it() {
    let output = check(&["--kind", "identity", "-"], r#"{"Version": "2012-10-17",}"#);
    let told = text(&output.stdout);
    assert!(
        told.starts_with("error[not-json]: a key in double quotes should stand here"),
        "{told}"
    );
    assert!(told.contains("= help: leave out the comma before it"), "{told}");
    assert!(told.contains("= note: AWS refuses the document: Syntax errors in policy."), "{told}");
    assert!(told.ends_with("stdin: 1 error (identity policy)\n"), "{told}");
}

#[test]
fn colours_are_for_terminals() {
    let plain = check(&["-"], TYPO);
    assert!(!text(&plain.stdout).contains('\u{1b}'), "{plain:?}");
    let forced = run(command(&["-"]).env("CLICOLOR_FORCE", "1"), TYPO);
    assert!(text(&forced.stdout).contains('\u{1b}'), "{forced:?}");
    let refused = run(command(&["-"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"), TYPO);
    assert!(!text(&refused.stdout).contains('\u{1b}'), "{refused:?}");
}

#[test]
fn the_threshold_makes_the_exit_code() {
    let suggestion = statement(r#""Action": ["s3:*", "s3:GetObject"], "Resource": "*""#);
    let warning = statement(r#""Action": "*", "Resource": "*""#);
    let cases = [
        (TYPO.to_owned(), [1, 1, 1, 0]),
        (warning, [0, 1, 1, 0]),
        (suggestion, [0, 0, 1, 0]),
        (statement(r#""Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#), [0, 0, 0, 0]),
    ];
    for (document, codes) in cases {
        for (deny, code) in ["error", "warnings", "suggestion", "nothing"].iter().zip(codes) {
            let output = check(&["--deny", deny, "-"], &document);
            assert_eq!(output.status.code(), Some(code), "--deny {deny}: {output:?}");
        }
        let default = check(&["-"], &document);
        assert_eq!(default.status.code(), Some(codes[1]), "{default:?}");
    }
}

#[test]
fn kinds_are_guessed_or_given() {
    let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}"#;
    let bucket = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Principal": {"AWS": "111111111111"}, "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*"}}"#;
    let all = statement(r#""Action": "*", "Resource": "*""#);
    let cases: [(&str, Option<&str>, &str, &[&str]); 8] = [
        (trust, None, "trust", &["public-principal"]),
        (bucket, None, "resource", &[]),
        (&all, None, "identity", &["allow-all"]),
        (&all, Some("boundary"), "boundary", &[]),
        (&all, Some("session"), "session", &[]),
        (&all, Some("service-control"), "service-control", &[]),
        (bucket, Some("identity"), "identity", &["misplaced-element"]),
        (bucket, Some("resource-control"), "resource-control", &["refused"]),
    ];
    for (document, kind, expected, rules) in cases {
        let mut arguments = vec!["--format", "json", "-"];
        arguments.extend(kind.into_iter().flat_map(|kind| ["--kind", kind]));
        let output = check(&arguments, document);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let file = &json["files"][0];
        assert_eq!(file["kind"], expected, "{document}");
        assert_eq!(file["guessed"], kind.is_none(), "{document}");
        let found = file["findings"].as_array().unwrap().iter();
        let found: Vec<_> = found.map(|finding| finding["rule"].as_str().unwrap()).collect();
        assert_eq!(found, rules, "{document}");
    }
}

#[test]
fn json_has_everything() {
    let output = check(&["--format", "json", "-"], TYPO);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = serde_json::json!({"files": [{
        "file": "stdin", "kind": "identity", "guessed": true,
        "findings": [{
            "rule": "unknown-action",
            "category": "meaning",
            "severity": "error",
            "message": "`s3` has no action `GetObjects`",
            "help": "did you mean `s3:GetObject`?",
            "refusal": null,
            "start": {"line": 4, "column": 34, "byte": TYPO.find("\"s3:").unwrap()},
            "end": {"line": 4, "column": 49, "byte": TYPO.find("\"s3:").unwrap() + 15},
        }],
    }]});
    assert_eq!(json, expected);
}

#[test]
fn sarif_is_what_code_scanning_reads() {
    let folder = Folder::new("sarif");
    folder.write("a b.json", TYPO);
    folder.write("good.json", &statement(r#""Action": "s3:ListAllMyBuckets", "Resource": "*""#));
    let mut command = command(&["--format", "sarif", "a b.json", "good.json"]);
    let output = run(command.current_dir(&folder.0), "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("{log}") };
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "daypass");
    let rules = driver["rules"].as_array().unwrap();
    for rule in rules {
        assert!(rule["shortDescription"]["text"].as_str().unwrap().ends_with('.'), "{rule}");
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
        assert!(["error", "warning", "note"].contains(&level), "{rule}");
    }
    let [result] = run["results"].as_array().unwrap().as_slice() else { panic!("{run}") };
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["id"], result["ruleId"]);
    assert_eq!(result["level"], "error");
    assert_eq!(
        result["message"]["text"],
        "`s3` has no action `GetObjects` (did you mean `s3:GetObject`?)"
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.json");
    assert_eq!(
        place["region"],
        serde_json::json!({"startLine": 4, "startColumn": 34, "endLine": 4, "endColumn": 49})
    );
}

#[test]
fn several_files_are_summed_up() {
    let folder = Folder::new("several");
    folder.write("bad.json", TYPO);
    folder.write("good.json", &statement(r#""Action": "s3:ListAllMyBuckets", "Resource": "*""#));
    let output = run(command(&["bad.json", "good.json"]).current_dir(&folder.0), "");
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(" --> bad.json:4:34\n"), "{told}");
    assert!(told.contains("\nbad.json: 1 error (identity policy"), "{told}");
    assert!(told.contains("\ngood.json: nothing found (identity policy"), "{told}");
}

#[test]
fn what_cannot_be_read_is_a_matter_of_usage() {
    let folder = Folder::new("unreadable");
    fs::write(folder.0.join("latin.json"), b"{\"Id\": \"\xe9\"}").unwrap();
    for arguments in [&["none.json"][..], &["latin.json"], &["-", "none.json"]] {
        let output = run(command(arguments).current_dir(&folder.0), "{}");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).starts_with("daypass: cannot read "), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
    }
    for arguments in [&[][..], &["--kind", "colour", "-"], &["--format", "xml", "-"]] {
        let output = check(arguments, "{}");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

#[test]
fn help_teaches() {
    let output = check(&["--help"], "");
    let help = text(&output.stdout);
    for part in
        ["service-control", "--format sarif", "Exit codes", "aws iam get-role", "--deny error"]
    {
        assert!(help.contains(part), "{part}: {help}");
    }
}

/// The span is `"s3:GetObjects"`.
const TYPO: &str = r#"{
 "Version": "2012-10-17",
 "Statement": [
  {"Effect": "Allow", "Action": ["s3:GetObjects"], "Resource": "*"}
 ]
}"#;

fn statement(rest: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {rest}}}}}"#)
}

fn check(arguments: &[&str], input: &str) -> Output {
    run(&mut command(arguments), input)
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear().args(["policy", "check"]).args(arguments);
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    // It may end without having read.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder of one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy-check").join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }
}
