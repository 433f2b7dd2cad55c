use http::Request;
use serde_json::Value;

use super::*;
use crate::testing::{NOW, ask, claims_of, form_request, post, provider, text};

const PASSWORD: [(&str, &str); 3] =
    [("grant_type", "password"), ("username", "ana"), ("password", "ana's")];
const APP: [(&str, &str); 2] = [("client_id", "app"), ("client_secret", "app's: 100%")];

fn json_of(response: &Response<Bytes>) -> Value {
    serde_json::from_str(&text(response)).unwrap()
}

fn basic(request: Request<Bytes>, id: &str, secret: &str) -> Request<Bytes> {
    let (mut head, body) = request.into_parts();
    let value = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    head.headers.insert(AUTHORIZATION, value.parse().unwrap());
    Request::from_parts(head, body)
}

#[test]
fn a_password_is_worth_an_id_token_and_an_access_token() {
    let provider = provider();
    let form = [&PASSWORD[..], &APP, &[("audience", "api")]].concat();
    let response = post(&provider, "/token", &form);
    assert_eq!(
        (response.status(), &response.headers()["cache-control"]),
        (StatusCode::OK, &HeaderValue::from_static("no-store"))
    );
    let tokens = json_of(&response);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let id = claims_of(&provider, tokens["id_token"].as_str().unwrap(), "app");
    assert_eq!(
        (&id["sub"], &id["auth_time"], &id["tier"]),
        (&json!("ana"), &json!(NOW), &json!("gold"))
    );
    let access = claims_of(&provider, tokens["access_token"].as_str().unwrap(), "api");
    assert_eq!((&access["client_id"], &access["scope"]), (&json!("app"), &json!("openid")));

    let form = [&PASSWORD[..], &APP, &[("scope", "email")]].concat();
    assert_eq!(json_of(&post(&provider, "/token", &form)).get("id_token"), None);
}

#[test]
fn a_client_gets_a_token_for_itself() {
    let provider = provider();
    let form = form_request("/token", &[("grant_type", "client_credentials")]);
    let response = ask(&provider, basic(form, "app", "app%27s%3A+100%25"));
    let tokens = json_of(&response);
    assert_eq!(tokens.get("id_token"), None, "{tokens}");
    let claims = claims_of(&provider, tokens["access_token"].as_str().unwrap(), "app");
    assert_eq!(claims["sub"], "app");
}

#[test]
fn refusals_are_those_of_the_rfc() {
    let provider = provider();
    let client = |grant: &'static str| [&[("grant_type", grant)][..], &APP].concat();
    type Form = Vec<(&'static str, &'static str)>;
    let cases: [(Form, u16, &str); 13] = [
        (vec![], 400, "invalid_request"),
        ([&PASSWORD[..], &PASSWORD[..1], &APP].concat(), 400, "invalid_request"),
        (PASSWORD.to_vec(), 401, "invalid_client"),
        ([&PASSWORD[..], &[("client_id", "app")]].concat(), 401, "invalid_client"),
        (
            [&PASSWORD[..], &[("client_id", "app"), ("client_secret", "x")]].concat(),
            401,
            "invalid_client",
        ),
        (
            [&PASSWORD[..], &[("client_id", "spa"), ("client_secret", "x")]].concat(),
            401,
            "invalid_client",
        ),
        ([&PASSWORD[..], &[("client_id", "nobody")]].concat(), 401, "invalid_client"),
        (client("refresh_token"), 400, "unsupported_grant_type"),
        (client("password"), 400, "invalid_request"),
        (
            [client("password"), vec![("username", "ana"), ("password", "x")]].concat(),
            400,
            "invalid_grant",
        ),
        // A user without a password has none to guess.
        (
            [client("password"), vec![("username", "bob"), ("password", "x")]].concat(),
            400,
            "invalid_grant",
        ),
        ([&PASSWORD[..], &APP, &[("scope", "a  b")]].concat(), 400, "invalid_scope"),
        (
            vec![("grant_type", "client_credentials"), ("client_id", "spa")],
            400,
            "unauthorized_client",
        ),
    ];
    for (form, status, error) in cases {
        let response = post(&provider, "/token", &form);
        assert_eq!(response.status(), status, "{form:?}");
        assert_eq!(json_of(&response)["error"], error, "{form:?}");
        assert_eq!(response.headers().contains_key(WWW_AUTHENTICATE), status == 401, "{form:?}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["pragma"], "no-cache");
    }
}

#[test]
fn a_header_that_proves_nothing_is_refused() {
    let provider = provider();
    let form = || form_request("/token", &[("grant_type", "client_credentials")]);
    let mut bearer = form();
    bearer.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    for request in [basic(form(), "app", "x"), basic(form(), "spa", ""), bearer] {
        let response = ask(&provider, request);
        assert_eq!(response.status(), 401);
        assert!(response.headers()[WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic "));
    }
    let twice = [&[("grant_type", "client_credentials")][..], &APP].concat();
    let twice = basic(form_request("/token", &twice), "app", "app%27s%3A+100%25");
    assert_eq!(json_of(&ask(&provider, twice))["error"], "invalid_request");
}

#[test]
fn a_secret_that_was_not_encoded_is_meant_as_it_stands() {
    for (text, meant) in [("a%2Bb", "a+b"), ("a+b", "a b"), ("a=b&c", "a=b&c"), ("", "")] {
        assert_eq!(form_decoded(text), meant);
    }
}
