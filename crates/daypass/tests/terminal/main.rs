//! Whatever others wrote into policies, requests, files and answers, no command prints anything of it
//! that steers a terminal.
#![cfg(test)]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::{Value, json};

/// Clears the screen, sets the title, rings, overwrites the line, reverses what follows, and breaks it.
const HOSTILE: &str =
    "x\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\rA\u{5}\u{7f}\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}y";
/// How it is shown within a line.
const SHOWN: &str =
    "x\\u001b[2J\\u001b]0;t\\u0007\\u009b31m\\rA\\u0005\\u007f\\u202e\\u2066\\u200f\\u061c\\u2028y";

#[test]
fn policies_are_checked() {
    let document = json!({"Version": "2012-10-17", "Statement": [{
        "Sid": HOSTILE,
        "Effect": "Allow",
        "Action": [format!("s3:{HOSTILE}"), format!("iam:{HOSTILE}"), HOSTILE],
        "Resource": [format!("arn:aws:s3:::{HOSTILE}"), HOSTILE],
        "Condition": {HOSTILE: {"a": "b"}, "StringEquals": {format!("aws:{HOSTILE}"): HOSTILE}},
    }]});
    let escaped = document.to_string();
    // As they are, they stand in no JSON; but they stand in the file that is shown.
    let raw = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [\"{HOSTILE}\"], \"{HOSTILE}\"\r\n}}"
    );
    for text in [&escaped, &raw] {
        for format in ["text", "json", "sarif"] {
            let output = run(&["policy", "check", "--format", format, "-"], text);
            assert_eq!(output.status.code(), Some(1), "{output:?}");
            let printed = harmless(&output);
            if format != "text" {
                assert!(serde_json::from_str::<Value>(&printed).is_ok(), "{printed}");
            }
        }
    }
    let told = harmless(&run(&["policy", "check", "-"], &escaped));
    assert!(told.contains(SHOWN), "{told}");
}

#[test]
fn requests_are_decided() {
    let statement = |effect: &str| {
        json!({
            "Sid": "S",
            "Effect": effect,
            "Action": "iam:CreateUser",
            "Resource": [format!("arn:aws:iam::111122223333:user/{HOSTILE}"), "*"],
            "Condition": {"StringNotEquals": {format!("aws:RequestTag/{HOSTILE}"): format!("a\n{HOSTILE}")}},
        })
    };
    let file = |effect: &str| {
        json!({
            "principal": "arn:aws:iam::111122223333:user/bob",
            "identity": [{"name": HOSTILE, "document": {"Version": "2012-10-17", "Statement": [statement(effect)]}}],
            "requests": [
                {
                    "name": format!("forged\n{HOSTILE}"),
                    "action": "iam:CreateUser",
                    "resource": format!("arn:aws:iam::111122223333:user/{HOSTILE}"),
                    "context": {format!("aws:RequestTag/{HOSTILE}"): format!("b\n{HOSTILE}")},
                    "expect": "allowed",
                },
                {"action": HOSTILE, "resource": HOSTILE},
            ],
        })
        .to_string()
    };
    for effect in ["Allow", "Deny"] {
        for format in ["text", "json"] {
            let arguments = ["policy", "eval", "--allow-unknown", "--format", format, "-"];
            let output = run(&arguments, &file(effect));
            assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
            let told = harmless(&output);
            assert!(told.contains(SHOWN), "{told}");
            assert_eq!(format == "json", serde_json::from_str::<Value>(&told).is_ok(), "{told}");
            // A value begins no line of its own.
            assert!(!told.lines().any(|line| line.starts_with('x')), "{told}");
        }
    }
    // The last has a name that AWS does not have.
    let broken = [
        format!("[\"{HOSTILE}\"]\n{HOSTILE} = "),
        json!({HOSTILE: 1}).to_string(),
        file(HOSTILE),
        file("Allow"),
    ];
    for file in broken {
        let output = run(&["policy", "eval", "-"], &file);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        harmless(&output);
    }
}

#[test]
fn answers_of_servers_are_told() {
    let id = "59d8f8f4-73a9-41d7-9435-c5167dd0d724";
    let (arn, names) =
        ("--role-arn=arn:aws:iam::000000000000:role/r", "--service=lambda.amazonaws.com");
    let error = json!({"code": HOSTILE, "message": HOSTILE, "requestId": HOSTILE}).to_string();
    let plain = format!("one\n{HOSTILE}\n");
    let credentials = json!({"Version": 1, "AccessKeyId": HOSTILE}).to_string();
    let cases: [(&[&str], &str, &str, &str); 6] = [
        (&["why", id], "200 OK", "text/plain", &plain),
        (&["why", id, "--format", "json"], "200 OK", "application/json", &credentials),
        (&["assume-role", arn, names], "403 Forbidden", "application/json", &error),
        (&["assume-role", arn, names], "200 OK", "application/json", &credentials),
        (&["idp", "context", "--user-id", "u"], "400 Bad Request", "application/json", &error),
        (&["why", id], HOSTILE, HOSTILE, HOSTILE),
    ];
    for (arguments, status, content_type, body) in cases {
        // A second time it is asked whether it is a daypass at all.
        let endpoint =
            server(format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\n\r\n{body}"));
        let output = run(&[arguments, &["--endpoint", &endpoint]].concat(), "");
        let told = harmless(&output);
        assert!(told.contains(SHOWN) || status == HOSTILE, "{arguments:?} {told}");
    }
}

#[test]
fn mistakes_on_the_command_line_and_in_files_are_named() {
    let file = Scratch::new(HOSTILE);
    fs::write(&file.0, format!("{HOSTILE} = [\n{HOSTILE}")).unwrap();
    let path = file.0.to_str().unwrap();
    let arguments: [&[&str]; 12] = [
        &[HOSTILE],
        &["policy", "check", "--kind", HOSTILE, "-"],
        &["policy", "check", HOSTILE],
        &["policy", "check", path],
        &["policy", "eval", path],
        &["why", HOSTILE],
        &["why", "0", "--endpoint", HOSTILE],
        &["keys", "list", "--key-file", path],
        &["idp", "token", "--user", HOSTILE, "--key-file", path],
        &["doctor", "signature", "--request", path],
        &["serve", "--config", path],
        &["serve", "--listen", HOSTILE],
    ];
    for arguments in arguments {
        let output = run(arguments, "");
        assert_ne!(output.status.code(), Some(101), "{output:?}");
        harmless(&output);
    }
}

#[test]
fn signatures_are_diagnosed() {
    let request = format!(
        "GET /{HOSTILE}?{HOSTILE}={HOSTILE} HTTP/1.1\nhost: {HOSTILE}\nx-amz-date: 20270115T080000Z\n\
         authorization: AWS4-HMAC-SHA256 Credential=AKIA{HOSTILE}/20270115/us-east-1/sts/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={}\n\n{HOSTILE}",
        "0".repeat(64)
    )
    .replace('\r', "");
    for request in [&request, &request.replace("AWS4-HMAC-SHA256", HOSTILE)] {
        let arguments = ["doctor", "signature", "--request", "-"];
        let mut command = command(&arguments);
        let output = feed(command.env("AWS_SECRET_ACCESS_KEY", "secret"), request);
        assert!(output.status.code().is_some_and(|code| code > 0), "{output:?}");
        harmless(&output);
    }
}

/// All that a command printed, of which nothing steers a terminal.
fn harmless(output: &Output) -> String {
    let printed = [&output.stdout[..], &output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    let steers = |character: char| {
        (character.is_control() && character != '\n')
            || "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}".contains(character)
            || ('\u{202a}'..='\u{202e}').contains(&character)
            || ('\u{2066}'..='\u{2069}').contains(&character)
    };
    assert!(!printed.contains(steers), "{printed:?}");
    assert!(!printed.is_empty(), "{output:?}");
    printed
}

fn run(arguments: &[&str], input: &str) -> Output {
    feed(&mut command(arguments), input)
}

fn feed(command: &mut Command, input: &str) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    // A command that needs no input may have ended.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear().args(arguments);
    command
}

/// Gives the same answer to two requests.
fn server(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

/// A file with a name of one's own choice.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("daypass-{}-{name}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
