//! What somebody who is refused may do about it.

use daypass_ident::RequestId;
use daypass_sigv4::AuthError;

use crate::DEFAULT_ENDPOINT;
use crate::control::{diagnoses, explanations};
use crate::request::incoming::Incoming;
use crate::request::refusal::Refusal;

/// The hint to a refusal, if there is one.
pub(super) fn of(
    incoming: &Incoming,
    refusal: &Refusal,
    key: Option<&str>,
    is_explained: bool,
) -> Option<String> {
    let config = &incoming.connection.config;
    if is_explained {
        return Some(format!("ask why: {}", explanations::command(&config.endpoint, incoming.id)));
    }
    match refusal {
        Refusal::Unauthenticated(error) => {
            let in_force = config.env.directory.well_known_keys().is_some();
            of_authentication(error, key, in_force.then_some(&*config.endpoint))
        }
        _ => None,
    }
}

/// What the doctor finds wrong with a signature.
pub(super) fn of_diagnosis(summary: &str, endpoint: &str, id: RequestId) -> String {
    format!("the doctor finds: {summary}. More: curl {}", diagnoses::url(endpoint, id))
}

fn of_authentication(
    error: &AuthError,
    key: Option<&str>,
    endpoint_of_well_known_keys: Option<&str>,
) -> Option<String> {
    let own = match endpoint_of_well_known_keys {
        Some(endpoint) => format!(
            "daypass's root key is test with the secret test, and a 12-digit account id with the secret test \
             is that account's: eval \"$({})\" sets it",
            command_for_keys(endpoint)
        ),
        None => "this server has no well-known keys: its root key was printed at its start, and others are made \
                 with CreateAccessKey"
            .to_owned(),
    };
    match error {
        AuthError::UnknownKey => Some(match key.and_then(of_whom) {
            Some(whose) => format!("the key is {whose}; {own}"),
            None => format!(
                "this server has made no such key, and keys end with the server that made them; {own}"
            ),
        }),
        AuthError::TokenMissing => Some(
            "the key is a temporary one: send its session token too (AWS_SESSION_TOKEN)".to_owned(),
        ),
        AuthError::TokenOfAnotherKey | AuthError::TokenUnreadable => Some(
            "the session token was not issued with this key by this server: unset AWS_SESSION_TOKEN where \
             it is of other credentials"
                .to_owned(),
        ),
        AuthError::TokenWithLongTermKey => {
            Some("the key is a long-term one, which has no token: unset AWS_SESSION_TOKEN".to_owned())
        }
        AuthError::Mismatch | AuthError::MismatchInFull(_) => {
            Some("daypass doctor signature --help tells how to find the mistake".to_owned())
        }
        AuthError::IssuerGone => Some(
            "sessions end with the role or user that they are of, and with the well-known keys".to_owned(),
        ),
        AuthError::TokenExpired => Some("get new temporary credentials".to_owned()),
        _ => None,
    }
}

/// The command that prints the environment of a client.
fn command_for_keys(endpoint: &str) -> String {
    let address = endpoint.trim_start_matches("http://");
    match endpoint {
        DEFAULT_ENDPOINT => "daypass env".to_owned(),
        _ => format!("daypass env --listen {address}"),
    }
}

/// Whose an access key is by its looks, if it is one that another tool or AWS's documentation uses.
fn of_whom(key: &str) -> Option<&'static str> {
    const MOTO: &str = "a usual one of moto";
    const LOCALSTACK: &str = "one of LocalStack";
    const DOCUMENTATION: &str = "the example of AWS's documentation";
    const MINIO: &str = "the usual one of MinIO";
    const MADE_UP: &str = "a made-up one that some emulators take without looking";
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    let begins =
        |start: &str| key.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start));
    // LocalStack's ids are as long as AWS's, which no words are.
    let is_id = key.len() >= 16;
    let kinds = [
        (MOTO, is("testing") || is("FOOBARKEY")),
        (LOCALSTACK, is_id && (begins("LSIA") || begins("LKIA"))),
        (DOCUMENTATION, is("AKIAIOSFODNN7EXAMPLE") || is("ASIAIOSFODNN7EXAMPLE")),
        (MINIO, is("minioadmin") || is("minio")),
        (MADE_UP, ["mock", "fake", "dummy"].into_iter().any(begins)),
        (MADE_UP, MADE_UP_WORDS.into_iter().any(is)),
    ];
    kinds.into_iter().find_map(|(whose, is_theirs)| is_theirs.then_some(whose))
}

/// Beside `test`, which is daypass's own where the well-known keys are in force.
const MADE_UP_WORDS: [&str; 16] = [
    "test",
    "foo",
    "foobar",
    "bar",
    "a",
    "x",
    "xxx",
    "key",
    "id",
    "local",
    "localstack",
    "root",
    "admin",
    "none",
    "anything",
    "example",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_other_tools_are_recognised() {
        for (key, part) in [
            ("testing", "moto"),
            ("FOOBARKEY", "moto"),
            ("LSIAQAAAAAAVNCBMPNSG", "LocalStack"),
            ("LKIAQAAAAAAAHFR7TTPL", "LocalStack"),
            ("AKIAIOSFODNN7EXAMPLE", "documentation"),
            ("minioadmin", "MinIO"),
            ("mock_access_key", "made-up"),
            ("MockAccessKey", "made-up"),
            ("foo", "made-up"),
            ("test", "made-up"),
            ("dummy", "made-up"),
        ] {
            assert!(of_whom(key).is_some_and(|whose| whose.contains(part)), "{key}");
        }
        for key in [
            "",
            "AKIAQAAAAAAAHFR7TTPL",
            "ASIAQAAAAAAAHFR7TTPL",
            "LKIA",
            "mo",
            "ämock",
            "000000000001",
        ] {
            assert_eq!(of_whom(key), None, "{key}");
        }
    }

    #[test]
    fn an_unknown_key_is_told_which_keys_there_are() {
        let hint =
            |key, endpoint| of_authentication(&AuthError::UnknownKey, Some(key), endpoint).unwrap();
        for key in ["testing", "AKIAQAAAAAAAHFR7TTPL"] {
            let usual = hint(key, Some(DEFAULT_ENDPOINT));
            assert!(usual.contains("eval \"$(daypass env)\""), "{usual}");
            let elsewhere = hint(key, Some("http://[::1]:1"));
            assert!(elsewhere.contains("eval \"$(daypass env --listen [::1]:1)\""), "{elsewhere}");
            let none = hint(key, None);
            assert!(
                none.contains("printed at its start") && !none.contains("daypass env"),
                "{none}"
            );
        }
    }
}
