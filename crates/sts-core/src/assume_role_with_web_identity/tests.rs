use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_types::DateTime;
use daypass_federation::oidc::sign::{Jwks, SigningKey};
use daypass_federation::oidc::{
    Algorithm, Fetch, FetchError, Fetching, KeySet, KeyStore, Offline, Rules,
};
use daypass_ident::{ManualClock, Secret, SystemClock};
use daypass_state::Caller;
use serde_json::{Value, json};

use super::*;
use crate::testing::{NOW, Setup, account, allows, document, refusal, role_arn};

const ISSUER: &str = "https://idp.example/a";
const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/idp.example/a";

#[tokio::test]
async fn a_token_of_a_trusted_provider_becomes_a_session() {
    let world = World::of(trust(json!({}), &[])).await;
    let token = world.token(|claims| claims["amr"] = json!(["mfa", "pwd"]));
    let output = world.assume(&token).await.unwrap();
    assert_eq!(output.provider.as_deref(), Some(PROVIDER));
    assert_eq!(output.audience.as_deref(), Some("app"));
    assert_eq!(output.subject_from_web_identity_token.as_deref(), Some("user-1"));
    assert_eq!(output.source_identity, None);
    assert_eq!(output.packed_policy_size, None);
    let user = output.assumed_role_user.as_ref().unwrap();
    assert_eq!(user.arn, "arn:aws:sts::123456789012:assumed-role/deploy/ci");
    let credentials = output.credentials.as_ref().unwrap();
    assert_eq!(credentials.expiration.secs(), NOW + 3_600);

    let session = world.inner.session(credentials);
    let claims = &session.session().unwrap().claims;
    assert_eq!(session.principal().user_id(), user.assumed_role_id);
    assert!(!claims.chained);
    let lasting = claims.federation.as_ref().unwrap();
    assert_eq!(lasting.provider, PROVIDER);
    let mut keys: Vec<_> =
        lasting.keys.iter().map(|(key, value)| (&**key, value.join("+"))).collect();
    keys.sort();
    let host = |key| format!("idp.example/a:{key}");
    let [amr, aud, sub] = ["amr", "aud", "sub"].map(host);
    let expected =
        [(&*amr, "mfa+pwd".to_owned()), (&aud, "app".to_owned()), (&sub, "user-1".to_owned())];
    assert_eq!(keys, expected);
}

#[tokio::test]
async fn the_trust_policy_judges_what_the_token_says() {
    let cases = [
        (json!({}), true),
        (json!({ "StringEquals": { "idp.example/a:sub": "user-1" } }), true),
        (json!({ "StringEquals": { "idp.example/a:sub": "user-2" } }), false),
        (json!({ "StringEquals": { "idp.example/a:aud": "app" } }), true),
        (json!({ "StringEquals": { "other.example:aud": "app" } }), false),
        (json!({ "StringLike": { "sts:RoleSessionName": "c*" } }), true),
        (json!({ "StringLike": { "sts:RoleSessionName": "d*" } }), false),
        (json!({ "Null": { "sts:SourceIdentity": "true" } }), true),
    ];
    for (condition, allowed) in cases {
        let world = World::of(trust(condition.clone(), &[])).await;
        let answer = world.assume(&world.token(|_| ())).await;
        if allowed {
            assert!(answer.is_ok(), "{condition}");
        } else {
            assert_eq!(refusal(answer), NOT_AUTHORIZED, "{condition}");
        }
    }
}

#[tokio::test]
async fn who_is_not_trusted_does_not_learn_which_roles_there_are() {
    let statement = json!({
        "Effect": "Allow",
        "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/other.example" },
        "Action": "sts:AssumeRoleWithWebIdentity",
    });
    let world = World::of(statement).await;
    for role in [role_arn("deploy"), role_arn("missing")] {
        let input = AssumeRoleWithWebIdentityInput { role_arn: role, ..input(world.token(|_| ())) };
        assert_eq!(
            refusal(world.inner.vouched::<AssumeRoleWithWebIdentity>(input).await),
            NOT_AUTHORIZED
        );
    }
}

#[tokio::test]
async fn tags_and_source_identity_need_trust_and_go_into_the_session() {
    let token = |claims: &mut Value| {
        claims["https://aws.amazon.com/tags"] = json!({
            "principal_tags": { "team": ["red"], "stage": ["prod"] },
            "transitive_tag_keys": ["team"],
        });
        claims["https://aws.amazon.com/source_identity"] = json!("ana");
    };
    let one = "sts:TagSession";
    let other = "sts:SetSourceIdentity";
    for (actions, missing) in [(&[other][..], one), (&[one], other), (&[], one)] {
        let world = World::of(trust(json!({}), actions)).await;
        let answer = refusal(world.assume(&world.token(token)).await);
        assert_eq!(answer, format!("403 AccessDenied Not authorized to perform {missing}"));
    }

    let condition = json!({
        "StringEquals": { "aws:RequestTag/team": "red", "sts:SourceIdentity": "ana" },
        "ForAllValues:StringEquals": {
            "aws:TagKeys": ["team", "stage"],
            "sts:TransitiveTagKeys": ["team"],
        },
    });
    let world = World::of(trust(condition, &[one, other])).await;
    let output = world.assume(&world.token(token)).await.unwrap();
    assert_eq!(output.source_identity.as_deref(), Some("ana"));
    assert_eq!(output.packed_policy_size, Some(4));
    let session = world.inner.session(output.credentials.as_ref().unwrap());
    let claims = &session.session().unwrap().claims;
    let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(claims.tags, [tag("stage", "prod"), tag("team", "red")]);
    assert_eq!(claims.transitive_tag_keys, ["team"]);
    assert_eq!(claims.source_identity.as_deref(), Some("ana"));
}

#[tokio::test]
async fn what_sts_asks_of_tags_holds_for_those_of_a_provider() {
    let world = World::of(trust(json!({}), &["sts:TagSession", "sts:SetSourceIdentity"])).await;
    let tags = |tags: Value, transitive: Value| {
        world.token(move |claims| {
            claims["https://aws.amazon.com/tags"] =
                json!({ "principal_tags": tags, "transitive_tag_keys": transitive });
        })
    };
    let many: serde_json::Map<_, _> = (0..51).map(|n| (n.to_string(), json!([""]))).collect();
    let large: serde_json::Map<_, _> =
        (0..10).map(|n| (n.to_string(), json!(["x".repeat(256)]))).collect();
    let badly_formed = "400 InvalidIdentityToken Session tags must be";
    let cases = [
        (tags(json!({ "a": "1", "A": "2" }), json!([])), "400 InvalidParameterValue Duplicate tag"),
        (tags(json!({ "aws:a": "1" }), json!([])), "400 InvalidParameterValue aws: prefixed tag"),
        (tags(json!({}), json!(["a"])), "400 InvalidParameterValue The specified transitive"),
        (tags(json!({ "a": "<" }), json!([])), badly_formed),
        (tags(json!({ "a": "b\tc" }), json!([])), badly_formed),
        (tags(json!({ "": "a" }), json!([])), badly_formed),
        (tags(json!({ "a".repeat(129): "a" }), json!([])), badly_formed),
        (tags(json!({ "a": "a".repeat(257) }), json!([])), badly_formed),
        (tags(json!(many), json!([])), badly_formed),
        (tags(json!(large), json!([])), "400 PackedPolicyTooLarge Packed size of session tags"),
        (tags(json!([]), json!([])), "403 IDPRejectedClaim https://idp.example/a: the claim"),
    ];
    for (token, expected) in cases {
        let answer = refusal(world.assume(&token).await);
        assert!(answer.starts_with(expected), "{answer}");
    }
    let foreign = tags(json!({ "größe": ["a\u{a0}b\u{3000}²"] }), json!([]));
    world.assume(&foreign).await.unwrap();
    let named = |name: &str| {
        let name = name.to_owned();
        world.token(move |claims| claims["https://aws.amazon.com/source_identity"] = json!(name))
    };
    for name in ["a", "aws:me", "a b"] {
        let answer = refusal(world.assume(&named(name)).await);
        assert_eq!(
            answer,
            "400 InvalidIdentityToken Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not \
             begin with \"aws:\""
        );
    }
}

#[tokio::test]
async fn tokens_are_refused_in_the_words_of_aws() {
    let world = World::of(trust(json!({}), &[])).await;
    let no_jwt = "400 InvalidIdentityToken The ID Token provided is not a valid JWT. (You may see \
                  this error if you sent an Access Token)";
    let no_key = "400 InvalidIdentityToken Couldn't retrieve verification key from your identity \
                  provider,  please reference AssumeRoleWithWebIdentity documentation for \
                  requirements";
    let unknown_issuer = |issuer: &str| {
        format!(
            "400 InvalidIdentityToken No OpenIDConnect provider found in your account for {issuer}"
        )
    };
    let strange = SigningKey::generate("k1", Algorithm::Es256).unwrap();
    let unknown = SigningKey::generate("k2", Algorithm::Es256).unwrap();
    let none = world.key.sign_bytes(br#"{"alg":"none"}"#, b"{}").unwrap();
    let change = |name: &'static str, value: Value| world.token(move |claims| claims[name] = value);
    let without = |name: &'static str| {
        world.token(move |claims| drop(claims.as_object_mut().unwrap().remove(name)))
    };
    let (now, late, early) = (NOW, NOW - 300, NOW + 301);
    let cases = [
        ("AQoDYXdzEPT".to_owned(), no_jwt.to_owned()),
        (none, no_jwt.to_owned()),
        (without("sub"), "400 InvalidIdentityToken Missing a required claim: sub".to_owned()),
        (without("aud"), "400 InvalidIdentityToken Missing a required claim: aud".to_owned()),
        (change("iss", json!("https://idp.example")), unknown_issuer("https://idp.example")),
        (change("iss", json!("idp")), unknown_issuer("idp")),
        (
            change("aud", json!("other")),
            "400 InvalidIdentityToken Incorrect token audience".to_owned(),
        ),
        (
            strange.sign(&claims()).unwrap(),
            "400 InvalidIdentityToken Token signature invalid".to_owned(),
        ),
        (unknown.sign(&claims()).unwrap(), no_key.to_owned()),
        (
            change("exp", json!(late)),
            format!(
                "400 ExpiredTokenException Token expired: current date/time {now} must be before \
                 the expiration date/time {late}"
            ),
        ),
        (
            change("nbf", json!(early)),
            format!(
                "400 InvalidIdentityToken Token is not yet valid: current date/time {now} must be \
                 after the date/time {early}"
            ),
        ),
    ];
    for (token, expected) in cases {
        assert_eq!(refusal(world.assume(&token).await), expected);
    }
}

/// What AWS's words leave open.
#[tokio::test]
async fn the_log_is_told_more() {
    let world = World::of(trust(json!({}), &[])).await;
    let change = |name: &'static str, value: Value| world.token(move |claims| claims[name] = value);
    let unknown = SigningKey::generate("k2", Algorithm::Es256).unwrap();
    let cases = [
        (change("aud", json!("other")), "the token is meant for [\"other\"], which is none of"),
        (unknown.sign(&claims()).unwrap(), "no key verifies the token: "),
        ("AQoDYXdzEPT".to_owned(), "the token is not a valid JWT: "),
    ];
    for (token, expected) in cases {
        let cause = world.assume(&token).await.unwrap_err().cause.unwrap();
        assert!(cause.contains(expected), "{cause}");
    }
}

#[tokio::test]
async fn the_provider_is_the_one_of_the_roles_account() {
    let other = "999999999999".parse().unwrap();
    let trust = || trust(json!({}), &[]);
    let key = SigningKey::generate("k1", Algorithm::Es256).unwrap();
    let setup = setup(&key, ISSUER).oidc_provider(other, ISSUER, "app");
    let world = World { inner: setup.role("deploy", trust(), None).build().await, key };
    let answer = refusal(world.assume(&world.token(|_| ())).await);
    assert!(answer.contains("No OpenIDConnect provider found"), "{answer}");
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_has_no_keys() {
    let key = SigningKey::generate("k1", Algorithm::Es256).unwrap();
    let setup = Setup::default().oidc_provider(account(), ISSUER, "app");
    let setup = setup.role("deploy", trust(json!({}), &[]), None);
    let world = World { inner: setup.build().await, key };
    let answer = refusal(world.assume(&world.token(|_| ())).await);
    assert!(answer.starts_with("400 InvalidIdentityToken Couldn't retrieve"), "{answer}");
}

#[tokio::test]
async fn google_is_every_accounts_provider() {
    let key = SigningKey::generate("k1", Algorithm::Rs256).unwrap();
    let google = "accounts.google.com";
    let statement = json!({
        "Effect": "Allow",
        "Principal": { "Federated": google },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": { "StringEquals": { "accounts.google.com:aud": "app" } },
    });
    let setup = setup(&key, "https://accounts.google.com").role("deploy", statement, None);
    let world = World { inner: setup.build().await, key };
    for issuer in ["https://accounts.google.com", google] {
        let token = world.token(|claims| claims["iss"] = json!(issuer));
        let output = world.assume(&token).await.unwrap();
        assert_eq!(output.provider.as_deref(), Some(google));
    }
    let token = world.token(|claims| {
        claims["iss"] = json!(google);
        claims["aud"] = json!("other");
    });
    assert_eq!(refusal(world.assume(&token).await), NOT_AUTHORIZED);
}

#[tokio::test]
async fn access_tokens_are_for_amazon_and_facebook_to_read() {
    let world = World::of(json!({
        "Effect": "Allow",
        "Principal": { "Federated": ["www.amazon.com", "graph.facebook.com"] },
        "Action": "sts:AssumeRoleWithWebIdentity",
    }))
    .await;
    let cases = [
        ("www.amazon.com", "400 IDPCommunicationError www.amazon.com: the identity provider"),
        ("graph.facebook.com", "400 IDPCommunicationError graph.facebook.com: the identity"),
        ("idp.example/a", "400 InvalidIdentityToken No OpenIDConnect provider found"),
    ];
    for (provider, expected) in cases {
        let provider_id = Some(provider.to_owned());
        let input = AssumeRoleWithWebIdentityInput { provider_id, ..input("Atza|x".to_owned()) };
        let answer = refusal(world.inner.vouched::<AssumeRoleWithWebIdentity>(input).await);
        assert!(answer.starts_with(expected), "{answer}");
    }
}

#[tokio::test]
async fn the_session_is_as_long_as_asked_and_as_the_role_allows() {
    let world = World::of(trust(json!({}), &[])).await;
    let ask = |seconds| {
        let input = input(world.token(|_| ()));
        let input = AssumeRoleWithWebIdentityInput { duration_seconds: Some(seconds), ..input };
        world.inner.vouched::<AssumeRoleWithWebIdentity>(input)
    };
    for seconds in [900, 7_200] {
        let credentials = ask(seconds).await.unwrap().credentials.unwrap();
        assert_eq!(credentials.expiration.secs(), NOW + i64::from(seconds));
    }
    assert_eq!(
        refusal(ask(7_201).await),
        "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set for \
         this role."
    );
}

#[tokio::test]
async fn session_policies_bound_it() {
    let world = World::of(trust(json!({}), &[])).await;
    let policy = Some(document(allows(&["iam:GetUser"])));
    let input = AssumeRoleWithWebIdentityInput { policy, ..input(world.token(|_| ())) };
    let output = world.inner.vouched::<AssumeRoleWithWebIdentity>(input).await.unwrap();
    assert!(output.packed_policy_size.is_some_and(|percent| percent > 1));
    let session = world.inner.session(output.credentials.as_ref().unwrap());
    assert!(session.session().unwrap().claims.session_policies.is_some());
}

#[tokio::test]
async fn only_the_arn_of_a_role_names_a_role() {
    let world = World::of(trust(json!({}), &[])).await;
    for arn in [
        "arn:aws:iam::aws:role/x-y-z",
        "not-an-arn-but-long-enough",
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        "arn:aws:iam::123456789012:role:deploy",
        "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        "arn:aws-us-gov:iam::123456789012:role/team/deploy",
    ] {
        let input = input(world.token(|_| ()));
        let input = AssumeRoleWithWebIdentityInput { role_arn: arn.to_owned(), ..input };
        let answer = refusal(world.inner.vouched::<AssumeRoleWithWebIdentity>(input).await);
        assert_eq!(answer, "400 ValidationError Request ARN is invalid", "{arn}");
    }
}

#[tokio::test]
async fn nobody_else_gets_a_session_so() {
    let world = World::of(trust(json!({}), &[])).await;
    let callers = [world.inner.root(), Caller::operator(account())];
    for caller in callers {
        let input = input(world.token(|_| ()));
        let answer = world.inner.call::<AssumeRoleWithWebIdentity>(&caller, input).await;
        assert!(refusal(answer).starts_with("403 AccessDenied "));
    }
}

#[tokio::test]
async fn nobody_is_asked_for_a_role_that_does_not_trust_them() {
    let other = "arn:aws:iam::123456789012:oidc-provider/other.example";
    let provider = trust(json!({}), &[])["Principal"].clone();
    let statement = |effect: &str, principal: Value, action: &str| json!({ "Effect": effect, "Principal": principal, "Action": action });
    let untrusting = [
        statement("Allow", json!({ "Federated": other }), "sts:AssumeRoleWithWebIdentity"),
        statement("Allow", provider.clone(), "sts:AssumeRoleWithSAML"),
        statement("Deny", provider, "sts:AssumeRoleWithWebIdentity"),
        statement("Allow", json!({ "Federated": other }), "sts:*"),
    ];
    for (number, trust) in untrusting.into_iter().enumerate() {
        for role in ["deploy", "missing"] {
            let world = Asking::of(trust.clone()).await;
            let answers = world.ask_often(role, None).await;
            assert_eq!(answers, [(NOT_AUTHORIZED.to_owned(), CALLS)], "case {number}, {role}");
            let answers = world.ask_often(role, Some("www.amazon.com")).await;
            assert_eq!(answers, [(NOT_AUTHORIZED.to_owned(), CALLS)], "case {number}, {role}");
            assert_eq!(world.asked(), 0, "case {number}, {role}");
        }
    }
}

#[tokio::test]
async fn what_is_no_token_is_found_without_a_question() {
    let world = Asking::of(json!([])).await;
    let unknown = "400 InvalidIdentityToken No OpenIDConnect provider found in your account for ";
    for (token, provider, expected) in [
        ("token", None, "400 InvalidIdentityToken The ID Token provided is not a valid JWT."),
        (&*world.token("https://other.example"), None, &*format!("{unknown}https://other.example")),
        ("token", Some("idp.example"), &format!("{unknown}idp.example")),
    ] {
        let answer = refusal(world.assume("missing", token, provider).await);
        assert!(answer.starts_with(expected), "{answer}");
    }
    assert_eq!(world.asked(), 0);
}

#[tokio::test]
async fn many_tokens_of_one_provider_are_one_question() {
    let world = Asking::of(trust(json!({}), &[])).await;
    let no_key = "400 InvalidIdentityToken Couldn't retrieve verification key from your identity \
                  provider,  please reference AssumeRoleWithWebIdentity documentation for \
                  requirements";
    let answers = world.ask_often("deploy", None).await;
    assert_eq!(answers, [(no_key.to_owned(), CALLS)]);
    assert_eq!(world.asked(), 1);
    let answers = world.ask_often("deploy", None).await;
    assert_eq!(answers, [(no_key.to_owned(), CALLS)]);
    assert_eq!(world.asked(), 1, "who has not answered is not asked for every request");
}

#[tokio::test]
async fn so_many_access_tokens_are_asked_about_at_once() {
    let provider = json!({ "Federated": "www.amazon.com" });
    let action = "sts:AssumeRoleWithWebIdentity";
    let statement = json!({ "Effect": "Allow", "Principal": provider, "Action": action });
    let world = Asking::of(statement).await;
    let answers = world.ask_often("deploy", Some("www.amazon.com")).await;
    let silent = "400 IDPCommunicationError www.amazon.com: the identity provider does not answer";
    let busy = "400 IDPCommunicationError www.amazon.com: the identity provider is not asked, too \
                many questions are on their way";
    let asked = world.asked();
    assert!((1..50).contains(&asked), "{asked}");
    assert_eq!(answers, [(silent.to_owned(), asked), (busy.to_owned(), CALLS - asked)]);
    let answers = world.ask_often("deploy", Some("www.amazon.com")).await;
    assert_eq!(answers, [(silent.to_owned(), CALLS)]);
    assert_eq!(world.asked(), asked, "who has not answered is not asked for every request");
}

/// How many calls are made at once.
const CALLS: usize = 500;

/// An account with a provider that does not answer, and a role.
struct Asking {
    inner: crate::testing::World,
    key: SigningKey,
    silence: Arc<Silence>,
}

/// A network in which everybody takes a while, and then does not answer.
#[derive(Debug, Default)]
struct Silence(AtomicUsize);

impl Fetch for Silence {
    fn get<'a>(&'a self, _: &'a str, _: usize) -> Fetching<'a> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {
            // Longer than all calls take to be made.
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
            Err(FetchError::TimedOut)
        })
    }
}

impl Asking {
    /// With this statement as the role's trust.
    async fn of(trust: Value) -> Arc<Self> {
        let silence = Arc::new(Silence::default());
        let clock = Arc::new(ManualClock::new(SystemClock));
        clock.freeze(DateTime::from_secs(NOW));
        let fetch = Arc::clone(&silence) as Arc<dyn Fetch>;
        let keys = KeyStore::new(fetch, clock, Rules::default());
        let setup = Setup::default().oidc_keys(keys).oidc_provider(account(), ISSUER, "app");
        let inner = setup.role("deploy", trust, None).build().await;
        let key = SigningKey::generate("k1", Algorithm::Es256).unwrap();
        Arc::new(Self { inner, key, silence })
    }

    fn token(&self, issuer: &str) -> String {
        let mut claims = claims();
        claims["iss"] = json!(issuer);
        self.key.sign(&claims).unwrap()
    }

    async fn assume(
        &self,
        role: &str,
        token: &str,
        provider: Option<&str>,
    ) -> Result<AssumeRoleWithWebIdentityOutput, ServiceError> {
        let input = AssumeRoleWithWebIdentityInput {
            role_arn: role_arn(role),
            provider_id: provider.map(ToOwned::to_owned),
            ..input(token.to_owned())
        };
        self.inner.vouched::<AssumeRoleWithWebIdentity>(input).await
    }

    /// Makes many calls at once. The refusals and how many got each, the fewest first.
    async fn ask_often(
        self: &Arc<Self>,
        role: &'static str,
        provider: Option<&'static str>,
    ) -> Vec<(String, usize)> {
        let token = self.token(ISSUER);
        let calls: Vec<_> = (0..CALLS)
            .map(|_| {
                let world = Arc::clone(self);
                let token = token.clone();
                tokio::spawn(async move { world.assume(role, &token, provider).await })
            })
            .collect();
        let mut refusals = BTreeMap::<_, usize>::new();
        for call in calls {
            *refusals.entry(refusal(call.await.unwrap())).or_default() += 1;
        }
        let mut refusals: Vec<_> = refusals.into_iter().collect();
        refusals.sort_by_key(|(_, calls)| *calls);
        refusals
    }

    fn asked(&self) -> usize {
        self.silence.0.load(Ordering::Relaxed)
    }
}

const NOT_AUTHORIZED: &str =
    "403 AccessDenied Not authorized to perform sts:AssumeRoleWithWebIdentity";

/// An account with a provider and a role.
struct World {
    inner: crate::testing::World,
    key: SigningKey,
}

impl World {
    /// With this statement as the role's trust.
    async fn of(trust: Value) -> Self {
        let key = SigningKey::generate("k1", Algorithm::Es256).unwrap();
        let setup = setup(&key, ISSUER).oidc_provider(account(), ISSUER, "app");
        Self { inner: setup.role("deploy", trust, None).build().await, key }
    }

    /// A good token, then changed.
    fn token(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = claims();
        change(&mut claims);
        self.key.sign(&claims).unwrap()
    }

    async fn assume(&self, token: &str) -> Result<AssumeRoleWithWebIdentityOutput, ServiceError> {
        self.inner.vouched::<AssumeRoleWithWebIdentity>(input(token.to_owned())).await
    }
}

/// A deployment that knows the key of this issuer, and has no network.
fn setup(key: &SigningKey, issuer: &str) -> Setup {
    let published = serde_json::to_vec(&[key].into_iter().collect::<Jwks>()).unwrap();
    let rules = Rules::default();
    let store = KeyStore::new(Arc::new(Offline), Arc::new(SystemClock), rules)
        .with_keys(rules.provider_of(issuer).unwrap(), KeySet::parse(&published).unwrap());
    Setup::default().oidc_keys(store)
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "sub": "user-1", "aud": "app", "iat": NOW - 60, "exp": NOW + 600 })
}

fn input(token: String) -> AssumeRoleWithWebIdentityInput {
    AssumeRoleWithWebIdentityInput {
        role_arn: role_arn("deploy"),
        role_session_name: "ci".to_owned(),
        web_identity_token: Secret::new(token),
        ..AssumeRoleWithWebIdentityInput::default()
    }
}

/// Trust in the provider under a condition; on more than the operation where there are actions.
fn trust(condition: Value, more: &[&str]) -> Value {
    let mut actions = vec!["sts:AssumeRoleWithWebIdentity"];
    actions.extend(more);
    json!({
        "Effect": "Allow",
        "Principal": { "Federated": PROVIDER },
        "Action": actions,
        "Condition": condition,
    })
}
