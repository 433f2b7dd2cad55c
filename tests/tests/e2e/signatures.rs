//! Who signs wrongly is refused, in AWS's order and words.

use aws_credential_types::Credentials;
use aws_sdk_iam::types::StatusType;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daypass::Daypass;
use daypass_ident::{Clock, SystemClock};
use daypass_tests::{Refusal, Refused, Sent, Signing, World, invalid_token, mismatch, refusal};
use sha2::{Digest, Sha256};

const WHO_AM_I: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn keys_that_nobody_has_are_refused() {
    let world = World::start().await;
    let nobody = Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", "secret", None);
    let refused = world.sts(&nobody).get_caller_identity().send().await.refused();
    assert_eq!(refused, invalid_token());
    let refused = world.iam(&nobody).list_users().send().await.refused();
    assert_eq!(refused, invalid_token());
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    for keys in [alice, world.root()] {
        let guess = Credentials::from_keys(keys.access_key_id(), "guess", None);
        assert_eq!(world.sts(&guess).get_caller_identity().send().await.refused(), mismatch());
        assert_eq!(world.iam(&guess).list_users().send().await.refused(), mismatch());
    }
}

#[tokio::test]
async fn a_key_is_good_while_it_is_active_and_there() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    let set = |status| {
        let update = iam.update_access_key().user_name("alice").status(status);
        update.access_key_id(alice.access_key_id()).send()
    };
    let ask = || world.sts(&alice).get_caller_identity().send();

    set(StatusType::Inactive).await.unwrap();
    assert_eq!(ask().await.refused(), invalid_token());
    set(StatusType::Active).await.unwrap();
    ask().await.unwrap();
    let delete = iam.delete_access_key().user_name("alice").access_key_id(alice.access_key_id());
    delete.send().await.unwrap();
    assert_eq!(ask().await.refused(), invalid_token());
}

#[tokio::test]
async fn a_signature_is_good_for_a_quarter_of_an_hour_either_way() {
    let world = World::start().await;
    let post = |clock_ahead| {
        let signing = Signing { clock_ahead, ..Signing::sts(&world) };
        signing.post(&world.root(), WHO_AM_I)
    };
    for clock_ahead in [-880, 880] {
        assert_eq!(post(clock_ahead).to(&world).await.status, 200, "{clock_ahead}");
    }

    refused_in_its_second(&world, post(-920), |signed, now| {
        let (earliest, now) = (basic(now - 900), basic(now));
        format!("Signature expired: {signed} is now earlier than {earliest} ({now} - 15 min.)")
    })
    .await;
    refused_in_its_second(&world, post(920), |signed, now| {
        let (latest, now) = (basic(now + 900), basic(now));
        format!(
            "Signature not yet current: {signed} is still later than {latest} ({now} + 15 min.)"
        )
    })
    .await;
}

/// The text names the date of the request and the second of the refusal, which is one of those
/// that pass meanwhile.
async fn refused_in_its_second(world: &World, sent: Sent, text: impl Fn(&str, i64) -> String) {
    let signed = date_of(&sent);
    let before = SystemClock.now().secs();
    let refused = sent.to(world).await.refusal();
    let mut meanwhile = before..=SystemClock.now().secs();
    let is_it = |now| refused == refusal(403, "SignatureDoesNotMatch", text(&signed, now));
    assert!(meanwhile.any(is_it), "{refused:?}");
}

/// A time in the form that signatures have it in.
fn basic(seconds: i64) -> String {
    let text = DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap();
    text.chars().filter(|c| !"-:".contains(*c)).collect()
}

fn date_of(sent: &Sent) -> String {
    sent.headers["x-amz-date"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_scope_must_fit_the_host_that_was_called() {
    let world = World::start().await;
    let (region, service) = (
        "Credential should be scoped to a valid region. ",
        "Credential should be scoped to correct service: 'sts'. ",
    );
    let cases = [
        ("sts.eu-central-1.amazonaws.com", "eu-central-1", "sts", None),
        ("sts.amazonaws.com", "us-east-1", "sts", None),
        ("sts.eu-central-1.amazonaws.com", "us-east-1", "sts", Some(region.to_owned())),
        ("sts.amazonaws.com", "eu-central-1", "sts", Some(region.to_owned())),
        ("sts.eu-central-1.amazonaws.com", "eu-central-1", "s3", Some(service.to_owned())),
        ("sts.eu-central-1.amazonaws.com", "us-east-1", "iam", Some([region, service].concat())),
    ];
    for (host, region, service, message) in cases {
        let signing = Signing { host: host.to_owned(), region, service, clock_ahead: 0 };
        let answer = signing.post(&world.root(), WHO_AM_I).to(&world).await;
        match message {
            None => assert_eq!(answer.status, 200, "{host} {region} {service}"),
            Some(message) => {
                assert_eq!(answer.refusal(), refusal(403, "SignatureDoesNotMatch", message));
            }
        }
    }
}

#[tokio::test]
async fn iam_is_signed_for_any_region_only_where_daypass_is_not_strict() {
    const LIST: &str = "Action=ListUsers&Version=2010-05-08";
    for strict in [false, true] {
        let world = World::of(Daypass::builder().strict(strict)).await;
        let signing = Signing { region: "eu-central-1", ..Signing::iam(&world) };
        let answer = signing.post(&world.root(), LIST).to(&world).await;
        if strict {
            let message = "Credential should be scoped to a valid region. ";
            assert_eq!(answer.refusal(), refusal(403, "SignatureDoesNotMatch", message));
        } else {
            assert_eq!(answer.status, 200);
        }
        let answer = Signing::iam(&world).post(&world.root(), LIST).to(&world).await;
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn a_request_is_signed_once_and_not_twice() {
    let world = World::start().await;
    let signing = Signing::sts(&world);
    let unsigned = Sent::form(&signing.host, WHO_AM_I).to(&world).await;
    let message = "Request is missing Authentication Token";
    assert_eq!(unsigned.refusal(), refusal(403, "MissingAuthenticationToken", message));

    let mut twice = signing.post(&world.root(), WHO_AM_I);
    twice.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256".to_owned();
    let without_text =
        Refusal { status: 403, code: "SignatureDoesNotMatch".to_owned(), message: None };
    assert_eq!(twice.to(&world).await.refusal(), without_text);
}

#[tokio::test]
async fn an_authorization_header_must_have_its_parts() {
    let world = World::start().await;
    let signed = Signing::sts(&world).post(&world.root(), WHO_AM_I);
    let whole = signed.headers["authorization"].to_str().unwrap().to_owned();
    let (credential, rest) = whole.split_once(", ").unwrap();
    let (signed_headers, signature) = rest.split_once(", ").unwrap();
    let requires = |names: &[&str], header: &str| {
        let sentences =
            names.iter().map(|name| format!("Authorization header requires '{name}' parameter. "));
        let digest = STANDARD.encode(Sha256::digest(header));
        let sentences: String = sentences.collect();
        format!("{sentences}(Hashed with SHA-256 and encoded with Base64) Authorization={digest}")
    };

    let incomplete = |header: String, missing: &[&str]| {
        let message = requires(missing, &header);
        (header, "IncompleteSignature", message)
    };
    let other = whole.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512");
    let no_equal_sign = format!("{credential}, {signed_headers}, Signature");
    let digest = STANDARD.encode(Sha256::digest(&no_equal_sign));
    let cases = [
        incomplete(format!("{credential}, {signed_headers}"), &["Signature"]),
        incomplete(format!("{credential}, {signature}"), &["SignedHeaders"]),
        incomplete(format!("AWS4-HMAC-SHA256 {signed_headers}, {signature}"), &["Credential"]),
        incomplete("AWS4-HMAC-SHA256".to_owned(), &["Credential", "Signature", "SignedHeaders"]),
        (
            other,
            "IncompleteSignature",
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.".to_owned(),
        ),
        (
            no_equal_sign,
            "IncompleteSignature",
            format!(
                "'Signature' not a valid key=value pair (missing equal-sign) in Authorization \
                 header (hashed with SHA-256 and encoded with Base64): '{digest}'."
            ),
        ),
        (
            whole.replace("/aws4_request", ""),
            "IncompleteSignature",
            format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{}'.",
                credential
                    .strip_prefix("AWS4-HMAC-SHA256 Credential=")
                    .unwrap()
                    .strip_suffix("/aws4_request")
                    .unwrap()
            ),
        ),
        (
            whole.replace(";host;", ";"),
            "SignatureDoesNotMatch",
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned(),
        ),
    ];
    for (header, code, message) in cases {
        let status = if code == "IncompleteSignature" { 400 } else { 403 };
        let answer = signed.clone().with("authorization", &header).to(&world).await;
        assert_eq!(answer.refusal(), refusal(status, code, message), "{header}");
    }

    let digest = STANDARD.encode(Sha256::digest(&whole));
    let message = format!(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
         (Hashed with SHA-256 and encoded with Base64) Authorization={digest}"
    );
    let undated = signed.clone().without("x-amz-date").to(&world).await;
    assert_eq!(undated.refusal(), refusal(400, "IncompleteSignature", message));

    let message = "Date must be in ISO-8601 'basic format'. Got 'yesterday'. See \
                   http://en.wikipedia.org/wiki/ISO_8601";
    let odd = signed.with("x-amz-date", "yesterday").to(&world).await;
    assert_eq!(odd.refusal(), refusal(400, "IncompleteSignature", message));
}

#[tokio::test]
async fn what_was_signed_cannot_be_changed() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let signed = Signing::sts(&world)
        .post(&alice, "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900");
    assert_eq!(signed.clone().to(&world).await.status, 200);

    let mut longer = signed.clone();
    longer.body = longer.body.replace("=900", "=990");
    let mut elsewhere = signed.clone();
    elsewhere.target = "/?DurationSeconds=990".to_owned();
    let other_type = "application/x-www-form-urlencoded; charset=utf-8";
    // Signed after the first, and for a second ahead: never the same date.
    let later = Signing { clock_ahead: 1, ..Signing::sts(&world) }.post(&alice, WHO_AM_I);
    let changes = [
        longer,
        elsewhere,
        signed.clone().with("content-type", other_type),
        signed.clone().with("host", "localhost"),
        signed.clone().with("x-amz-date", &date_of(&later)),
    ];
    for changed in changes {
        assert_eq!(changed.clone().to(&world).await.refusal(), mismatch(), "{changed:?}");
    }
}
