//! The log as a server's standard error has it.
#![cfg(test)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What a server logs that is asked without a signature, and ended.
fn logged(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = command(&[&["--listen", "127.0.0.1:0"], arguments].concat());
    command.envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut banner = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let endpoint = banner.find_map(|line| {
        line.trim().strip_prefix("export AWS_ENDPOINT_URL=http://").map(ToOwned::to_owned)
    });
    let endpoint = endpoint.unwrap();
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let mut stream = TcpStream::connect(&endpoint).unwrap();
    let head = "POST / HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded";
    let length = body.len();
    write!(stream, "{head}\r\nHost: {endpoint}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("MissingAuthenticationToken"), "{answer}");
    process.kill().unwrap();
    let mut log = String::new();
    process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    process.wait().unwrap();
    log
}

#[test]
fn a_refused_request_is_one_line_at_the_default_level() {
    let log = logged(&[], &[]);
    let lines: Vec<&str> = log.lines().collect();
    let [line] = lines[..] else { panic!("{log}") };
    let what = " INFO daypass::refused: sts:GetCallerIdentity by an unsigned request from 127.0.0.1: \
                MissingAuthenticationToken: ";
    assert!(line.contains(what), "{line}");
    // The time.
    assert!(line.starts_with("20") && line.split(' ').next().unwrap().ends_with('Z'), "{line}");
}

#[test]
fn colours_are_for_terminals_and_for_who_asks_for_them() {
    for (environment, has_colours) in [
        (&[][..], false),
        (&[("NO_COLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
    ] {
        let log = logged(&[], environment);
        assert!(log.contains("MissingAuthenticationToken"), "{log}");
        assert_eq!(log.contains('\u{1b}'), has_colours, "{environment:?} {log}");
    }
}

#[test]
fn a_line_of_json_holds_an_event_of_the_audit_as_json() {
    let log = logged(&["--log", "info,daypass::audit=debug", "--log-format", "json"], &[]);
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |target: &str| lines.iter().find(|line| line["target"] == target).unwrap();
    let audited = of("daypass::audit");
    assert_eq!(audited["level"], "DEBUG");
    assert_eq!(audited["fields"]["event"]["eventName"], "GetCallerIdentity");
    assert_eq!(audited["fields"]["event"]["errorCode"], "MissingAuthenticationToken");
    let refused = of("daypass::refused");
    let message = refused["fields"]["message"].as_str().unwrap();
    assert!(message.contains("MissingAuthenticationToken"), "{message}");
    let members = |line: &Value| line.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(audited), members(refused), "they have one form");
    let id = &audited["fields"]["event"]["requestID"];
    assert_eq!((id, id.is_string()), (&refused["fields"]["request_id"], true));
}

#[test]
fn refusals_can_be_left_out() {
    for filter in ["warn", "off", "info,daypass::refused=off", "daypass_state=debug"] {
        assert_eq!(logged(&["--log", filter], &[]), "", "{filter}");
    }
}

#[test]
fn a_filter_that_is_none_is_an_error() {
    let complains = |output: Output, code, place: &str| {
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        let what =
            "\"blah\" is neither a level (error, warn, info, debug, trace, off) nor TARGET=LEVEL";
        assert!(said.contains(what) && said.contains(place), "{said}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    };
    for filter in ["blah", "info,blah"] {
        let argument = command(&["--log", filter]).output().unwrap();
        complains(argument, 2, "--log");
        complains(command(&[]).env("DAYPASS_LOG", filter).output().unwrap(), 2, "--log");
        let name = format!("daypass-log-{}.toml", std::process::id());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, format!("strict = true\nlog = \"{filter}\"\n")).unwrap();
        let of_file = command(&["--config", file.to_str().unwrap()]).output().unwrap();
        std::fs::remove_file(file).unwrap();
        complains(of_file, 1, ".toml:2:7: ");
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear().args(arguments);
    command
}
