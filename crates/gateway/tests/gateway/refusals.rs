//! Every reason not to believe a signature, in AWS's order and words.

use daypass_authz::Departures;
use daypass_ident::{IdKind, SystemIds, UniqueId};
use daypass_state::record::KeyStatus;

use crate::answers::{ASSUME, GET_SESSION_TOKEN};
use crate::support::*;

#[tokio::test]
async fn carriers_and_their_pieces() {
    let app = App::new().await;
    let with = |headers: &[(&str, &str)]| {
        let form = ("content-type", "application/x-www-form-urlencoded");
        ask(WHO).with(&[&[form], headers].concat()).unsigned()
    };
    let date = ("x-amz-date", "20270115T080000Z");
    let cases = [
        (
            with(&[("authorization", "Bearer x")]),
            INCOMPLETE,
            Some("Unsupported AWS 'algorithm': 'Bearer'."),
        ),
        (
            with(&[
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=date, Signature=0",
                ),
                date,
            ]),
            MISMATCH,
            Some("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
        ),
        (
            with(&[
                ("authorization", "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0"),
                ("x-amz-date", "yesterday"),
            ]),
            INCOMPLETE,
            Some(
                "Date must be in ISO-8601 'basic format'. Got 'yesterday'. See http://en.wikipedia.org/wiki/ISO_8601",
            ),
        ),
        (
            with(&[
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
                ),
                date,
            ]),
            INCOMPLETE,
            Some(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got 'a/b'.",
            ),
        ),
    ];
    for (request, (status, code), message) in cases {
        assert_eq!(app.shown(request).await, sts_error(status, code, message));
    }
    // Both carriers: no message at all.
    let target = format!("/?{WHO}");
    let mut both = get(&target).presigned();
    both.headers_mut().insert("authorization", "AWS4-HMAC-SHA256 x".parse().unwrap());
    assert_eq!(app.shown(both).await, sts_error(403, "SignatureDoesNotMatch", None));
}

#[tokio::test]
async fn freshness_is_the_wall_clocks() {
    let app = App::new().await;
    // What the service clock says does not matter.
    app.service_clock.advance(1_000_000);
    for skew in [-900, 900] {
        let answer = app.answer(Ask { at: NOW + skew, ..ask(WHO) }.signed()).await;
        assert_eq!(answer.status(), 200, "{skew}");
    }
    let late = "Signature expired: 20270115T074459Z is now earlier than 20270115T074500Z \
                (20270115T080000Z - 15 min.)";
    let early = "Signature not yet current: 20270115T081501Z is still later than 20270115T081500Z \
                 (20270115T080000Z + 15 min.)";
    for (skew, message) in [(-901, late), (901, early)] {
        let stale = Ask { at: NOW + skew, ..ask(WHO) };
        let expected = sts_error(403, "SignatureDoesNotMatch", Some(message));
        assert_eq!(app.shown(stale.signed()).await, expected);
        let target = format!("/?{WHO}");
        assert_eq!(app.shown(Ask { at: NOW + skew, ..get(&target) }.presigned()).await, expected);
    }
    app.wall_clock.advance(901);
    assert_eq!(app.answer(ask(WHO).signed()).await.status(), 403);
}

#[tokio::test]
async fn scopes() {
    const REGION: &str = "Credential should be scoped to a valid region. ";
    const SERVICE: &str = "Credential should be scoped to correct service: 'sts'. ";
    let app = App::new().await;
    let sts = "sts.eu-central-1.amazonaws.com";
    let cases = [
        (Ask { region: "mars-1", ..ask(WHO) }, Some(REGION.to_owned())),
        (Ask { service: "s3", ..ask(WHO) }, Some(SERVICE.to_owned())),
        (Ask { service: "s3", region: "mars-1", ..ask(WHO) }, Some([REGION, SERVICE].concat())),
        (Ask { region: "cn-north-1", ..ask(WHO) }, None),
        (Ask { region: "us-gov-west-1", ..ask(WHO) }, None),
        (Ask { host: sts, region: "eu-central-1", ..ask(WHO) }, None),
        (Ask { host: sts, ..ask(WHO) }, Some(REGION.to_owned())),
        (Ask { host: "sts.amazonaws.com", ..ask(WHO) }, None),
        (
            Ask { host: "sts.amazonaws.com", region: "eu-west-1", ..ask(WHO) },
            Some(REGION.to_owned()),
        ),
        (Ask { host: sts, region: "eu-central-1", ..ask(WHO).iam() }, Some(SERVICE.to_owned())),
        // The scope is looked at before the key, the token and the signature.
        (Ask { key: "AKIANOBODY", region: "mars-1", ..ask(WHO) }, Some(REGION.to_owned())),
        (
            Ask { secret: "wrong", token: Some("x"), region: "mars-1", ..ask(WHO) },
            Some(REGION.to_owned()),
        ),
    ];
    for (ask, message) in cases {
        let answer = app.shown(ask.signed()).await;
        match message {
            None => assert!(answer.starts_with("200\n"), "{answer}"),
            Some(message) => {
                assert_eq!(answer, sts_error(403, "SignatureDoesNotMatch", Some(&message)));
            }
        }
    }
}

#[tokio::test]
async fn iam_has_one_region_unless_it_departs() {
    let list = ask("Action=ListAccountAliases&Version=2010-05-08").iam();
    let abroad = Ask { region: "eu-west-1", ..list };
    let at_aws = Ask { host: "iam.amazonaws.com", ..abroad };
    let refused = iam_error(
        403,
        "SignatureDoesNotMatch",
        Some("Credential should be scoped to a valid region. "),
    );
    let app = App::new().await;
    assert_eq!(app.answer(abroad.signed()).await.status(), 200);
    assert_eq!(app.shown(at_aws.signed()).await, refused);
    let strict = App::with(Options { departures: Departures::NONE, ..Options::default() }).await;
    assert_eq!(strict.answer(list.signed()).await.status(), 200);
    assert_eq!(strict.shown(abroad.signed()).await, refused);
}

#[tokio::test]
async fn a_deployment_serves_the_regions_that_it_names() {
    let options = Options { regions: &["mars-1", "eu-west-1"], ..Options::default() };
    let app = App::with(options).await;
    for (region, status) in [("mars-1", 200), ("eu-west-1", 200), ("us-east-1", 403)] {
        let answer = app.answer(Ask { region, ..ask(WHO) }.signed()).await;
        assert_eq!(answer.status(), status, "{region}");
    }
}

#[tokio::test]
async fn keys_that_are_none() {
    let invalid = sts_error(403, "InvalidClientTokenId", Some(INVALID));
    let app = App::new().await;
    let unknown = Ask { key: "AKIANOBODY", ..ask(WHO) };
    assert_eq!(app.shown(unknown.signed()).await, invalid);
    // An inactive key is refused before its signature, and its token, are looked at.
    assert_eq!(app.answer(ask(WHO).by_bob().signed()).await.status(), 200);
    app.store(KeyStatus::Inactive, None).await;
    assert_eq!(app.shown(ask(WHO).by_bob().signed()).await, invalid);
    let wrong = Ask { secret: "wrong", token: Some("x"), ..ask(WHO).by_bob() };
    assert_eq!(app.shown(wrong.signed()).await, invalid);
    // Without the well-known keys nobody is `test`.
    let own = App::with(Options { well_known_keys: false, ..Options::default() }).await;
    assert_eq!(own.shown(ask(WHO).signed()).await, invalid);
    assert_eq!(own.answer(ask(WHO).by_bob().signed()).await.status(), 200);
}

#[tokio::test]
async fn signatures_that_do_not_hold() {
    let app = App::new().await;
    let mismatch = sts_error(403, "SignatureDoesNotMatch", Some(NO_MATCH));
    assert_eq!(app.shown(Ask { secret: "wrong", ..ask(WHO) }.signed()).await, mismatch);
    // Also once the right signing key is at hand.
    assert_eq!(app.answer(ask(WHO).signed()).await.status(), 200);
    assert_eq!(app.shown(Ask { secret: "wrong", ..ask(WHO) }.signed()).await, mismatch);
    let mut altered = ask(WHO).signed();
    *altered.body_mut() = format!("{WHO}&x=1").into();
    assert_eq!(app.shown(altered).await, mismatch);
    let mut moved = ask(WHO).signed();
    moved.headers_mut().insert("host", "127.0.0.1:4566".parse().unwrap());
    assert_eq!(app.shown(moved).await, mismatch);
}

#[tokio::test]
async fn a_key_with_a_new_secret_has_a_new_signature() {
    let app = App::new().await;
    let mut session = app.session(ask(ASSUME)).await;
    assert_eq!(app.answer(session.sign(ask(WHO)).signed()).await.status(), 200);
    session.secret.push('x');
    assert_eq!(
        app.shown(session.sign(ask(WHO)).signed()).await,
        sts_error(403, "SignatureDoesNotMatch", Some(NO_MATCH))
    );
}

#[tokio::test]
async fn session_tokens() {
    let app = App::new().await;
    let invalid = sts_error(403, "InvalidClientTokenId", Some(INVALID));
    let session = app.session(ask(ASSUME)).await;
    let other = Ask { key: BOBS_KEY, ..session.sign(ask(WHO)) };
    let (start, end) = session.token.split_at(session.token.len() - 1);
    let tampered = format!("{start}{}", if end == "A" { "B" } else { "A" });
    let cases = [
        Ask { token: None, ..session.sign(ask(WHO)) },
        Ask { token: Some("garbage"), ..session.sign(ask(WHO)) },
        Ask { token: Some(&tampered), ..session.sign(ask(WHO)) },
        Ask { key: "ASIAIOSFODNN7EXAMPLE", ..session.sign(ask(WHO)) },
        // Of a long-term key the signature is looked at first.
        Ask { token: Some(&session.token), ..ask(WHO) },
        Ask { token: Some("garbage"), ..ask(WHO) },
    ];
    for case in cases {
        assert_eq!(app.shown(case.signed()).await, invalid);
    }
    assert_eq!(
        app.shown(other.signed()).await,
        sts_error(403, "SignatureDoesNotMatch", Some(NO_MATCH))
    );
    let target = format!("/?{WHO}");
    assert_eq!(app.answer(session.sign(get(&target)).presigned()).await.status(), 200);
}

#[tokio::test]
async fn a_session_ends_by_the_service_clock() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    app.service_clock.advance(3_599);
    assert_eq!(app.answer(session.sign(ask(WHO)).signed()).await.status(), 200);
    app.service_clock.advance(1);
    let expired = sts_error(
        403,
        "ExpiredToken",
        Some("The security token included in the request is expired"),
    );
    assert_eq!(app.shown(session.sign(ask(WHO)).signed()).await, expired);
    // Before the issuer and the signature are looked at.
    app.store(KeyStatus::Active, None).await;
    let wrong = Ask { secret: "wrong", ..session.sign(ask(WHO)) };
    assert_eq!(app.shown(wrong.signed()).await, expired);
}

#[tokio::test]
async fn a_session_dies_with_its_role_and_not_with_its_name() {
    let app = App::new().await;
    let invalid = sts_error(403, "InvalidClientTokenId", Some(INVALID));
    let session = app.session(ask(ASSUME)).await;
    app.store(KeyStatus::Active, None).await;
    assert_eq!(app.shown(session.sign(ask(WHO)).signed()).await, invalid);
    let namesake = UniqueId::generate(IdKind::Role, ACCOUNT, &SystemIds);
    app.store(KeyStatus::Active, Some(namesake)).await;
    assert_eq!(app.shown(session.sign(ask(WHO)).signed()).await, invalid);
    app.store(KeyStatus::Active, Some(role_id())).await;
    assert_eq!(app.answer(session.sign(ask(WHO)).signed()).await.status(), 200);
}

#[tokio::test]
async fn session_tokens_without_mfa_do_not_reach_iam() {
    let app = App::new().await;
    let session = app.session(ask(GET_SESSION_TOKEN)).await;
    let aliases = session.sign(ask("Action=ListAccountAliases&Version=2010-05-08").iam());
    let refused = iam_error(403, "InvalidClientTokenId", Some(INVALID));
    assert_eq!(app.shown(aliases.signed()).await, refused);
}

#[tokio::test]
async fn a_use_is_noted_once_the_signature_holds() {
    let app = App::new().await;
    let last_use = || app.env.state.view().access_key(BOBS_KEY).unwrap().last_used.get();
    app.answer(Ask { secret: "wrong", ..ask(WHO).by_bob() }.signed()).await;
    assert_eq!(last_use(), None);
    app.answer(Ask { region: "eu-west-1", ..ask(WHO).by_bob() }.signed()).await;
    let noted = last_use().unwrap();
    assert_eq!((noted.at, &*noted.region, noted.service), (NOW, "eu-west-1", "sts"));
}

const INCOMPLETE: (u16, &str) = (400, "IncompleteSignature");
const MISMATCH: (u16, &str) = (403, "SignatureDoesNotMatch");
const INVALID: &str = "The security token included in the request is invalid.";
const NO_MATCH: &str = "The request signature we calculated does not match the signature you \
                        provided. Check your AWS Secret Access Key and signing method. Consult \
                        the service documentation for details.";
