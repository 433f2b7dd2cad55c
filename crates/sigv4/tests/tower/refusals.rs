//! Who is let in, who is not, and in what order it is found out.

use daypass_sigv4::{AuthError, tower::Rejection};
use http::{Request, Response, StatusCode, request::Parts};
use http_body_util::Empty;
use tower::{Layer, ServiceExt, service_fn};

use crate::world::{HOST, LIMIT, NOW, Outcome, Signing, alice, full, layer, send, session};

#[tokio::test]
async fn whoever_signs_is_known_to_the_service() {
    for region in ["eu-central-1", "us-east-1"] {
        for presigned in [false, true] {
            for (keys, name) in [(alice(), "alice"), (session("its-token"), "session")] {
                let signing = Signing { keys, region, presigned, ..Signing::default() };
                let request = signing.sign(Request::get("/a%20b?c=d"), b"", Empty::<&[u8]>::new());
                let served = Outcome::Served(name.to_owned(), Ok(Vec::new()));
                assert_eq!(send(layer(), request).await, served, "{region} {presigned} {name}");
            }
        }
    }
}

#[tokio::test]
async fn refusals_are_aws_ones_in_aws_order() {
    let of = |keys| Signing { keys, ..Signing::default() };
    let long_term_with_token = || {
        aws_credential_types::Credentials::from_keys(
            "AKIAALICE",
            "alices-secret",
            Some("t".to_owned()),
        )
    };
    let stranger = aws_credential_types::Credentials::from_keys("AKIASTRANGER", "secret", None);
    let wrong = aws_credential_types::Credentials::from_keys("AKIAALICE", "wrong", None);
    let lost = aws_credential_types::Credentials::from_keys("AKIALOST", "secret", None);
    let elsewhere = Signing { region: "eu-west-1", keys: stranger.clone(), ..Signing::default() };
    let other_service = Signing { service: "sts", ..Signing::default() };
    let invalid = "The security token included in the request is invalid";
    for (signing, status, code, message) in [
        (of(wrong), 403, "SignatureDoesNotMatch", "The request signature we calculated"),
        (of(stranger), 403, "InvalidClientTokenId", invalid),
        (
            elsewhere,
            403,
            "SignatureDoesNotMatch",
            "Credential should be scoped to a valid region. <",
        ),
        (other_service, 403, "SignatureDoesNotMatch", "scoped to correct service: 'vault'"),
        (of(session("other")), 403, "InvalidClientTokenId", invalid),
        (of(session("old-token")), 403, "ExpiredToken", "is expired"),
        (of(long_term_with_token()), 403, "InvalidClientTokenId", invalid),
        (of(lost), 500, "InternalFailure", "<Type>Receiver</Type>"),
    ] {
        // A body that is too large tells that none of them waits for it, but for those that need it.
        let request = signing.sign(Request::post("/"), b"body", full("body"));
        let Outcome::Refused(got, body) = send(layer(), request).await else {
            panic!("{code} was served");
        };
        assert_eq!(got.as_u16(), status, "{body}");
        assert!(body.contains(&format!("<Code>{code}</Code>")) && body.contains(message), "{body}");
        assert!(!body.contains("database"), "{body}");
    }
}

#[tokio::test]
async fn who_comes_to_the_wrong_region_is_told_the_first() {
    let tell = |rejection: &Rejection, _: &Parts| match rejection {
        Rejection::Auth(AuthError::Scope(faults)) => {
            let wrong = faults.region.as_ref().unwrap();
            Response::new(format!("{} for {}", wrong.claimed, wrong.expected))
        }
        other => panic!("{other}"),
    };
    let inner = service_fn(async |_| -> Result<Response<String>, std::io::Error> {
        unreachable!("it is another region")
    });
    let signing = Signing { region: "eu-west-1", ..Signing::default() };
    let request = signing.sign(Request::get("/"), b"", Empty::<&[u8]>::new());
    let response = layer().answer_with(tell).layer(inner).oneshot(request).await.unwrap();
    assert_eq!(response.body(), "eu-west-1 for eu-central-1");
}

#[tokio::test]
async fn nobody_without_a_key_can_make_it_hold_a_body() {
    let long = vec![b'a'; LIMIT + 1];
    let send_as = async |id: &str| {
        let keys = aws_credential_types::Credentials::from_keys(id, "wrong", None);
        let signing = Signing { keys, ..Signing::default() };
        let request = signing.sign(Request::post("/"), &long, full(long.clone()));
        send(layer(), request).await
    };
    let Outcome::Refused(status, body) = send_as("AKIASTRANGER").await else { panic!("served") };
    assert_eq!(status, 403, "{body}");
    assert_eq!(
        send_as("AKIAALICE").await,
        Outcome::Refused(StatusCode::PAYLOAD_TOO_LARGE, String::new())
    );
}

#[tokio::test]
async fn changed_on_the_way() {
    let signed = || Signing::default().sign(Request::get("/a/b?c=d"), b"", Empty::<&[u8]>::new());
    let refused = async |request| match send(layer(), request).await {
        Outcome::Refused(status, body) => (status.as_u16(), body),
        served => panic!("{served:?}"),
    };
    let mut path = signed();
    *path.uri_mut() = "/a/c?c=d".parse().unwrap();
    let mut query = signed();
    *query.uri_mut() = "/a/b?c=e".parse().unwrap();
    let mut host = signed();
    host.headers_mut().insert("host", "other.example".parse().unwrap());
    let mut method = signed();
    *method.method_mut() = http::Method::DELETE;
    for request in [path, query, host, method] {
        let (status, body) = refused(request).await;
        assert!(status == 403 && body.contains("<Code>SignatureDoesNotMatch</Code>"), "{body}");
    }
    let mut climbing = signed();
    *climbing.uri_mut() = "/a/../../b".parse().unwrap();
    assert_eq!(refused(climbing).await, (400, String::new()));
    let unsigned = Request::get("/").header("host", HOST).body(Empty::<&[u8]>::new()).unwrap();
    let (status, body) = refused(unsigned).await;
    assert!(status == 403 && body.contains("<Code>MissingAuthenticationToken</Code>"), "{body}");
}

#[tokio::test]
async fn headers_that_must_be_signed() {
    let layer = || layer().must_sign(&["X-Vault-Id"]);
    let with = Request::get("/").header("x-vault-id", "one");
    let request = Signing::default().sign(with, b"", Empty::<&[u8]>::new());
    assert_eq!(send(layer(), request).await, Outcome::Served("alice".to_owned(), Ok(Vec::new())));
    let mut added = Signing::default().sign(Request::get("/"), b"", Empty::<&[u8]>::new());
    added.headers_mut().insert("x-vault-id", "one".parse().unwrap());
    let Outcome::Refused(_, body) = send(layer(), added).await else { panic!("served") };
    assert!(body.contains("'X-Vault-Id' must be a 'SignedHeader'"), "{body}");
}

#[tokio::test]
async fn the_clock_is_the_one_that_was_set() {
    for (ahead, fits) in [(-901, false), (-900, true), (900, true), (901, false)] {
        let layer = layer().clock(move || i64::from(NOW) + ahead);
        let request = Signing::default().sign(Request::get("/"), b"", Empty::<&[u8]>::new());
        let outcome = send(layer, request).await;
        assert_eq!(matches!(outcome, Outcome::Served(..)), fits, "{ahead}: {outcome:?}");
    }
}

#[tokio::test]
async fn an_answer_of_ones_own() {
    let answer = |rejection: &Rejection, parts: &Parts| {
        assert!(matches!(rejection, Rejection::Auth(AuthError::NotSigned)));
        Response::new(format!("{} {}: {rejection}", rejection.status(), parts.uri))
    };
    let inner = service_fn(async |_| -> Result<Response<String>, std::io::Error> {
        unreachable!("nobody signed")
    });
    let request = Request::get("/x").body(Empty::<&[u8]>::new()).unwrap();
    let response = layer().answer_with(answer).layer(inner).oneshot(request).await.unwrap();
    assert_eq!(response.body(), "403 Forbidden /x: the request is not signed");
}
