//! `daypass doctor signature` as it is typed into a shell. The signatures come from elsewhere: Python's `hmac`.
#![cfg(test)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

#[test]
fn a_right_signature() {
    let output = doctor(&[], &raw(RIGHT));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(text(&output.stdout), "The signature is right.\n");
}

#[test]
fn a_mistake_is_named_with_both_requests_side_by_side() {
    for request in [raw(NO_PORT), raw(NO_PORT).replace("\r\n", "\n"), raw(NO_PORT) + "\n"] {
        let output = doctor(&[], &request);
        let told = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.starts_with("The signature is right but for this:\n  * host: "), "{told}");
        let row = told
            .lines()
            .position(|line| line.starts_with("  ≠ host:localhost:4566 "))
            .expect(&told);
        let (row, marks) = (told.lines().nth(row).unwrap(), told.lines().nth(row + 1).unwrap());
        assert!(row.ends_with(" host:localhost"), "{told}");
        // Below the colon that only one of them has, and below where the other ends.
        let columns: Vec<usize> = marks.match_indices('^').map(|(at, _)| at).collect();
        let row: Vec<char> = row.chars().collect();
        assert_eq!((row[columns[0]], columns[1]), (':', row.len()), "{told}");
    }
}

#[test]
fn two_mistakes_are_named() {
    let output = doctor(&[], &raw(BOTH));
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("  * host: ") && told.contains("  * secret-whitespace: "), "{told}");
}

#[test]
fn the_secret_of_another_key() {
    let output = doctor(&["--other-secret", "AKIDOTHER:another-secret-of-alice"], &raw(OTHER));
    let told = text(&output.stdout);
    assert!(
        told.contains(
            "  * secret-of-another-key: the secret is that of the access key `AKIDOTHER`"
        ),
        "{told}"
    );
    assert!(!told.contains("another-secret"), "{told}");
    // Without it nothing explains the signature, and that is said.
    let output = doctor(&[], &raw(OTHER));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("made with another secret"), "{output:?}");
}

#[test]
fn a_trace_of_curl() {
    let trace = trace(NO_PORT);
    let output = doctor(&["--body", BODY], &trace);
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    // The answer in the trace is of two hours before the date that was signed.
    assert!(told.contains("  * local-time: ") && told.contains("UTC+2:00"), "{told}");
    assert!(told.contains("  * host: "), "{told}");
    let output = doctor(&["--body", BODY, "--now", "2027-01-15T08:01:00Z"], &trace);
    assert!(!text(&output.stdout).contains("local-time"), "{output:?}");

    let output = doctor(&[], &trace);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("--body"), "{output:?}");
}

#[test]
fn another_scope_than_the_services() {
    let output = doctor(&["--service", "iam", "--region", "eu-west-1"], &raw(RIGHT));
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("  * service: ") && told.contains("  * region: "), "{told}");
    let output = doctor(&["--access-key-id", "AKIDOTHER"], &raw(RIGHT));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("AKIDEXAMPLE"), "{output:?}");
}

#[test]
fn what_cannot_be_read_is_a_matter_of_usage() {
    for (arguments, request) in
        [(&["--now", "never"][..], raw(RIGHT)), (&[], String::new()), (&[], "hello".into())]
    {
        let output = doctor(arguments, &request);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).starts_with("daypass: "), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
    }
    let mut without_secret = command();
    let output = run(without_secret.args(["doctor", "signature", "--request", "-"]), &raw(RIGHT));
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("AWS_SECRET_ACCESS_KEY"), "{output:?}");
    // A request without a signature is a finding, though.
    let output = doctor(&[], "GET / HTTP/1.1\nHost: localhost\n\n");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stdout).contains("not signed"), "{output:?}");
}

#[test]
fn no_secret_is_printed() {
    for signature in [RIGHT, NO_PORT, BOTH, OTHER] {
        let output = doctor(&[], &raw(signature));
        let all = text(&output.stdout) + &text(&output.stderr);
        let told = |secret: &str| all.contains(secret.get(..10).unwrap());
        assert!(!told(SECRET) && !told(signature), "{all}");
    }
    let help = run(
        command().args(["doctor", "signature", "--help"]).env("AWS_SECRET_ACCESS_KEY", SECRET),
        "",
    );
    let help = text(&help.stdout);
    assert!(
        help.contains("curl -v") && help.contains("Exit codes") && !help.contains(SECRET),
        "{help}"
    );
}

fn doctor(arguments: &[&str], request: &str) -> Output {
    let mut command = command();
    command.args(["doctor", "signature", "--request", "-"]).args(arguments);
    run(command.env("AWS_SECRET_ACCESS_KEY", SECRET), request)
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear();
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

fn head(signature: &str) -> Vec<String> {
    vec![
        "POST / HTTP/1.1".into(),
        "Host: localhost:4566".into(),
        "Content-Type: application/x-www-form-urlencoded".into(),
        "X-Amz-Date: 20270115T080000Z".into(),
        format!(
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/us-east-1/sts/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, Signature={signature}"
        ),
        format!("Content-Length: {}", BODY.len()),
    ]
}

fn raw(signature: &str) -> String {
    format!("{}\r\n\r\n{BODY}", head(signature).join("\r\n"))
}

fn trace(signature: &str) -> String {
    let head: String = head(signature).iter().map(|line| format!("> {line}\r\n")).collect();
    format!(
        "* Connected to localhost (127.0.0.1) port 4566\n{head}>\r\n}} [43 bytes data]\n\
         < HTTP/1.1 403 Forbidden\r\n< content-type: text/xml\r\n< date: Fri, 15 Jan 2027 06:00:03 GMT\r\n<\r\n\
         {{ [400 bytes data]\n"
    )
}

const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const RIGHT: &str = "e5f2b0199f4e9f53794791e2e41d38e0c0a60c94f2e65ce5694fa80bea21ace0";
const NO_PORT: &str = "c144d8fa119ca6ccc06af5e1a9171932603b9e26fe63c2650a9442e6d908901b";
const BOTH: &str = "5083420f0e4007e4a675a56e95d2154ae26e16a795c7ab8d3f42a3836d63510c";
const OTHER: &str = "6feb93d35e3f11bf13e8d6c8c8a4054f0d7de7a5176578738a5eca676428315d";
