//! A signed URL proves who one is to anybody who sends it on, for a while and to the letter.

use std::time::Duration;

use daypass_tests::{ACCOUNT, Sent, Signing, World, invalid_token, mismatch, refusal};

const WHO_AM_I: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_signed_url_says_who_signed_it() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let session = world.assume(&world.root(), &world.admin_role("admin").await).await;
    let cases = [
        (alice, "arn:aws:iam::123456789012:user/alice"),
        (session, "arn:aws:sts::123456789012:assumed-role/admin/session"),
        (world.root(), "arn:aws:iam::123456789012:root"),
    ];
    for (keys, arn) in cases {
        let answer = Signing::sts(&world).presign(&keys, WHO_AM_I, MINUTE).to(&world).await;
        assert_eq!(answer.status, 200, "{arn}");
        assert_eq!(answer.element("Arn").as_deref(), Some(arn));
        assert_eq!(answer.element("Account").as_deref(), Some(ACCOUNT));
    }
}

#[tokio::test]
async fn a_signed_url_is_good_for_a_quarter_of_an_hour_whatever_it_says() {
    let world = World::start().await;
    let send = |clock_ahead, lifetime| {
        let signing = Signing { clock_ahead, ..Signing::sts(&world) };
        signing.presign(&world.root(), WHO_AM_I, lifetime).to(&world)
    };
    assert_eq!(send(-880, MINUTE).await.status, 200);
    assert_eq!(send(-880, 60 * MINUTE).await.status, 200);
    for lifetime in [MINUTE, 60 * MINUTE] {
        let refused = send(-920, lifetime).await.refusal();
        assert_eq!((refused.status, &*refused.code), (403, "SignatureDoesNotMatch"));
        let message = refused.message.unwrap();
        assert!(message.starts_with("Signature expired: "), "{message}");
        assert!(message.ends_with(" - 15 min.)"), "{message}");
    }
}

/// Both orders of the values have the same canonical form, and so the same signature.
#[tokio::test]
async fn a_signed_url_says_each_thing_once() {
    let world = World::start().await;
    for (more, name) in [
        ("Action=GetSessionToken", "Action"),
        ("%41ction=GetSessionToken", "Action"),
        ("Version=2011-06-15", "Version"),
        ("T.member.1.Key=a&T.member.1.Key=b", "T.member.1.Key"),
    ] {
        let message = format!("The query string has the parameter '{name}' more than once.");
        for query in [format!("{WHO_AM_I}&{more}"), format!("{more}&{WHO_AM_I}")] {
            let signed = Signing::sts(&world).presign(&world.root(), &query, MINUTE);
            let refused = signed.to(&world).await.refusal();
            assert_eq!(refused, refusal(400, "InvalidQueryParameter", &*message), "{query}");
        }
    }
    // Who sends it says nothing by it unless they sign.
    let mut unsigned = Signing::sts(&world).presign(&world.root(), WHO_AM_I, MINUTE);
    unsigned.target = format!("/?{WHO_AM_I}&Action=GetSessionToken");
    assert_eq!(unsigned.to(&world).await.refusal().code, "MissingAuthenticationToken");
    // A form is signed with its order; what the address of a form names is signed, and not looked at.
    let mut form = Sent::form(&Signing::sts(&world).host, &format!("{WHO_AM_I}&Action=Other"));
    form.target = "/?Action=GetSessionToken&Action=AssumeRole".to_owned();
    let answer = Signing::sts(&world).sign(&world.root(), form, None).to(&world).await;
    assert_eq!(answer.element("Account").as_deref(), Some(ACCOUNT));
}

#[tokio::test]
async fn a_request_has_one_host() {
    let world = World::start().await;
    let signing = Signing::sts(&world);
    let mut sent = signing.presign(&world.root(), WHO_AM_I, MINUTE);
    sent.headers.append("host", "iam.amazonaws.com".parse().unwrap());
    let answer = sent.to(&world).await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (400, ""));
}

#[tokio::test]
async fn a_signed_url_cannot_be_changed() {
    let world = World::start().await;
    let session = world.assume(&world.root(), &world.admin_role("admin").await).await;
    let signed = Signing::sts(&world).presign(&session, WHO_AM_I, MINUTE);
    let change = |from: &str, to: &str| {
        assert!(signed.target.contains(from), "{from}");
        let mut changed = signed.clone();
        changed.target = changed.target.replacen(from, to, 1);
        changed
    };
    let mismatched = [
        change("GetCallerIdentity", "GetSessionToken"),
        change("X-Amz-Expires=60", "X-Amz-Expires=61"),
        change("&X-Amz-SignedHeaders", "&Extra=1&X-Amz-SignedHeaders"),
        signed.clone().with("host", "localhost"),
    ];
    for changed in mismatched {
        assert_eq!(changed.clone().to(&world).await.refusal(), mismatch(), "{changed:?}");
    }
    let other_key = change("=ASIA", "=ASIB").to(&world).await;
    assert_eq!(other_key.refusal(), invalid_token());
    let without_token = change("X-Amz-Security-Token", "X-Amz-Other").to(&world).await;
    assert_eq!(without_token.refusal(), invalid_token());
    let without_signature = change("X-Amz-Signature", "X-Amz-Other").to(&world).await;
    let message = "AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the \
                   query-string parameters.";
    assert_eq!(without_signature.refusal(), refusal(400, "IncompleteSignature", message));
}
