//! `daypass why` as it is typed into a shell, where there is nothing to explain; the end-to-end
//! tests tell of denials.
#![cfg(test)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::thread;

use daypass::Daypass;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_knows() {
    let daypass = Daypass::builder().start().await.unwrap();
    for id in [ID, "0", &format!("/_daypass/why/{ID}")] {
        let said = complaint(&why(&[id, "--endpoint", daypass.endpoint()]));
        assert!(said.contains("has no explanation of ") && said.contains("256"), "{said}");
        assert!(!said.contains("_daypass"), "{said}");
    }
    let said = complaint(&why(&["--endpoint", daypass.endpoint()]));
    assert!(said.contains("has no denial to explain"), "{said}");
    // A URL names the server itself.
    let url = format!("{}/_daypass/why/{ID}", daypass.endpoint());
    let said = complaint(&why(&[&url, "--endpoint", "http://127.0.0.1:1"]));
    assert!(said.contains(&format!("{} has no explanation of {ID}", daypass.endpoint())), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_is_the_one_of_awss_tools() {
    let daypass = Daypass::builder().start().await.unwrap();
    let mut command = command();
    let output = command.args(["why", ID]).env("AWS_ENDPOINT_URL", daypass.endpoint()).output();
    let said = complaint(&output.unwrap());
    assert!(said.contains(daypass.endpoint()) && said.contains("has no explanation"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_server_explains_nothing() {
    let strict = Daypass::builder().strict(true).start().await.unwrap();
    let said = complaint(&why(&[ID, "--endpoint", strict.endpoint()]));
    assert!(said.contains(strict.endpoint()) && said.contains("without --strict"), "{said}");
}

#[test]
fn from_afar_one_signs() {
    let body = r#"{"message": "explanations are told to clients on the same machine"}"#;
    let head = "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\n\r\n";
    let endpoint = server(vec![format!("{head}{body}")]);
    let said = complaint(&why(&[ID, "--endpoint", &endpoint]));
    assert!(said.contains(&format!("{endpoint}/_daypass/why/{ID}")), "{said}");
    assert!(said.contains("curl --aws-sigv4"), "{said}");
}

#[test]
fn where_there_is_no_daypass() {
    let not_found = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\n\r\n<html>";
    let endpoint = server(vec![not_found.to_owned(), not_found.to_owned()]);
    let said = complaint(&why(&[ID, "--endpoint", &endpoint]));
    assert!(said.contains("is no daypass") && said.contains("--endpoint"), "{said}");

    let endpoint = server(vec!["SSH-2.0-OpenSSH_9.9\r\n".to_owned()]);
    let said = complaint(&why(&[ID, "--endpoint", &endpoint]));
    assert!(said.contains("does not speak HTTP"), "{said}");

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = complaint(&why(&[ID, "--endpoint", &format!("http://{nobody}")]));
    assert!(said.contains("no server answers at ") && said.contains("--endpoint"), "{said}");
}

#[test]
fn what_is_no_question() {
    for arguments in [&["not an id"][..], &["a/b"], &[""], &[ID, "--endpoint", "localhost"]] {
        let said = complaint(&why(arguments));
        assert!(said.contains(" is no "), "{said}");
    }
    let help = String::from_utf8(why(&["--help"]).stdout).unwrap();
    for word in
        ["x-amzn-requestid", "x-daypass-why", "AWS_ENDPOINT_URL", "--format", "curl", "latest"]
    {
        assert!(help.contains(word), "{word} in {help}");
    }
}

fn why(arguments: &[&str]) -> Output {
    command().arg("why").args(arguments).output().unwrap()
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear();
    command
}

/// What a question without an answer says.
#[track_caller]
fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(said.starts_with("daypass: "), "{said}");
    said
}

/// A server that gives these answers, whatever it is asked.
fn server(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    endpoint
}

const ID: &str = "59d8f8f4-73a9-41d7-9435-c5167dd0d724";
