//! Whatever is asked of the identity provider.

use std::sync::{Arc, LazyLock};

use aws_smithy_types::DateTime;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use daypass_federation::oidc::{Expectations, Jwt, KeySet, Rules, verify};
use daypass_ident::{ManualClock, SystemClock, SystemIds};
use daypass_idp::{Claims, Client, Keys, Provider, Saml, Settings, User};
use http::header::{AUTHORIZATION, CACHE_CONTROL, LOCATION};
use http::request::Parts;
use http::{Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

/// The first byte says what the rest is: a request (method and target, with a space between them, in
/// the first line, the `Authorization` in the second, then the body), or a SAML request, in plain text
/// or deflated, which is then sent as a browser would bring it.
pub(crate) fn run(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else { return };
    match kind {
        b'h' => request(rest),
        b'x' => ask("POST", "/saml/sso", None, &[b"user=bob&", &*saml_request(rest)].concat()),
        b'd' => {
            let query = String::from_utf8(saml_request(rest)).expect("percent-encoded");
            ask("GET", &["/saml/sso?", &query].concat(), None, b"");
        }
        _ => {}
    }
}

fn request(input: &[u8]) {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let (first, second) = (lines.next().unwrap_or_default(), lines.next());
    let Some((method, target)) = std::str::from_utf8(first).ok().and_then(|it| it.split_once(' '))
    else {
        return;
    };
    ask(method, target, second.filter(|it| !it.is_empty()), lines.next().unwrap_or_default());
}

fn saml_request(request: &[u8]) -> Vec<u8> {
    let encoded = STANDARD.encode(request);
    format!("SAMLRequest={}", percent_encode(encoded.as_bytes(), NON_ALPHANUMERIC)).into_bytes()
}

fn ask(method: &str, target: &str, authorization: Option<&[u8]>, body: &[u8]) {
    let request = Request::builder().method(method).uri(target);
    let request = match authorization {
        Some(value) => request.header(AUTHORIZATION, value),
        None => request,
    };
    // What is no HTTP does not get this far.
    let Ok(request) = request.body(Bytes::copy_from_slice(body)) else { return };
    let (head, body) = request.into_parts();
    check(&head, &PROVIDER.answer(&head, &body));
}

/// No request breaks the provider, has a browser run anything or sends it to an address that is not in
/// the settings; and what is given for a token verifies.
fn check(head: &Parts, response: &Response<Bytes>) {
    assert!(!response.status().is_server_error(), "{head:?}");
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    if let Some(url) = response.headers().get(LOCATION) {
        assert!(url.as_bytes().starts_with(CALLBACK.as_bytes()), "{url:?}");
    }
    let body = std::str::from_utf8(response.body()).expect("a text");
    if body.starts_with("<!doctype html>") {
        assert!(!body.contains("<script") && !body.contains("<img"), "{body}");
        let forms = body.split("<form method=\"post\" action=\"").skip(1);
        for action in forms.filter_map(|form| form.split('"').next()) {
            let known = [ACS, "/authorize", "/saml/sso"];
            assert!(known.contains(&action), "{action}");
        }
    }
    if head.uri.path() == "/token" && response.status().is_success() {
        let tokens: Claims = serde_json::from_str(body).expect("JSON");
        let token = tokens["access_token"].as_str().expect("a token");
        let jwt = Jwt::parse(token).expect("a JWT");
        let audience = jwt.audience().expect("an audience");
        let expected = Expectations {
            provider: "localhost",
            audiences: &[audience],
            now: DateTime::from_secs(NOW),
            rules: Rules { loopback_http: true },
        };
        verify(&jwt, &expected, &KEYS).expect("a token that verifies");
    }
}

static PROVIDER: LazyLock<Provider> = LazyLock::new(|| {
    let bob = User { name: "bob".to_owned(), ..User::default() };
    let ana = User { name: "ana".to_owned(), password: Some("a".to_owned().into()), ..bob.clone() };
    let spa = Client { id: "spa".to_owned(), ..Client::default() };
    let spa = Client { redirect_uris: vec![CALLBACK.to_owned()], ..spa };
    let app = Client { id: "app".to_owned(), secret: Some("b".to_owned().into()), ..spa.clone() };
    let settings =
        Settings { users: vec![ana, bob], clients: vec![app, spa], ..Settings::default() };
    assert!(settings.saml.acs_urls.is_empty() && Saml::AWS == ACS);
    let clock = ManualClock::new(SystemClock);
    clock.freeze(DateTime::from_secs(NOW));
    let keys = Keys::generate().expect("keys");
    Provider::new(settings, "http://localhost", keys, Arc::new(clock), Arc::new(SystemIds))
        .expect("a provider")
});

static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let (head, body) =
        Request::get("/.well-known/jwks.json").body(Bytes::new()).expect("a request").into_parts();
    KeySet::parse(PROVIDER.answer(&head, &body).body()).expect("a key set")
});

const CALLBACK: &str = "http://localhost:3000/callback";
const ACS: &str = "https://signin.aws.amazon.com/saml";
/// 2027-01-15T08:00:00Z.
const NOW: i64 = 1_800_000_000;
