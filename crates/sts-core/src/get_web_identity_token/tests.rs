use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_federation::oidc::{self, Expectations, Jwt, KeySet, Rules};
use daypass_model::sts::{AssumeRoleInput, Tag};
use daypass_state::record::OutboundFederationRecord;
use daypass_state::{Caller, Tx};
use serde_json::{Value, json};

use super::*;
use crate::generated::AssumeRole;
use crate::testing::*;

#[tokio::test]
async fn a_token_says_who_its_caller_is_and_verifies() {
    let world = world().await;
    let output = world.call::<GetWebIdentityToken>(&world.user("alice"), input()).await.unwrap();
    assert_eq!(output.expiration, Some(DateTime::from_secs(NOW + 300)));
    verify(&world, &output);
    let mut claims = claims(&output);
    assert_eq!(claims["jti"].take().as_str().unwrap().len(), 36);
    assert_eq!(
        claims,
        json!({
            "iss": "https://id-1.tokens.sts.global.api.aws",
            "sub": "arn:aws:iam::123456789012:user/alice",
            "aud": "https://api.example.com",
            "iat": NOW,
            "exp": NOW + 300,
            "jti": null,
            "https://sts.amazonaws.com/": {
                "aws_account": "123456789012",
                "source_region": "eu-west-1",
                "principal_id": "arn:aws:iam::123456789012:user/alice",
            },
        })
    );
}

#[tokio::test]
async fn a_token_carries_what_the_session_carries() {
    let world = world().await;
    let session = role_session(&world).await;
    let asked = GetWebIdentityTokenInput {
        audience: vec!["one".to_owned(), "two".to_owned()],
        signing_algorithm: "RS256".to_owned(),
        duration_seconds: Some(900),
        tags: Some(vec![tag("job", "42"), tag("Stage", "prod")]),
    };
    let output = world.call::<GetWebIdentityToken>(&session, asked).await.unwrap();
    let claims = claims(&output);
    assert_eq!(claims["aud"], json!(["one", "two"]));
    assert_eq!(claims["exp"], NOW + 900);
    let role = "arn:aws:iam::123456789012:role/team/deploy";
    assert_eq!(claims["sub"], role);
    assert_eq!(
        claims["https://sts.amazonaws.com/"],
        json!({
            "aws_account": "123456789012",
            "source_region": "eu-west-1",
            "principal_id": role,
            // The role's own tag, of which the session has one in another case, is not told.
            "principal_tags": {"name": "mine", "team": "red"},
            "original_session_exp": "2027-01-15T09:00:00Z",
            "source_identity": "alice",
            "request_tags": {"job": "42", "Stage": "prod"},
        })
    );
}

#[tokio::test]
async fn a_token_lasts_no_longer_than_the_session() {
    let world = world().await;
    let session = role_session(&world).await;
    world.clock.freeze(DateTime::from_secs(NOW + 3_300));
    world.call::<GetWebIdentityToken>(&session, input()).await.unwrap();
    world.clock.advance(1);
    assert_eq!(
        refusal(world.call::<GetWebIdentityToken>(&session, input()).await),
        "403 SessionDurationEscalationException The requested DurationSeconds exceeds the time \
         that is left of the calling session."
    );
    let shorter = GetWebIdentityTokenInput { duration_seconds: Some(299), ..input() };
    world.call::<GetWebIdentityToken>(&session, shorter).await.unwrap();
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let world = world().await;
    let refused =
        async |input| refusal(world.call::<GetWebIdentityToken>(&world.user("alice"), input).await);
    let tagged = |tags| GetWebIdentityTokenInput { tags: Some(tags), ..input() };
    for algorithm in ["HS256", "ES256", "rs256"] {
        let other = GetWebIdentityTokenInput { signing_algorithm: algorithm.to_owned(), ..input() };
        assert_eq!(
            refused(other).await,
            format!(
                "400 ValidationError 1 validation error detected: Value '{algorithm}' at \
                 'signingAlgorithm' failed to satisfy constraint: Member must satisfy enum value \
                 set: [ES384, RS256]"
            )
        );
    }
    assert_eq!(
        refused(tagged(vec![tag("a", "1"), tag("A", "2")])).await,
        "400 InvalidParameterValue Duplicate tag keys found. Please note that Tag keys are case \
         insensitive."
    );
    assert_eq!(
        refused(tagged(vec![tag("aws:a", "1")])).await,
        "400 InvalidParameterValue aws: prefixed tag key names are not allowed \
         for external use."
    );
    let long = |number| tag(&format!("{number:0128}"), &"v".repeat(256));
    assert_eq!(
        refused(tagged((0..50).map(long).collect())).await,
        "400 JWTPayloadSizeExceededException The token would be too long. Pass fewer or shorter \
         tags and audiences."
    );
}

#[tokio::test]
async fn tags_need_a_permission_of_their_own() {
    let own = "arn:aws:sts::123456789012:self";
    let policy = json!({"Effect": "Allow", "Action": "sts:GetWebIdentityToken", "Resource": own});
    let policy = Some(policy);
    let world = Setup::default().user("bob", policy).build().await;
    enable(&world, true).await;
    world.call::<GetWebIdentityToken>(&world.user("bob"), input()).await.unwrap();
    let tagged = GetWebIdentityTokenInput { tags: Some(vec![tag("a", "1")]), ..input() };
    let refused = refusal(world.call::<GetWebIdentityToken>(&world.user("bob"), tagged).await);
    assert!(refused.starts_with("403 AccessDenied"), "{refused}");
    let lacking = format!("perform: sts:TagGetWebIdentityToken on resource: {own} because no");
    assert!(refused.contains(&lacking), "{refused}");
}

#[tokio::test]
async fn an_account_gives_tokens_only_while_that_is_enabled() {
    let may = Some(allows(&["sts:*"]));
    let world = Setup::default().user("alice", may).build().await;
    let ask = async || world.call::<GetWebIdentityToken>(&world.user("alice"), input()).await;
    let disabled = "403 OutboundWebIdentityFederationDisabledException \
                    OutboundWebIdentityFederation is disabled.";
    assert_eq!(refusal(ask().await), disabled);
    enable(&world, true).await;
    ask().await.unwrap();
    enable(&world, false).await;
    assert_eq!(refusal(ask().await), disabled);
}

/// Verifies a token with what the issuer publishes.
fn verify(world: &World, output: &GetWebIdentityTokenOutput) {
    let keys = KeySet::parse(world.env.issuer.key_set().unwrap().as_bytes()).unwrap();
    let expected = Expectations {
        provider: "id-1.tokens.sts.global.api.aws",
        audiences: &["https://api.example.com"],
        now: DateTime::from_secs(NOW),
        rules: Rules::default(),
    };
    let token = output.web_identity_token.as_ref().unwrap();
    oidc::verify(&Jwt::parse(token.expose()).unwrap(), &expected, &keys).unwrap();
}

fn claims(output: &GetWebIdentityTokenOutput) -> Value {
    let token = output.web_identity_token.as_ref().unwrap();
    let payload = token.expose().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// A session of a role with a tag, with tags of its own and a source identity.
async fn role_session(world: &World) -> Caller {
    let input = AssumeRoleInput {
        role_arn: role_arn("deploy"),
        role_session_name: "s1".to_owned(),
        tags: Some(vec![tag("team", "red"), tag("name", "mine")]),
        source_identity: Some("alice".to_owned()),
        ..AssumeRoleInput::default()
    };
    let output = world.call::<AssumeRole>(&world.user("alice"), input).await.unwrap();
    world.session(credentials(&output))
}

async fn world() -> World {
    let mut trust = trusts("123456789012");
    trust["Action"] = json!(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
    let setup = Setup::default().user("alice", Some(allows(&["sts:*"])));
    let world = setup.role("deploy", trust, Some(allows(&["sts:*"]))).build().await;
    enable(&world, true).await;
    world
}

async fn enable(world: &World, is_enabled: bool) {
    let mut tx = Tx::new(world.env.state.view(), account());
    let issuer_id = "id-1".to_owned();
    tx.put_outbound_federation(&OutboundFederationRecord { issuer_id, is_enabled });
    world.env.state.commit(tx).await.unwrap();
}

fn input() -> GetWebIdentityTokenInput {
    GetWebIdentityTokenInput {
        audience: vec!["https://api.example.com".to_owned()],
        signing_algorithm: "ES384".to_owned(),
        ..GetWebIdentityTokenInput::default()
    }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}
