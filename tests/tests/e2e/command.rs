//! `daypass` as it is typed into a shell.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use aws_credential_types::Credentials;
use daypass_tests::{Answer, PATIENCE, Running, Sent, Signing, daypass, invalid_token, kill, run};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::time::timeout;

const WHO_AM_I: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn a_start_says_what_a_client_needs() {
    let running = Running::start(["--account", "123456789012"]).await;
    let exports: Vec<(&str, &str)> =
        running.exports.iter().map(|(name, value)| (&**name, &**value)).collect();
    let endpoint = format!("http://{}", running.address());
    let expected = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", &*endpoint),
        ("AWS_REGION", "us-east-1"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ];
    assert_eq!(exports, expected);
    assert!(running.greeting.iter().any(|line| line.contains("123456789012")));
    let answer = ask(&running, &keys(&running)).await;
    assert_eq!(answer.element("Arn").as_deref(), Some("arn:aws:iam::123456789012:root"));
}

#[tokio::test]
async fn without_the_well_known_keys_there_is_one_random_root_key() {
    let running = Running::start(["--no-well-known-keys"]).await;
    let root = keys(&running);
    assert!(root.access_key_id().starts_with("AKIA"), "{root:?}");
    assert_eq!(root.secret_access_key().len(), 40);
    let answer = ask(&running, &root).await;
    assert_eq!(answer.element("Arn").as_deref(), Some("arn:aws:iam::000000000000:root"));
    let answer = ask(&running, &Credentials::from_keys("test", "test", None)).await;
    assert_eq!(answer.refusal(), invalid_token());
}

#[tokio::test]
async fn a_request_in_flight_is_finished_before_the_end() {
    for signal in ["TERM", "INT"] {
        let running = Running::start([]).await;
        let request = Signing::sts_at(running.address()).post(&keys(&running), WHO_AM_I);
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        // The server asks for the body when it has begun with the request, and not before.
        let mut head = String::from("POST / HTTP/1.1\r\nExpect: 100-continue\r\n");
        for (name, value) in &request.headers {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut told = [0; 25];
        stream.read_exact(&mut told).await.unwrap();
        assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");

        kill(signal, running.id()).await;
        let refuses = async {
            while TcpStream::connect(running.address()).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, refuses).await.expect("it accepts no more connections");
        stream.write_all(request.body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("</GetCallerIdentityResponse>\n"), "{answer}");
        assert!(running.end().await.0.success(), "{signal}");
    }
}

#[tokio::test]
async fn an_idle_connection_does_not_keep_it_from_ending() {
    let running = Running::start([]).await;
    let _idle = TcpStream::connect(running.address()).await.unwrap();
    kill("TERM", running.id()).await;
    assert!(running.end().await.0.success());
}

#[tokio::test]
async fn whoever_reaches_the_well_known_keys_from_elsewhere_is_warned_of() {
    let elsewhere = ["--public-url", "https://aws.example.com"];
    for (more, warned) in [(None, true), (Some("--no-well-known-keys"), false)] {
        let running = Running::start(elsewhere.into_iter().chain(more)).await;
        kill("TERM", running.id()).await;
        let (_, log) = running.end().await;
        let warns = |line: &str| line.contains("WARN") && line.contains("https://aws.example.com");
        assert_eq!(log.lines().any(warns), warned, "{log}");
    }
}

#[tokio::test]
async fn the_log_tells_what_happened_and_no_secret() {
    let running = Running::start(["--log", "trace", "--no-well-known-keys"]).await;
    let root = keys(&running);
    let send = async |signing: Signing, body: &str| {
        let answer = signing.post(&root, body).to_address(running.address()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    };
    let sts = || Signing::sts_at(running.address());
    let iam = || Signing { service: "iam", region: "us-east-1", ..sts() };
    send(iam(), "Action=CreateUser&Version=2010-05-08&UserName=alice").await;
    let key = send(iam(), "Action=CreateAccessKey&Version=2010-05-08&UserName=alice").await;
    let session = send(sts(), "Action=GetSessionToken&Version=2011-06-15").await;
    let presigned = sts().presign(&root, WHO_AM_I, Duration::from_secs(60));
    let signature = presigned.target.rsplit_once('=').unwrap().1.to_owned();
    assert_eq!(presigned.to_address(running.address()).await.status, 200);
    kill("TERM", running.id()).await;
    let (_, log) = running.end().await;

    for event in ["CreateUser", "CreateAccessKey", "GetSessionToken", "GetCallerIdentity"] {
        assert!(log.contains(event), "{event}");
    }
    let secrets = [
        Some(root.secret_access_key().to_owned()),
        key.element("SecretAccessKey"),
        session.element("SecretAccessKey"),
        Some(signature),
    ];
    for secret in secrets {
        let secret = secret.unwrap();
        assert!(!log.contains(&secret), "{secret} in {log}");
    }
}

/// What the log names works as it stands there.
#[tokio::test]
async fn the_log_names_the_command_that_explains_a_denial() {
    let running = Running::start([]).await;
    let root = keys(&running);
    let iam = || {
        let sts = Signing::sts_at(running.address());
        Signing { service: "iam", region: "us-east-1", ..sts }
    };
    let send = async |keys: &Credentials, body: &str| {
        iam().post(keys, body).to_address(running.address()).await
    };
    send(&root, "Action=CreateUser&Version=2010-05-08&UserName=alice").await;
    let key = send(&root, "Action=CreateAccessKey&Version=2010-05-08&UserName=alice").await;
    let [id, secret] = ["AccessKeyId", "SecretAccessKey"].map(|name| key.element(name).unwrap());
    let alice = Credentials::from_keys(id, secret, None);
    let denied = send(&alice, "Action=ListUsers&Version=2010-05-08").await;
    assert_eq!(denied.status, 403, "{denied:?}");
    let id = denied.header("x-amzn-requestid");
    let endpoint = format!("http://{}", running.address());
    let named = format!("why {id} --endpoint {endpoint}");
    let url = format!("why {endpoint}/_daypass/why/{id}");
    let latest = format!("why --endpoint {endpoint}");
    for arguments in [&named, &url, &latest] {
        let output = run(daypass(arguments.split(' '))).await;
        let told = String::from_utf8(output.stdout).unwrap();
        let what = "Denied: arn:aws:iam::000000000000:user/alice iam:ListUsers on ";
        assert!(output.status.success() && told.contains(what), "{arguments}: {told}");
        assert_eq!(told.contains(&format!("of request {id}:")), *arguments == latest, "{told}");
    }
    kill("TERM", running.id()).await;
    let (_, log) = running.end().await;
    let line = log.lines().find(|line| line.contains("iam:ListUsers by ")).unwrap();
    assert!(line.contains(&format!("; ask why: daypass {named} request_id={id}")), "{line}");
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_said_in_one_line() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let line = complaint(&run(daypass(["--listen", &*taken])).await);
    assert!(line.contains(&taken) && line.contains("--listen"), "{line}");

    let line = complaint(&run(daypass(["--listen", "0.0.0.0:0"])).await);
    assert!(line.contains("0.0.0.0") && line.contains("--no-well-known-keys"), "{line}");

    let line = complaint(&run(daypass(["--listen", "somewhere"])).await);
    assert!(line.contains("somewhere"), "{line}");

    let config = file("bad-url.toml", "public_url = \"https://aws.example.com/aws\"\n");
    let line = complaint(&run(daypass(["--config", path(&config)])).await);
    assert!(line.contains("bad-url.toml:1:14: ") && line.contains("without a path"), "{line}");

    let config = file("bad-config.toml", "strict = true\nport = 4566\n");
    let line = complaint(&run(daypass(["--config", path(&config)])).await);
    assert!(line.contains("bad-config.toml:2:1: ") && line.contains("port"), "{line}");

    let line = complaint(&run(daypass(["--config", "no-such-file.toml"])).await);
    assert!(line.contains("no-such-file.toml"), "{line}");

    let seed = file("bad-seed.toml", "[[accounts]]\nid = \"1234\"\n");
    let line = complaint(&run(daypass(["--listen", "127.0.0.1:0", "--seed", path(&seed)])).await);
    assert!(line.contains("bad-seed.toml:2:"), "{line}");
}

#[tokio::test]
async fn settings_come_from_the_command_line_before_the_environment_before_the_file() {
    let config = file("settings.toml", "account = \"111111111111\"\nlisten = \"127.0.0.1:0\"\n");
    let settings = async |arguments: &[&'static str], environment: Option<&str>| -> String {
        let mut command = daypass(["env", "--config", path(&config)]);
        command.args(arguments);
        if let Some(listen) = environment {
            command.env("DAYPASS_LISTEN", listen);
        }
        let output = run(command).await;
        let line = String::from_utf8(output.stdout).unwrap();
        line.lines().next().unwrap().to_owned()
    };
    let endpoint = |port| format!("export AWS_ENDPOINT_URL=http://127.0.0.1:{port}");
    assert_eq!(settings(&[], None).await, endpoint(0));
    assert_eq!(settings(&[], Some("127.0.0.1:1")).await, endpoint(1));
    assert_eq!(settings(&["--listen", "2"], Some("127.0.0.1:1")).await, endpoint(2));
    let public = ["--public-url", "https://AWS.example.com/"];
    let line = settings(&public, Some("127.0.0.1:1")).await;
    assert_eq!(line, "export AWS_ENDPOINT_URL=https://aws.example.com");

    let running = Running::start(["--config", path(&config)]).await;
    let answer = ask(&running, &keys(&running)).await;
    assert_eq!(answer.element("Account").as_deref(), Some("111111111111"));
}

/// The keys with which web identities are signed, from the start that makes the file to the rotation that
/// a running server is told of.
#[cfg(unix)]
#[tokio::test]
async fn keys_are_rotated_under_a_running_server() {
    let name = format!("command-keys-{}", std::process::id());
    let key_file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let running = Running::start(["--key-file", path(&key_file)]).await;
    let send = async |service, body: &str| {
        let region = "us-east-1";
        let signing = Signing { service, region, ..Signing::sts_at(running.address()) };
        signing.post(&keys(&running), body).to_address(running.address()).await
    };
    let body = "Action=EnableOutboundWebIdentityFederation&Version=2010-05-08";
    let issuer = send("iam", body).await.element("IssuerIdentifier").unwrap();
    let published = async || {
        let folder = issuer.strip_prefix(&*format!("http://{}", running.address())).unwrap();
        let file = format!("{folder}/.well-known/jwks.json");
        let told = Sent::bare("GET", running.address(), &file);
        told.to_address(running.address()).await.body
    };
    assert!(published().await.contains("RSA_0"));

    let command = async |what: &str| {
        let output = run(daypass(["keys", what, "--key-file", path(&key_file)])).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let listed = command("list").await;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let rotated = command("rotate").await;
    let does: Vec<_> = rotated.lines().map(|line| line.rsplit("Z  ").next().unwrap()).collect();
    assert_eq!(does, ["seals and opens", "opens", "sign and verify", "verify"], "{rotated}");
    let names: Vec<_> = rotated.lines().map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(names[2..], ["RSA_1 EC384_1", "RSA_0 EC384_0"], "{rotated}");
    assert_eq!(rotated, command("list").await);
    let kept = fs::read_to_string(&key_file).unwrap();
    for secret in kept.split_whitespace().filter(|word| word.len() > 40) {
        assert!(!rotated.contains(secret));
    }

    assert!(!published().await.contains("RSA_1"), "it has not been told");
    kill("HUP", running.id()).await;
    let told = async {
        while !published().await.contains("RSA_1") {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, told).await.expect("it takes the keys");
    assert!(published().await.contains("RSA_0"), "what was signed before is still verified");
    fs::remove_file(key_file).unwrap();
}

#[tokio::test]
async fn a_shell_takes_its_environment_from_daypass() {
    let program = daypass([]).as_std().get_program().to_owned();
    let mut shell = Command::new("sh");
    let script = r#"eval "$("$0" env)"; env | grep ^AWS_ | sort"#;
    shell.arg("-c").arg(script).arg(program).env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        shell.env("PATH", path);
    }
    // Other credentials would come before those of daypass, or go with its key.
    for name in ["AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        shell.env(name, "other");
    }
    let output = run(shell).await;
    let expected = "AWS_ACCESS_KEY_ID=test\n\
                    AWS_DEFAULT_REGION=us-east-1\n\
                    AWS_ENDPOINT_URL=http://127.0.0.1:4566\n\
                    AWS_REGION=us-east-1\n\
                    AWS_SECRET_ACCESS_KEY=test\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[tokio::test]
async fn help_teaches() {
    for arguments in [&["--help"][..], &["serve", "--help"]] {
        let output = run(daypass(arguments.iter().copied())).await;
        assert!(output.status.success());
        let help = String::from_utf8(output.stdout).unwrap();
        let options = ["--listen", "--account", "--strict", "--no-well-known-keys", "--seed"];
        let options = options.into_iter().chain(["--public-url", "--key-file"]);
        for word in options.chain(["--config", "DAYPASS_LISTEN", "daypass env"]) {
            assert!(help.contains(word), "{word} in {help}");
        }
    }
    let version = run(daypass(["--version"])).await;
    // From a checkout the commit follows.
    let version = String::from_utf8(version.stdout).unwrap();
    assert!(version.starts_with("daypass 0.1.0") && version.ends_with('\n'), "{version}");
    let unknown = run(daypass(["--unknown"])).await;
    assert_eq!(unknown.status.code(), Some(2));
}

fn keys(running: &Running) -> Credentials {
    let of = |name: &str| running.exports[name].clone();
    Credentials::from_keys(of("AWS_ACCESS_KEY_ID"), of("AWS_SECRET_ACCESS_KEY"), None)
}

/// The answer to `GetCallerIdentity`.
async fn ask(running: &Running, keys: &Credentials) -> Answer {
    Signing::sts_at(running.address()).post(keys, WHO_AM_I).to_address(running.address()).await
}

/// What a start that fails says, which is one line, and on the right channel.
fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("daypass: "), "{said}");
    said
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
