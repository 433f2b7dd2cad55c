use http::header::LOCATION;

use super::*;
use crate::testing::{NOW, claims_of, get, post, provider, text};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const SPA: [(&str, &str); 7] = [
    ("response_type", "code"),
    ("client_id", "spa"),
    ("redirect_uri", "http://localhost:3000/"),
    ("state", "s&1"),
    ("nonce", "n"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

fn with(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let kept = SPA.into_iter().filter(|(name, _)| changes.iter().all(|(other, _)| other != name));
    kept.chain(changes.iter().copied()).collect()
}

fn query(fields: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("/authorize?{query}")
}

/// Where a browser is sent, and the parameters of that.
fn sent(response: &Response<Bytes>) -> (String, Fields) {
    assert_eq!(response.status(), 303, "{response:?}");
    let (url, query) = response.headers()[LOCATION].to_str().unwrap().split_once('?').unwrap();
    (url.to_owned(), Fields::parse(query.as_bytes()).unwrap())
}

fn code(provider: &Provider, form: &[(&'static str, &'static str)]) -> String {
    let (_, fields) = sent(&post(provider, "/authorize", form));
    fields.get("code").unwrap().to_owned()
}

#[test]
fn who_signs_in_gets_a_code_that_is_worth_tokens_once() {
    let provider = provider();
    let page = get(&provider, &query(&SPA));
    assert_eq!(page.status(), 200);
    let page = text(&page);
    assert!(page.contains("<option>ana</option><option>bob</option>"), "{page}");
    assert!(page.contains("name=\"state\" value=\"s&amp;1\""), "{page}");

    let wrong = with(&[("user", "ana"), ("password", "bob's")]);
    let again = post(&provider, "/authorize", &wrong);
    assert_eq!(again.status(), 403);
    assert!(text(&again).contains("value=\"s&amp;1\"") && !text(&again).contains("bob&apos;s"));

    let signed_in = post(&provider, "/authorize", &with(&[("user", "ana"), ("password", "ana's")]));
    let (url, answer) = sent(&signed_in);
    assert_eq!(url, "http://localhost:3000/");
    assert_eq!(
        (answer.get("state"), answer.get("iss")),
        (Some("s&1"), Some("http://127.0.0.1:4580"))
    );

    let code = answer.get("code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "spa"),
        ("code", code),
        ("redirect_uri", "http://localhost:3000/"),
        ("code_verifier", VERIFIER),
    ];
    let tokens: serde_json::Value =
        serde_json::from_str(&text(&post(&provider, "/token", &form))).unwrap();
    let claims = claims_of(&provider, tokens["id_token"].as_str().unwrap(), "spa");
    assert_eq!((&claims["sub"], &claims["nonce"]), (&"ana".into(), &"n".into()));
    assert_eq!(claims["auth_time"], NOW);
    assert!(text(&post(&provider, "/token", &form)).contains("invalid_grant"));
}

#[test]
fn a_request_in_a_form_is_shown_the_sign_in_page() {
    let provider = provider();
    let asked = with(&[("response_mode", "query"), ("prompt", "login consent")]);
    let page = post(&provider, "/authorize", &asked);
    assert_eq!(page.status(), 200);
    let page = text(&page);
    assert!(page.contains("<select name=\"user\">") && !page.contains("alert"), "{page}");
    assert!(page.contains("name=\"state\" value=\"s&amp;1\""), "{page}");
}

#[test]
fn a_code_is_its_clients_alone() {
    let provider = provider();
    let right = [
        ("client_id", "spa"),
        ("redirect_uri", "http://localhost:3000/"),
        ("code_verifier", VERIFIER),
    ];
    let other = "x".repeat(43);
    let cases = [
        vec![("client_id", "app"), ("client_secret", "app's: 100%"), right[1], right[2]],
        vec![right[0], ("redirect_uri", "http://localhost:3000"), right[2]],
        vec![right[0], right[1]],
        vec![right[0], right[1], ("code_verifier", &*other)],
        vec![right[0], right[1], ("code_verifier", CHALLENGE)],
    ];
    for case in cases {
        // A user without a password only chooses a name.
        let code = code(&provider, &with(&[("user", "bob")]));
        let form = [&[("grant_type", "authorization_code"), ("code", &*code)][..], &case].concat();
        let refused = text(&post(&provider, "/token", &form));
        assert!(refused.contains("invalid_grant"), "{case:?}: {refused}");
    }
}

#[test]
fn a_confidential_client_needs_no_challenge_but_keeps_to_none() {
    let provider = provider();
    let app = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", "http://localhost:8080/callback?x=1"),
        ("user", "bob"),
    ];
    let response = post(&provider, "/authorize", &app);
    let location = response.headers()[LOCATION].to_str().unwrap();
    assert!(location.starts_with("http://localhost:8080/callback?x=1&code="), "{location}");
    let code = sent(&response).1.get("code").unwrap().to_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        app[2],
        app[1],
        ("client_secret", "app's: 100%"),
        ("code_verifier", VERIFIER),
    ];
    assert!(text(&post(&provider, "/token", &form)).contains("invalid_grant"));
}

#[test]
fn nobody_is_sent_to_an_address_that_is_not_the_clients() {
    let provider = provider();
    for wrong in [
        with(&[("client_id", "nobody")]),
        with(&[("client_id", "")]),
        with(&[("redirect_uri", "http://evil.example/")]),
        with(&[("redirect_uri", "")]),
        [&SPA[..], &[("state", "again")]].concat(),
    ] {
        let response = get(&provider, &query(&wrong));
        assert_eq!(response.status(), 400, "{wrong:?}");
        assert!(!response.headers().contains_key(LOCATION));
    }
}

#[test]
fn what_else_is_wrong_is_said_to_the_client() {
    let provider = provider();
    for (wrong, error) in [
        (with(&[("response_type", "")]), "invalid_request"),
        (with(&[("response_type", "token")]), "unsupported_response_type"),
        (with(&[("scope", "a\"b")]), "invalid_scope"),
        (with(&[("request", "a.b.c")]), "request_not_supported"),
        (with(&[("request_uri", "https://spa.example/r")]), "request_uri_not_supported"),
        (with(&[("registration", "{}")]), "registration_not_supported"),
        (with(&[("response_mode", "fragment")]), "invalid_request"),
        (with(&[("prompt", "none")]), "login_required"),
        (with(&[("code_challenge", ""), ("code_challenge_method", "")]), "invalid_request"),
        (with(&[("code_challenge_method", "plain")]), "invalid_request"),
        (with(&[("code_challenge_method", "")]), "invalid_request"),
        (with(&[("code_challenge", "short")]), "invalid_request"),
    ] {
        for response in [get(&provider, &query(&wrong)), post(&provider, "/authorize", &wrong)] {
            let (url, fields) = sent(&response);
            assert_eq!(url, "http://localhost:3000/");
            assert_eq!((fields.get("error"), fields.get("state")), (Some(error), Some("s&1")));
        }
    }
}
