use std::sync::{Arc, OnceLock};

use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use daypass_federation::oidc::{Expectations, Jwt, KeySet, Rules, verify};
use daypass_ident::{ManualClock, SystemClock, SystemIds};
use http::{Method, Request, Response};

use crate::{Claims, Keys, Provider, Settings};

/// A provider with two users and two clients, at a time that stands still.
pub(crate) fn provider() -> Provider {
    let settings: Settings = toml::from_str(SETTINGS).unwrap();
    let clock = ManualClock::new(SystemClock);
    clock.freeze(DateTime::from_secs(NOW));
    let keys = Keys::from_pem_for_tests(key());
    let issuer = "http://127.0.0.1:4580";
    Provider::new(settings, issuer, keys, Arc::new(clock), Arc::new(SystemIds)).unwrap()
}

/// The claims of a token that the federation room verifies with what the provider publishes.
pub(crate) fn claims_of(provider: &Provider, token: &str, audience: &str) -> Claims {
    let published = serde_json::to_vec(&provider.key_set()).unwrap();
    let expected = Expectations {
        provider: "127.0.0.1:4580",
        audiences: &[audience],
        now: DateTime::from_secs(NOW + 1),
        rules: Rules { loopback_http: true },
    };
    verify(&Jwt::parse(token).unwrap(), &expected, &KeySet::parse(&published).unwrap()).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

pub(crate) fn get(provider: &Provider, target: &str) -> Response<Bytes> {
    ask(provider, Request::get(target).body(Bytes::new()).unwrap())
}

pub(crate) fn post(provider: &Provider, target: &str, form: &[(&str, &str)]) -> Response<Bytes> {
    ask(provider, form_request(target, form))
}

pub(crate) fn form_request(target: &str, form: &[(&str, &str)]) -> Request<Bytes> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::builder().method(Method::POST).uri(target);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(body.into()).unwrap()
}

pub(crate) fn ask(provider: &Provider, request: Request<Bytes>) -> Response<Bytes> {
    let (head, body) = request.into_parts();
    provider.answer(&head, &body)
}

pub(crate) fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

/// One for all tests: to find one takes a moment.
fn key() -> &'static str {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(Keys::pem_for_tests)
}

pub(crate) const NOW: i64 = 1_800_000_000;

const SETTINGS: &str = r#"
[[users]]
name = "ana"
password = "ana's"
claims = { email = "ana@example.com" }
tags = { team = "red" }
transitive_tag_keys = ["team"]
source_identity = "ana-1"
roles = [
    "arn:aws:iam::123456789012:role/Developer,arn:aws:iam::123456789012:saml-provider/Test",
    "arn:aws:iam::123456789012:role/Auditor,arn:aws:iam::123456789012:saml-provider/Test",
]
attributes = { "urn:oid:2.5.4.3" = ["Ana & Co"] }
[[users]]
name = "bob"
[[clients]]
id = "app"
secret = "app's: 100%"
redirect_uris = ["http://localhost:8080/callback?x=1"]
claims = { tier = "gold" }
[[clients]]
id = "spa"
redirect_uris = ["http://localhost:3000/"]
"#;
