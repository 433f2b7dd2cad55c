//! The signing test suite that AWS's own signers are tested with, as the package `aws-sigv4` ships it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use daypass_sigv4::{
    AuthError, Carrier, ExpectedScope, PathStyle, PayloadHash, Presented, Regions, Request, Scoped,
    SigningKey,
};
use serde_json::Value;

/// 2015-08-30T12:36:00Z, which nearly every case is signed at.
pub(crate) const SIGNED_AT: i64 = 1_440_938_160;

#[test]
fn header_and_query_forms() {
    let cases = cases("v4");
    let mut verified = 0;
    for case in &cases {
        if !case.join("context.json").exists() {
            continue;
        }
        for carrier in [Carrier::Header, Carrier::Query] {
            run(case, carrier);
            verified += 1;
        }
    }
    assert_eq!(verified, 2 * (cases.len() - WITHOUT_CONTEXT.len()));
    assert!(verified >= 76, "the suite has shrunk to {verified} cases");
}

fn run(case: &Path, carrier: Carrier) {
    let context: Value = serde_json::from_str(&read(case, "context.json")).unwrap();
    assert_eq!(context["timestamp"], "2015-08-30T12:36:00Z");
    let form = match carrier {
        Carrier::Header => "header",
        Carrier::Query => "query",
    };
    let label = format!("{} ({form})", case.display());
    let mut message = Message::parse(&read(case, &format!("{form}-signed-request.txt")));
    let added_after_signing = context["omit_session_token"] == true && carrier == Carrier::Query;
    if added_after_signing {
        // No service here lets a token join the query after signing, so it counts as a forgery until it leaves.
        let refused = message
            .scoped(&context, PathStyle::Normalized)
            .verify(&key(&context), &message.payload());
        assert_eq!(refused.unwrap_err(), AuthError::Mismatch, "{label}");
        message.drop_token();
    }
    let style = match context["normalize"].as_bool().unwrap() {
        true => PathStyle::Normalized,
        // Without escapes on the wire, S3's single encoding is the suite's double one.
        false => PathStyle::S3,
    };
    let payload = message.payload();
    let scoped = message.scoped(&context, style);
    assert_eq!(scoped.carrier(), carrier, "{label}");
    assert_eq!(
        scoped.canonical_request(&payload),
        read(case, &format!("{form}-canonical-request.txt")),
        "{label}"
    );
    assert_eq!(
        scoped.string_to_sign(&payload),
        read(case, &format!("{form}-string-to-sign.txt")),
        "{label}"
    );
    let token = context["credentials"]["token"].as_str().filter(|_| !added_after_signing);
    assert_eq!(scoped.security_token(), token, "{label}");

    let wrong = SigningKey::derive(b"wrong", "20150830", "us-east-1", "service");
    assert_eq!(
        scoped.clone().verify(&wrong, &payload).unwrap_err(),
        AuthError::Mismatch,
        "{label}"
    );
    assert!(scoped.verify(&key(&context), &payload).is_ok(), "{label}");
}

/// These two pin the encoding of the path alone: they come without credentials, and one of them with another date
/// in its request than in its canonical request.
#[test]
fn double_encoding() {
    for name in WITHOUT_CONTEXT {
        let case = suite("v4").join(name);
        let message = Message::parse(&read(&case, "header-signed-request.txt"));
        let presented = Presented::parse(&message.request(PathStyle::Normalized)).unwrap();
        let ours = presented.canonical_request(&message.payload());
        let theirs = read(&case, "header-canonical-request.txt");
        assert_eq!(ours.lines().nth(1).unwrap(), theirs.lines().nth(1).unwrap(), "{name}");
        if case.join("header-string-to-sign.txt").exists() {
            assert_eq!(ours, theirs, "{name}");
            let theirs = read(&case, "header-string-to-sign.txt");
            assert_eq!(presented.string_to_sign(&message.payload()), theirs.trim_end(), "{name}");
        }
    }
}

/// A request of the suite, as a server would see it.
pub(crate) struct Message {
    method: String,
    path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    body: String,
}

impl Message {
    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end_matches('\n'), ""));
        let (first, lines) = head.split_once('\n').unwrap();
        let (method, target) = first.split_once(' ').unwrap();
        let target = target.strip_suffix(" HTTP/1.1").unwrap_or(target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines.lines() {
            if line.starts_with(' ') {
                let (_, value) = headers.last_mut().unwrap();
                value.push('\n');
                value.push_str(line);
            } else {
                let (name, value) = line.split_once(':').unwrap();
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.to_owned(),
        }
    }

    pub(crate) fn drop_token(&mut self) {
        let kept: Vec<&str> = self
            .query
            .split('&')
            .filter(|pair| !pair.starts_with("X-Amz-Security-Token="))
            .collect();
        let query = kept.join("&");
        assert_ne!(query, self.query);
        self.query = query;
    }

    pub(crate) fn request(&self, style: PathStyle) -> Request<'_> {
        Request::new(&self.method, &self.path, &self.query, &self.headers).path_style(style)
    }

    fn scoped(&self, context: &Value, style: PathStyle) -> Scoped<'_> {
        let expected = ExpectedScope {
            service: context["service"].as_str().unwrap(),
            regions: Regions::AnyOf(&["eu-west-1", "us-east-1"]),
        };
        Presented::parse(&self.request(style))
            .unwrap()
            .check_freshness(SIGNED_AT)
            .unwrap()
            .check_scope(&expected)
            .unwrap()
    }

    pub(crate) fn payload(&self) -> PayloadHash {
        PayloadHash::of(self.body.as_bytes())
    }
}

fn key(context: &Value) -> SigningKey {
    let secret = context["credentials"]["secret_access_key"].as_str().unwrap();
    let text = |name: &str| context[name].as_str().unwrap();
    SigningKey::derive(secret.as_bytes(), "20150830", text("region"), text("service"))
}

pub(crate) fn read(case: &Path, file: &str) -> String {
    fs::read_to_string(case.join(file))
        .unwrap_or_else(|error| panic!("{}/{file}: {error}", case.display()))
}

/// The cases of one of the two suites.
pub(crate) fn cases(suite_name: &str) -> Vec<PathBuf> {
    fs::read_dir(suite(suite_name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect()
}

/// The folder of the suite inside the unpacked dev-dependency.
fn suite(name: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "aws-sigv4");
    let manifest = Path::new(package.unwrap()["manifest_path"].as_str().unwrap());
    manifest.with_file_name("aws-signing-test-suite").join(name)
}

const WITHOUT_CONTEXT: [&str; 2] = ["double-encode-path", "double-url-encode"];
