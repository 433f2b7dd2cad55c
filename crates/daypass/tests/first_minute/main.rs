//! What somebody new asks of the command: its version, its help, what it can do, the code of a device.
#![cfg(test)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

#[test]
fn the_version_names_the_commit_of_a_checkout() {
    let shown = text(&run(&["--version"], "").stdout);
    let git = |arguments: &[&str]| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let output = Command::new("git").current_dir(folder).args(arguments).output().ok()?;
        output.status.success().then(|| text(&output.stdout))
    };
    // The sources of an archive may lie within another project's repository.
    let is_checkout = git(&["rev-parse", "--show-prefix"]).is_some_and(|prefix| prefix == "\n");
    let version = env!("CARGO_PKG_VERSION");
    let expected = match git(&["show", "--no-patch", "--abbrev=12", "--format=%h %cs", "HEAD"]) {
        Some(commit) if is_checkout => format!("daypass {version} ({})\n", commit.trim()),
        _ => format!("daypass {version}\n"),
    };
    assert_eq!(shown, expected);
}

#[test]
fn help_is_a_command_too() {
    for (of_help, of_option) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "why"], &["why", "--help"]),
        (&["help", "policy", "eval"], &["policy", "eval", "--help"]),
    ] {
        let (help, option) = (run(of_help, ""), run(of_option, ""));
        assert!(help.status.success(), "{help:?}");
        assert_eq!(text(&help.stdout), text(&option.stdout), "{of_help:?}");
    }
    let unknown = run(&["help", "polcy"], "");
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    assert!(text(&unknown.stderr).contains("polcy"), "{unknown:?}");
}

#[test]
fn coverage_tells_what_the_server_has() {
    let json = run(&["coverage", "--json"], "");
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let shown = text(&run(&["coverage"], "").stdout);
    let of_server = [
        ("iam", "2010-05-08", daypass_iam_core::OPERATIONS),
        ("sts", "2011-06-15", daypass_sts_core::OPERATIONS),
    ];
    for (service, (name, version, operations)) in
        json["services"].as_array().unwrap().iter().zip(of_server)
    {
        assert_eq!((&service["service"], &service["version"]), (&name.into(), &version.into()));
        assert_eq!(service["built"], Value::from(operations));
        let total = operations.len();
        let line = format!("{name} {version}: {total} of {total} operations\n");
        assert!(shown.contains(&line), "{shown}");
    }
}

/// The codes of RFC 6238, appendix B, of which a device shows the last six digits.
#[test]
fn an_mfa_code_is_what_the_device_shows() {
    let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for (arguments, input, code, left) in [
        (&[seed, "--at", "59"][..], "", "287082", "1 more second"),
        (
            &["gezd gnbv gy3t qojq gezd gnbv gy3t qojq", "--at", "60"],
            "",
            "359152",
            "30 more seconds",
        ),
        (
            &["-", "--at", "2005-03-18T01:58:29Z"],
            &*format!("{seed}==\n"),
            "081804",
            "1 more second",
        ),
    ] {
        let output = run(&[&["mfa", "code"], arguments].concat(), input);
        let shown = (text(&output.stdout), text(&output.stderr));
        assert_eq!(shown, (format!("{code}\n"), format!("shown for {left}\n")), "{arguments:?}");
    }
    let now = run(&["mfa", "code", seed], "");
    assert!(now.status.success() && text(&now.stdout).trim().parse::<u32>().is_ok(), "{now:?}");
    for (arguments, complaint) in [
        (&["mfa", "code", "JBSWY3D1"][..], "a seed is 16 to 103 characters of base 32"),
        (&["mfa", "code", seed, "--at", "noon"], "\"noon\" is no time"),
    ] {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(text(&output.stderr).contains(complaint), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
    }
}

#[test]
fn a_server_says_what_it_loaded_or_all_that_is_wrong_with_the_seed() {
    let seed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first-minute-seed.toml");
    let shown = seed.to_str().unwrap();
    let arguments = ["--listen", "127.0.0.1:0", "--seed", shown];
    let good = "[[accounts]]\nid = '111122223333'\nusers = [{ name = 'a' }, { name = 'b' }]\n";
    fs::write(&seed, good).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_daypass"));
    let mut server = server.env_clear().args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), format!("{shown}: 1 account, 2 users"));
    assert!(lines.next().unwrap().unwrap().starts_with("daypass "));
    server.kill().unwrap();
    server.wait().unwrap();

    let wrong = "[[accounts]]\nid = '111122223333'\nusres = []\n\
                 users = [{ name = 'a b', groups = ['none'] }]\n";
    fs::write(&seed, wrong).unwrap();
    let output = run(&arguments, "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let told = text(&output.stderr);
    let mut lines = told.lines();
    for expected in [
        "daypass: 3 mistakes in the seed".to_owned(),
        format!("{shown}:3:1: unknown field `usres`, did you mean `users`?"),
        format!("{shown}:4:19: ValidationError: "),
        format!("{shown}:4:36: NoSuchEntity: The group with name none cannot be found."),
    ] {
        let line = lines.next().unwrap_or_else(|| panic!("{told}"));
        assert!(line.starts_with(&expected), "{line}\nis not\n{expected}");
    }
    assert_eq!(lines.next(), None, "{told}");
    fs::remove_file(seed).unwrap();
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear().args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
