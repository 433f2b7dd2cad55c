//! Who may use what daypass answers about itself, and who may use a well-known key.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use daypass_authz::{Departures, Explanations};
use daypass_gateway::{Reset, ResetError};
use daypass_state::Draft;
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus};
use http::Method;

use crate::support::*;

/// Every endpoint that is not for everybody, with what it answers to who may use it. The request ids
/// and bodies are of nothing that there is.
const ENDPOINTS: &[(&str, &str, u16)] = &[
    ("GET", "/_daypass/clock", 200),
    ("POST", "/_daypass/clock/freeze", 200),
    ("POST", "/_daypass/clock/advance?seconds=0", 200),
    ("POST", "/_daypass/context-assertions", 400),
    ("GET", "/_daypass/delegation-requests/none", 404),
    ("POST", "/_daypass/service-calls", 400),
    ("POST", "/_daypass/seed", 404),
    ("GET", "/_daypass/authorization-details", 404),
    ("GET", "/_daypass/authorization-details/123456789012", 404),
    ("POST", "/_daypass/reset", 200),
    ("POST", "/moto-api/reset", 200),
    ("GET", "/_daypass/why", 404),
    ("GET", "/_daypass/why/none", 404),
    ("GET", "/_daypass/diagnoses/none", 404),
];

#[tokio::test]
async fn each_endpoint_is_for_clients_on_this_machine() {
    let app = app(true).await;
    for (method, target, status) in ENDPOINTS.iter().copied() {
        let answer = app.answer(Ask { method, ..get(target) }.unsigned()).await;
        assert_eq!(answer.status(), status, "{method} {target}");
    }
}

#[tokio::test]
async fn no_endpoint_is_for_proxies_pages_or_other_names() {
    let app = app(true).await;
    let attacks: &[(&str, &[(&str, &str)])] = &[
        ("localhost:4566", &[("forwarded", "for=192.0.2.1")]),
        ("localhost:4566", &[("via", "1.1 proxy")]),
        ("localhost:4566", &[("x-forwarded-for", "127.0.0.1")]),
        ("localhost:4566", &[("x-forwarded-proto", "https")]),
        ("localhost:4566", &[("x-real-ip", "127.0.0.1")]),
        ("localhost:4566", &[("origin", "https://example.org")]),
        ("localhost:4566", &[("origin", "null")]),
        ("localhost:4566", &[("origin", "http://localhost:3000")]),
        ("localhost:4566", &[("sec-fetch-site", "cross-site")]),
        ("localhost:4566", &[("sec-fetch-site", "same-site")]),
        ("rebound.example:4566", &[]),
        ("rebound.example:4566", &[("origin", "http://rebound.example:4566")]),
        ("rebound.example:4566", &[("sec-fetch-site", "same-origin")]),
        ("daypass:4566", &[]),
        ("192.168.1.7:4566", &[]),
    ];
    for (method, target, _) in ENDPOINTS.iter().copied() {
        for (host, headers) in attacks.iter().copied() {
            let request = Ask { method, host, ..get(target) }.with(headers).unsigned();
            let answer = app.answer(request).await;
            assert_eq!(answer.status(), 403, "{method} {target} at {host} with {headers:?}");
        }
        let remote: SocketAddr = "192.0.2.1:1".parse().unwrap();
        let answer = app.gateway.answer(Ask { method, ..get(target) }.unsigned(), remote).await;
        assert_eq!(answer.status(), 403, "{method} {target} from another machine");
    }
}

#[tokio::test]
async fn browsers_on_daypass_own_pages_and_typed_addresses_are_let_in() {
    let app = app(true).await;
    for headers in [
        &[("origin", "http://localhost:4566")][..],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", "http://localhost:4566"), ("sec-fetch-site", "same-origin")],
    ] {
        let answer = app.answer(get("/_daypass/clock").with(headers).unsigned()).await;
        assert_eq!(answer.status(), 200, "{headers:?}");
    }
}

#[tokio::test]
async fn without_the_well_known_keys_every_endpoint_asks_for_the_roots_signature() {
    let app = app(false).await;
    root_key(&app).await;
    for (method, target, status) in ENDPOINTS.iter().copied() {
        let request = Ask { method, ..get(target) };
        for host in ["localhost:4566", "127.0.0.1", ""] {
            let answer = app.answer(Ask { host, ..request }.unsigned()).await;
            assert_eq!(answer.status(), 403, "{method} {target} at {host:?}");
            let message = String::from_utf8_lossy(answer.body()).into_owned();
            assert!(message.contains("signature of the account's root user"), "{message}");
        }
        let by_bob = app.answer(request.by_bob().signed()).await;
        assert_eq!(by_bob.status(), 403, "{method} {target} by a user");
        let well_known = app.answer(request.signed()).await;
        assert_eq!(
            well_known.status(),
            403,
            "{method} {target} with a key that is no longer known"
        );
        let by_root = app.answer(as_root(request).signed()).await;
        // What works only with the well-known keys says so.
        let is_offered = !["context-assertions", "delegation-requests", "service-calls"]
            .iter()
            .any(|name| target.contains(name));
        let expected = if is_offered { status } else { 403 };
        assert_eq!(by_root.status(), expected, "{method} {target} by the root user");
    }
}

#[tokio::test]
async fn the_methods_of_an_endpoint_are_named() {
    let app = app(true).await;
    for (method, target, _) in ENDPOINTS.iter().copied() {
        let wrong = if method == "GET" { "POST" } else { "GET" };
        let answer = app.answer(Ask { method: wrong, ..get(target) }.unsigned()).await;
        assert_eq!(answer.status(), 405, "{wrong} {target}");
        let allowed = answer.headers()["allow"].to_str().unwrap();
        assert!(allowed.split(", ").any(|name| name.parse::<Method>().unwrap() == *method));
    }
}

/// The requests that a page of another site can make a browser send, with a signature that the page
/// has made itself.
#[tokio::test]
async fn a_page_of_another_site_cannot_use_a_well_known_key() {
    let app = app(true).await;
    let create = "Action=CreateUser&Version=2010-05-08&UserName=mallory";
    let create = Ask { service: "iam", ..ask(create) };
    let delete = get("/?Action=DeleteUser&Version=2010-05-08&UserName=bob");
    let delete = Ask { service: "iam", ..delete };
    let list = Ask { service: "iam", ..get("/?Action=ListAccessKeys&Version=2010-05-08") };
    let attacks = [
        ("a simple POST", create.at("localhost:4566"), FOREIGN_PAGE),
        ("a POST of a sandboxed frame", create.at("localhost:4566"), &[("origin", "null")]),
        ("an image", delete.at("localhost:4566"), &[("sec-fetch-site", "cross-site")]),
        ("a rebound name", list.at("rebound.example:4566"), &[]),
        (
            "a rebound name with its own origin",
            list.at("rebound.example:4566"),
            &[("origin", "http://rebound.example:4566"), ("sec-fetch-site", "same-origin")],
        ),
    ];
    for key in ["test", "111122223333"] {
        for (what, request, headers) in attacks {
            let request = Ask { key, ..request };
            let sent = [request.headers, headers].concat();
            for (signed, how) in [
                (Ask { headers: &sent, ..request }.signed(), "by header"),
                (Ask { headers: &sent, ..request }.presigned(), "presigned"),
            ] {
                let answer = app.shown(signed).await;
                assert!(answer.starts_with("403\n"), "{what} {how} with {key}: {answer}");
                assert!(answer.contains("<Code>AccessDenied</Code>"), "{what} {how}: {answer}");
            }
        }
    }
    let view = app.env.state.view();
    let account = view.account(ACCOUNT);
    assert!(account.user("mallory").is_none() && account.user("bob").is_some());
}

#[tokio::test]
async fn who_is_not_a_page_of_another_site_uses_the_well_known_keys() {
    let own = Options { public_host: Some("daypass.example.com"), ..Options::default() };
    let app = App::with(own).await;
    for (host, headers) in [
        ("localhost:4566", &[("origin", "http://localhost:3000")][..]),
        (
            "localhost:4566",
            &[("origin", "http://127.0.0.1:5173"), ("sec-fetch-site", "cross-site")],
        ),
        ("127.0.0.1:4566", &[("sec-fetch-site", "same-site")]),
        ("127.0.0.1:4566", &[("x-forwarded-for", "192.0.2.1")]),
        ("daypass.example.com", &[]),
        ("daypass.example.com:8443", &[("origin", "https://daypass.example.com:8443")]),
        ("sts.amazonaws.com", &[]),
        ("localhost.localstack.cloud:4566", &[]),
        ("sts.us-east-1.localhost.localstack.cloud:4566", &[]),
    ] {
        let request = ask(WHO);
        let headers = [request.headers, headers].concat();
        let answer = app.shown(Ask { host, headers: &headers, ..request }.signed()).await;
        assert!(answer.starts_with("200\n"), "{host} {headers:?}: {answer}");
    }
}

/// Nobody else knows such a key, so that no page can sign with it.
#[tokio::test]
async fn a_key_of_ones_own_is_good_at_every_name() {
    let app = App::new().await;
    let request = Ask { host: "proxy.example", ..ask(WHO) }.by_bob();
    let headers = [request.headers, FOREIGN_PAGE].concat();
    let answer = app.shown(Ask { headers: &headers, ..request }.signed()).await;
    assert!(answer.starts_with("200\n"), "{answer}");
}

async fn app(well_known_keys: bool) -> App {
    let departures = Departures { explanations: Explanations::Denied, ..Departures::DEFAULT };
    let reset = Some(Arc::new(Nothing) as Arc<dyn Reset>);
    let options = Options { departures, well_known_keys, reset, ..Options::default() };
    App::with(Options { clock_is_offered: true, ..options }).await
}

/// Gives the root user of the deployment's account a key of their own.
async fn root_key(app: &App) {
    let mut draft = Draft::of(&app.env.state.view());
    let key = AccessKeyRecord {
        id: ROOT_KEY.parse().unwrap(),
        secret: daypass_ident::Secret::new(BOBS_SECRET.to_owned()),
        owner: KeyOwner::Root,
        status: KeyStatus::Active,
        create_date: NOW,
    };
    draft.put_access_key(ACCOUNT, &key);
    app.env.state.replace(draft).await.unwrap();
}

fn as_root(ask: Ask<'_>) -> Ask<'_> {
    Ask { key: ROOT_KEY, secret: BOBS_SECRET, ..ask }
}

#[derive(Debug)]
struct Nothing;

impl Reset for Nothing {
    fn reset(&self) -> Pin<Box<dyn Future<Output = Result<(), ResetError>> + Send + '_>> {
        Box::pin(async { Ok(()) })
    }
}

const ROOT_KEY: &str = "AKIAQAAAAAAAAAAAROOT";
