//! Attacks that take more than one request.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::world::{Mode, World, credentials};
use crate::conformance::call::Keys;
use crate::conformance::http::{self, Answer};
use crate::conformance::request::Request;
use crate::server::Server;

mod http2;

/// An attack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    pub(crate) family: &'static str,
    pub(crate) name: &'static str,
    /// The server that it is made on, as the table names it.
    pub(crate) on: &'static str,
    pub(crate) folder: &'static str,
    /// Makes it, with the binary and a folder of its own.
    pub(crate) hold: fn(&Path, &Path) -> Result<()>,
}

/// All of them.
pub(crate) const ALL: &[Scenario] = &[
    Scenario {
        family: "what outlives what",
        name: "a session of a well-known key, after a restart without them and with the same key file",
        on: "own keys",
        folder: "restart",
        hold: sessions_end_with_the_well_known_keys,
    },
    Scenario {
        family: "what outlives what",
        name: "trust that is revoked while the identity provider is asked",
        on: "well-known keys",
        folder: "revoked",
        hold: revoked_trust_counts,
    },
    Scenario {
        family: "who counts as local",
        name: "the explanation of another account's denial",
        on: "own keys",
        folder: "why",
        hold: explanations_are_of_ones_own_account,
    },
    Scenario {
        family: "web pages",
        name: "the form of a foreign page signs in at the identity provider",
        on: "daypass idp",
        folder: "idp",
        hold: no_sign_in_from_elsewhere,
    },
    Scenario {
        family: "one meaning",
        name: "HTTP/2: `:authority` is signed, a `host` header that is not decides",
        on: "own keys",
        folder: "http2",
        hold: http2::host_is_signed,
    },
    Scenario {
        family: "what can be used up",
        name: "a body that never ends",
        on: "own keys",
        folder: "slow-body",
        hold: slow_bodies_end,
    },
    Scenario {
        family: "what can be used up",
        name: "a head that never ends",
        on: "own keys",
        folder: "slow-head",
        hold: slow_heads_end,
    },
    Scenario {
        family: "terminals",
        name: "daypass why prints a policy's control characters",
        on: "well-known keys",
        folder: "terminal",
        hold: nothing_controls_the_terminal,
    },
];

fn sessions_end_with_the_well_known_keys(binary: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let file = folder.join("keys");
    // Kept from a run before, it would do as well.
    let _ = fs::remove_file(&file);
    let file = file.to_str().context("a path that is text")?;
    let start = |arguments: &[&str], mode| {
        let arguments = [&["--key-file", file], arguments].concat();
        World::start_with(binary, folder, mode, super::world::SEED, &arguments)
    };
    let start_without = || start(&["--no-well-known-keys"], Mode::OwnKeys);
    let session = |of: &World, by: &str| {
        credentials(&of.call(by, "sts", "GetSessionToken", &[])?.accepted()?)
    };
    let of_own = session(&start_without()?, "mallory")?;
    let first = start(&[], Mode::WellKnown)?;
    let of_well_known = session(&first, "test")?;
    let chained = {
        // The root user of another account by a well-known key, and what it makes of itself.
        let root = session(&first, "test-of-b")?;
        let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"sts:AssumeRole"}}"#;
        let params = [("RoleName", "chain"), ("AssumeRolePolicyDocument", trust)];
        let _ = first.call("test-of-b", "iam", "CreateRole", &params)?;
        let role =
            [("RoleArn", "arn:aws:iam::222222222222:role/chain"), ("RoleSessionName", "chain")];
        let answer = first.send_by(&request("sts", "AssumeRole", &role), Some(&root))?;
        (answer.status == 200).then(|| credentials(&answer.body)).transpose()?
    };
    let identity = |world: &World, keys: &Keys| -> Result<Answer> {
        world.send_by(&request("sts", "GetCallerIdentity", &[]), Some(keys))
    };
    ensure!(identity(&first, &of_well_known)?.status == 200, "the session is of no use at all");
    drop(first);
    let second = start_without()?;
    ensure!(
        identity(&second, &of_own)?.status == 200,
        "the control fails: a session of an own key ends with the restart"
    );
    for keys in [Some(of_well_known), chained].into_iter().flatten() {
        let answer = identity(&second, &keys)?;
        ensure!(answer.status == 403, "it lives on: {}", super::shown(&answer));
    }
    Ok(())
}

fn revoked_trust_counts(binary: &Path, folder: &Path) -> Result<()> {
    let world = World::start(binary, folder, Mode::WellKnown)?;
    let slow = TcpListener::bind("127.0.0.1:0")?;
    let issuer = format!("http://{}", slow.local_addr()?);
    // It prints its issuer, not where it listens, so the place is chosen for it.
    let behind = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let mut command = Command::new(binary);
    command.env_clear().args(["idp", "--listen", &behind, "--issuer", &issuer]);
    let _idp = Server::start(&mut command, &folder.join("idp.log"))?;
    let grant =
        "grant_type=password&username=alice&password=alice&client_id=daypass&client_secret=daypass";
    let granted = http::post_form(&behind, "/token", grant)?.accepted()?;
    thread::spawn(move || relay_slowly(&slow, &behind));
    let granted: Value = serde_json::from_str(&granted)?;
    let token = granted.get("id_token").and_then(Value::as_str).context("no token")?;

    let of_issuer = issuer.trim_start_matches("http://");
    let trust = |effect: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Principal":{{"Federated":"arn:aws:iam::000000000000:oidc-provider/{of_issuer}"}},"Action":"sts:AssumeRoleWithWebIdentity"}}}}"#
        )
    };
    let provider = [("Url", &*issuer), ("ClientIDList.member.1", "daypass")];
    world.call("test", "iam", "CreateOpenIDConnectProvider", &provider)?.accepted()?;
    let allow = trust("Allow");
    let role = [("RoleName", "federated"), ("AssumeRolePolicyDocument", &*allow)];
    world.call("test", "iam", "CreateRole", &role)?.accepted()?;
    let assume = request(
        "sts",
        "AssumeRoleWithWebIdentity",
        &[
            ("RoleArn", "arn:aws:iam::000000000000:role/federated"),
            ("RoleSessionName", "revoked"),
            ("WebIdentityToken", token),
        ],
    );
    let set = |effect: &str| -> Result<()> {
        let document = trust(effect);
        let params = [("RoleName", "federated"), ("PolicyDocument", &*document)];
        world.call("test", "iam", "UpdateAssumeRolePolicy", &params)?.accepted().map(drop)
    };
    let answer = thread::scope(|scope| {
        let asking = scope.spawn(|| world.send_by(&assume, None));
        thread::sleep(SLOWNESS / 3);
        set("Deny")?;
        asking.join().unwrap_or_else(|_| bail!("it broke off"))
    })?;
    ensure!(answer.status == 403, "a session is issued: {}", super::shown(&answer));
    set("Allow")?;
    let control = world.send_by(&assume, None)?;
    ensure!(control.status == 200, "the control fails: {}", super::shown(&control));
    Ok(())
}

/// Hands each connection on, after some time.
fn relay_slowly(listener: &TcpListener, to: &str) {
    for client in listener.incoming().map_while(Result::ok) {
        let to = to.to_owned();
        thread::spawn(move || {
            thread::sleep(SLOWNESS);
            let _ = relay(&client, &to);
        });
    }
}

fn relay(mut client: &TcpStream, to: &str) -> Result<()> {
    let mut server = TcpStream::connect(to)?;
    let (mut back, mut out) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || std::io::copy(&mut back, &mut out));
    std::io::copy(&mut client, &mut server)?;
    Ok(())
}

fn explanations_are_of_ones_own_account(binary: &Path, folder: &Path) -> Result<()> {
    let world = World::start(binary, folder, Mode::OwnKeys)?;
    let ask = |id: &str, by: Option<&str>, headers: &[(&str, &str)]| {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        world.send(&Request {
            by: by.map(str::to_owned),
            service: Some("sts".to_owned()),
            method: Some("GET".to_owned()),
            path: Some(format!("/_daypass/why/{id}")),
            host: Some("localhost".to_owned()),
            headers,
            ..Request::default()
        })
    };
    let denied = |by: &str, service: &str, action: &str, params: &[(&str, &str)]| {
        let answer = world.call(by, service, action, params)?;
        ensure!(answer.status == 403, "the control fails: {}", super::shown(&answer));
        answer.header("x-amzn-requestid").map(str::to_owned).context("no request id")
    };
    let own = denied("reader", "iam", "CreateUser", &[("UserName", "denied")])?;
    let control = ask(&own, Some("root-a"), &[])?;
    ensure!(control.status == 200, "the control fails: {}", super::shown(&control));
    // One that another account's trust policy denies.
    let role =
        [("RoleArn", "arn:aws:iam::222222222222:role/target"), ("RoleSessionName", "denied")];
    let foreign = denied("mallory", "sts", "AssumeRole", &role)?;
    for (id, by, headers) in [
        (&own, None, &[][..]),
        (&own, None, &[("X-Forwarded-For", "203.0.113.9")]),
        (&own, None, &[("Via", "1.1 proxy")]),
        (&own, Some("mallory"), &[]),
        (&own, Some("root-b"), &[]),
        (&foreign, None, &[]),
        (&foreign, Some("mallory"), &[]),
    ] {
        let answer = ask(id, by, headers)?;
        ensure!(answer.status >= 400, "{by:?} {headers:?} read it: {}", super::shown(&answer));
    }
    let answer = ask(&foreign, Some("root-a"), &[])?;
    ensure!(!answer.body.contains("ExternalId"), "it tells: {}", super::shown(&answer));
    Ok(())
}

fn no_sign_in_from_elsewhere(binary: &Path, folder: &Path) -> Result<()> {
    let mut command = Command::new(binary);
    command.env_clear().args(["idp", "--listen", "127.0.0.1:0"]);
    let idp = Server::start(&mut command, &folder.join("idp.log"))?;
    let post = |extra: &[(&str, &str)]| {
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [&[("Host", idp.address()), form], extra].concat();
        http::send(idp.address(), "POST", "/saml/sso", &headers, "user=alice&password=alice")
    };
    let own = idp.endpoint();
    let own = own.as_str();
    for extra in
        [&[][..], &[("Origin", own)], &[("Origin", own), ("Sec-Fetch-Site", "same-origin")]]
    {
        let control = post(extra)?;
        ensure!(
            control.body.contains("SAMLResponse"),
            "the control fails: {}",
            super::shown(&control)
        );
    }
    for extra in [
        &[("Origin", "https://evil.example")][..],
        &[("Origin", "null")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
    ] {
        let answer = post(extra)?;
        ensure!(!answer.body.contains("SAMLResponse"), "{extra:?}: the page signs in");
        ensure!(answer.status >= 400, "{extra:?}: {}", super::shown(&answer));
    }
    Ok(())
}

fn slow_bodies_end(binary: &Path, folder: &Path) -> Result<()> {
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";
    slow_requests_end(binary, folder, head)
}

fn slow_heads_end(binary: &Path, folder: &Path) -> Result<()> {
    slow_requests_end(binary, folder, "POST / HTTP/1.1\r\nX: ")
}

/// Sends the start of a request and then a byte each second, until the server has had enough of it.
fn slow_requests_end(binary: &Path, folder: &Path, start: &str) -> Result<()> {
    let world = World::start(binary, folder, Mode::OwnKeys)?;
    let mut stream = TcpStream::connect(world.address())?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(start.as_bytes())?;
    for _ in 0..LONGEST_REQUEST {
        if stream.write_all(b"x").is_err() {
            return Ok(());
        }
        match stream.read(&mut [0; 1024]) {
            // An answer, or the end.
            Ok(_) => return Ok(()),
            Err(error) if is_timeout(&error) => {}
            Err(_) => return Ok(()),
        }
    }
    bail!("after {LONGEST_REQUEST} seconds the server still listens")
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

fn nothing_controls_the_terminal(binary: &Path, folder: &Path) -> Result<()> {
    let world = World::start(binary, folder, Mode::WellKnown)?;
    let hostile = r"\u001b]0;owned\u0007\u009b31m\u202e\u2028\u007f\r";
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Sid":"Marked","Effect":"Deny","Action":"iam:ListUsers","Resource":"*","Condition":{{"StringNotEquals":{{"aws:PrincipalTag/x":"{hostile}"}}}}}}}}"#
    );
    let params = [("UserName", "mallory"), ("PolicyName", "hostile"), ("PolicyDocument", &*policy)];
    world.call("root-a", "iam", "PutUserPolicy", &params)?.accepted()?;
    let denied = world.call("mallory", "iam", "ListUsers", &[])?;
    ensure!(denied.status == 403, "the control fails: it is allowed");
    let id = denied.header("x-amzn-requestid").context("no request id")?.to_owned();
    let endpoint = format!("http://{}", world.address());
    let output = Command::new(binary)
        .env_clear()
        .args(["why", &id, "--endpoint", &endpoint])
        .output()
        .context("daypass cannot be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(text.contains("Marked"), "the control fails: the statement is not told: {text:?}");
    let control = text.chars().find(|char| controls_terminals(*char));
    ensure!(control.is_none(), "{control:?} is printed");
    Ok(())
}

/// C0 but the line break, C1, what turns the direction of writing, and what breaks lines.
fn controls_terminals(char: char) -> bool {
    (char.is_control() && char != '\n')
        || ('\u{202a}'..='\u{202e}').contains(&char)
        || ('\u{2066}'..='\u{2069}').contains(&char)
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn request(service: &str, action: &str, params: &[(&str, &str)]) -> Request {
    Request {
        service: Some(service.to_owned()),
        action: Some(action.to_owned()),
        params: params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        ..Request::default()
    }
}

/// How slow the identity provider is.
const SLOWNESS: Duration = Duration::from_secs(3);
/// How long a request may take in all, in seconds: a minute and a half at most, until an idle
/// connection is closed.
const LONGEST_REQUEST: u32 = 100;
