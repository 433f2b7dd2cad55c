//! Vault's AWS auth method: a client signs a call of `GetCallerIdentity` and logs in with its parts,
//! and Vault makes the call. A header with Vault's own name is signed too, so that no other server can use it.

use aws_credential_types::Credentials;
use base64::{Engine, engine::general_purpose::STANDARD};
use daypass_tests::{Answer, Sent, Signing, World, mismatch};
use serde_json::{Value, json};

const SERVER_ID: &str = "x-vault-aws-iam-server-id";
const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// What the client sends to `auth/aws/login`.
fn login(signing: &Signing, keys: &Credentials, server_id: &str) -> Value {
    let request = Sent::form(&signing.host, BODY)
        .with("content-length", &BODY.len().to_string())
        .with("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .with(SERVER_ID, server_id);
    let signed = signing.sign(keys, request, None);
    let headers: serde_json::Map<_, _> = signed
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), json!([value.to_str().unwrap()])))
        .collect();
    json!({
        "iam_http_request_method": signed.method,
        "iam_request_url": STANDARD.encode(format!("https://{}/", signing.host)),
        "iam_request_body": STANDARD.encode(signed.body),
        "iam_request_headers": STANDARD.encode(Value::from(headers).to_string()),
    })
}

/// What Vault makes of it.
fn replay(login: &Value) -> Sent {
    let part = |name: &str| {
        String::from_utf8(STANDARD.decode(login[name].as_str().unwrap()).unwrap()).unwrap()
    };
    let url = part("iam_request_url");
    let host = url.strip_prefix("https://").unwrap().trim_end_matches('/');
    let headers: Value = serde_json::from_str(&part("iam_request_headers")).unwrap();
    let mut request = Sent::form(host, &part("iam_request_body"));
    for (name, values) in headers.as_object().unwrap() {
        let value = values[0].as_str().unwrap().parse().unwrap();
        request.headers.insert(http::HeaderName::try_from(name).unwrap(), value);
    }
    request
}

fn global(world: &World) -> Signing {
    let host = "sts.amazonaws.com".to_owned();
    Signing { host, region: "us-east-1", ..Signing::sts(world) }
}

fn regional(world: &World) -> Signing {
    Signing { host: "sts.eu-central-1.amazonaws.com".to_owned(), ..Signing::sts(world) }
}

fn who(answer: &Answer) -> Option<String> {
    answer.element("Arn")
}

#[tokio::test]
async fn a_login_proves_who_signed_it() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let session = world.assume(&world.root(), &world.admin_role("admin").await).await;
    for signing in [global(&world), regional(&world)] {
        for (keys, arn) in [
            (&alice, "arn:aws:iam::123456789012:user/alice"),
            (&session, "arn:aws:sts::123456789012:assumed-role/admin/session"),
        ] {
            let answer = replay(&login(&signing, keys, "vault.example.com")).to(&world).await;
            assert_eq!(who(&answer).as_deref(), Some(arn), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_login_is_for_one_vault_and_one_call() {
    let world = World::start().await;
    let login = login(&global(&world), &world.root(), "vault.example.com");
    let replay = || replay(&login);
    let authorization = replay().headers["authorization"].clone();
    assert!(authorization.to_str().unwrap().contains(SERVER_ID));

    let mut other_call = replay();
    other_call.body = other_call.body.replace("GetCallerIdentity", "GetSessionToken");
    let other_call = other_call.without("content-length").with("content-length", "41");
    for changed in [
        replay().without(SERVER_ID),
        replay().with(SERVER_ID, "other.example.com"),
        other_call,
        replay().with("host", "sts.us-east-1.amazonaws.com"),
    ] {
        assert_eq!(changed.clone().to(&world).await.refusal(), mismatch(), "{changed:?}");
    }
}
