use daypass_ident::SystemIds;
use daypass_model::sts::{AssumeRoleInput, AssumeRoleOutput, ProvidedContext};
use daypass_model::{ServiceError, sts::GetCallerIdentityInput};
use daypass_state::Caller;
use daypass_token::{ContextAssertion, ContextKind, KeyRing, OnBehalfOf};
use serde_json::{Value, json};

use super::{ContextRequest, ContextRequestError, IDENTITY_CENTER, assert};
use crate::generated::{AssumeRole, GetCallerIdentity};
use crate::testing::{NOW, Setup, World, account, allows, credentials, refusal, role_arn, trusts};

#[tokio::test]
async fn a_session_knows_on_whose_behalf_it_acts() {
    let world = may_set_context(json!({})).await;
    for kind in [ContextKind::Identity, ContextKind::Audit] {
        let request = ContextRequest { kind, ..ContextRequest::about(USER) };
        let output =
            assume(&world, &world.user("alice"), &asserted(&world, &request)).await.unwrap();
        let session = world.session(credentials(&output));
        let expected = OnBehalfOf {
            kind,
            user_id: USER.to_owned(),
            identity_store_arn: STORE.parse().unwrap(),
        };
        assert_eq!(session.session().unwrap().claims.on_behalf_of, Some(expected));
        let identity =
            world.call::<GetCallerIdentity>(&session, GetCallerIdentityInput {}).await.unwrap();
        assert_eq!(
            identity.arn.as_deref(),
            Some("arn:aws:sts::123456789012:assumed-role/deploy/s1")
        );
    }
    let plain = AssumeRoleInput { provided_contexts: None, ..with(Vec::new()) };
    let output = world.call::<AssumeRole>(&world.user("alice"), plain).await.unwrap();
    let session = world.session(credentials(&output));
    assert_eq!(session.session().unwrap().claims.on_behalf_of, None);
}

#[tokio::test]
async fn contexts_need_the_right_to_provide_them() {
    let setup = Setup::default().user("alice", None);
    let world = setup.role("deploy", json!([trusts(ALICE)]), None).build().await;
    let context = asserted(&world, &ContextRequest::about(USER));
    assert_eq!(
        refusal(assume(&world, &world.user("alice"), &context).await),
        format!(
            "403 AccessDenied User: {ALICE} is not authorized to perform: sts:SetContext on \
             resource: {}",
            role_arn("deploy")
        )
    );
}

#[tokio::test]
async fn trust_policies_see_what_is_asserted() {
    let instance = "arn:aws:sso:::instance/ssoins-0123456789abcdef";
    let application = "arn:aws:sso::123456789012:application/ssoins-0123456789abcdef/apl-1";
    let is = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    let cases = [
        (
            json!({ "ForAllValues:ArnEquals": { "sts:RequestContextProviders": IDENTITY_CENTER } }),
            true,
        ),
        (json!({ "Null": { "sts:RequestContextProviders": "false" } }), true),
        (
            json!({ "ForAllValues:ArnEquals": {
                "sts:RequestContextProviders": "arn:aws:iam::aws:contextProvider/QuickSight"
            } }),
            false,
        ),
        (is("sts:RequestContext/identitystore:UserId", USER), true),
        (is("sts:RequestContext/identitystore:UserId", "someone-else"), false),
        (is("sts:RequestContext/identitystore:IdentityStoreArn", STORE), true),
        (is("sts:RequestContext/identitycenter:InstanceArn", instance), true),
        (is("sts:RequestContext/identitycenter:ApplicationArn", application), true),
        (is("sts:RequestContext/identitycenter:ApplicationArn", instance), false),
        (json!({ "Null": { "sts:RequestContext/identitycenter:CredentialId": "false" } }), true),
        // Only of a session that acts on the user's behalf, not of the call that makes it.
        (json!({ "Null": { "identitystore:UserId": "false" } }), false),
    ];
    for (condition, allowed) in cases {
        let world = may_set_context(condition.clone()).await;
        let request = ContextRequest {
            instance_arn: Some(instance.to_owned()),
            application_arn: Some(application.to_owned()),
            ..ContextRequest::about(USER)
        };
        let result = assume(&world, &world.user("alice"), &asserted(&world, &request)).await;
        assert_eq!(result.is_ok(), allowed, "{condition}: {result:?}");
    }
}

#[tokio::test]
async fn only_what_iam_identity_center_asserts_here_is_taken() {
    let world = may_set_context(json!({})).await;
    let alice = world.user("alice");
    let good = asserted(&world, &ContextRequest::about(USER));
    let mut flipped = good.clone().into_bytes();
    flipped[40] = if flipped[40] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    let says = world.env.directory.ring().open_context(&good).unwrap();
    let foreign = KeyRing::generate(&SystemIds).seal_context(&says, &SystemIds).unwrap();
    let plain = AssumeRoleInput { provided_contexts: None, ..with(Vec::new()) };
    let session = world.call::<AssumeRole>(&alice, plain).await.unwrap();
    let session_token = credentials(&session).session_token.clone();

    let invalid = "400 ValidationError The context assertion is invalid.";
    let incomplete =
        "400 ValidationError ProvidedContexts must give a ProviderArn and a ContextAssertion.";
    let cases = [
        (vec![context(IDENTITY_CENTER, "sealed")], invalid),
        (vec![context(IDENTITY_CENTER, &flipped)], invalid),
        (vec![context(IDENTITY_CENTER, foreign.expose())], invalid),
        (vec![context(IDENTITY_CENTER, &session_token)], invalid),
        (
            vec![context("arn:aws:iam::aws:contextProvider/QuickSight", &good)],
            "400 ValidationError arn:aws:iam::aws:contextProvider/QuickSight is invalid",
        ),
        (vec![ProvidedContext { context_assertion: Some(good.clone()), ..nothing() }], incomplete),
        (
            vec![ProvidedContext { provider_arn: Some(IDENTITY_CENTER.to_owned()), ..nothing() }],
            incomplete,
        ),
        (
            vec![context(IDENTITY_CENTER, &good), context(IDENTITY_CENTER, &good)],
            "400 ValidationError ProvidedContexts must give one context assertion only.",
        ),
    ];
    for (contexts, expected) in cases {
        let shown = format!("{contexts:?}");
        assert_eq!(
            refusal(world.call::<AssumeRole>(&alice, with(contexts)).await),
            expected,
            "{shown}"
        );
    }
    world.clock.advance(3_599);
    assume(&world, &alice, &good).await.unwrap();
    world.clock.advance(1);
    assert_eq!(
        refusal(assume(&world, &alice, &good).await),
        "400 ExpiredTokenException The context assertion is expired."
    );
}

#[tokio::test]
async fn assertions_from_under_the_well_known_keys_end_with_them() {
    for (in_force, marked, expected) in
        [(true, true, true), (true, false, true), (false, true, false), (false, false, true)]
    {
        let setup = trusting(json!({}));
        let setup = if in_force { setup } else { setup.without_well_known_keys() };
        let world = setup.build().await;
        let made = assert(&ContextRequest::about(USER), account(), &world.env).unwrap();
        assert_eq!(made.says.well_known_keys, in_force);
        let says = ContextAssertion { well_known_keys: marked, ..made.says };
        let sealed = world.env.directory.ring().seal_context(&says, &SystemIds).unwrap();
        let result = assume(&world, &world.user("alice"), sealed.expose()).await;
        let refused = "400 ValidationError The context assertion is invalid.";
        match expected {
            true => assert!(result.is_ok(), "{in_force} {marked}: {result:?}"),
            false => assert_eq!(refusal(result), refused, "{in_force} {marked}"),
        }
    }
}

/// AWS's policy for such sessions lets them call the services that know about users, and no others.
#[tokio::test]
async fn sessions_with_an_identity_context_do_only_what_is_on_awss_list() {
    let world = may_set_context(json!({})).await;
    let chain = async |kind| {
        let request = ContextRequest { kind, ..ContextRequest::about(USER) };
        let output =
            assume(&world, &world.user("alice"), &asserted(&world, &request)).await.unwrap();
        let input = AssumeRoleInput { provided_contexts: None, ..with(Vec::new()) };
        world.call::<AssumeRole>(&world.session(credentials(&output)), input).await
    };
    assert_eq!(
        refusal(chain(ContextKind::Identity).await),
        format!(
            "403 AccessDenied User: arn:aws:sts::123456789012:assumed-role/deploy/s1 is not \
             authorized to perform: sts:AssumeRole on resource: {}",
            role_arn("deploy")
        )
    );
    // What is for logs alone bounds nothing, and ends with the session.
    let chained = chain(ContextKind::Audit).await.unwrap();
    let session = world.session(credentials(&chained));
    assert_eq!(session.session().unwrap().claims.on_behalf_of, None);
}

#[tokio::test]
async fn assertions_are_made_of_what_iam_identity_center_has() {
    let world = Setup::default().build().await;
    let request = ContextRequest::about(USER);
    let made = assert(&request, account(), &world.env).unwrap();
    assert_eq!(made.provider_arn, IDENTITY_CENTER);
    assert_eq!(made.says.expires_at, NOW + 3_600);
    assert_eq!(made.says.user.identity_store_arn.as_str(), STORE);
    assert_eq!(made.says.credential_id.len(), 86);
    let opened = world.env.directory.ring().open_context(made.assertion.expose());
    assert_eq!(opened, Ok(made.says));

    let given = |text: &str| Some(text.to_owned());
    let cases = [
        (ContextRequest::about("alice"), ContextRequestError::UserId),
        (
            ContextRequest { identity_store_arn: given("d-1234567890"), ..request.clone() },
            ContextRequestError::IdentityStore,
        ),
        (
            ContextRequest { instance_arn: given(STORE), ..request.clone() },
            ContextRequestError::Instance,
        ),
        (
            ContextRequest { application_arn: given(STORE), ..request.clone() },
            ContextRequestError::Application,
        ),
        (
            ContextRequest {
                instance_arn: given(&format!("arn:aws:sso:::instance/{}", "x".repeat(2_048))),
                ..request.clone()
            },
            ContextRequestError::TooLong,
        ),
    ];
    for (request, error) in cases {
        assert_eq!(assert(&request, account(), &world.env).unwrap_err(), error, "{request:?}");
    }
    let strict = Setup::default().strict().build().await;
    let refused = assert(&request, account(), &strict.env);
    assert_eq!(refused.unwrap_err(), ContextRequestError::Strict);
}

/// A deployment with a role that trusts the account's users with assuming it, and, under a condition,
/// with giving it a context. The role may assume itself.
async fn may_set_context(condition: Value) -> World {
    trusting(condition).build().await
}

/// The same, before it is built.
fn trusting(condition: Value) -> Setup {
    let mut set_context = trusts("123456789012");
    set_context["Action"] = json!("sts:SetContext");
    set_context["Condition"] = condition;
    let trust = json!([trusts("123456789012"), set_context]);
    let setup = Setup::default().user("alice", Some(allows(&["sts:*"])));
    setup.role("deploy", trust, Some(allows(&["sts:*"])))
}

fn asserted(world: &World, request: &ContextRequest) -> String {
    assert(request, account(), &world.env).unwrap().assertion.expose().clone()
}

async fn assume(
    world: &World,
    caller: &Caller,
    assertion: &str,
) -> Result<AssumeRoleOutput, ServiceError> {
    world.call::<AssumeRole>(caller, with(vec![context(IDENTITY_CENTER, assertion)])).await
}

fn with(contexts: Vec<ProvidedContext>) -> AssumeRoleInput {
    AssumeRoleInput {
        role_arn: role_arn("deploy"),
        role_session_name: "s1".to_owned(),
        provided_contexts: Some(contexts),
        ..AssumeRoleInput::default()
    }
}

fn context(provider: &str, assertion: &str) -> ProvidedContext {
    ProvidedContext {
        provider_arn: Some(provider.to_owned()),
        context_assertion: Some(assertion.to_owned()),
    }
}

fn nothing() -> ProvidedContext {
    ProvidedContext { provider_arn: None, context_assertion: None }
}

const ALICE: &str = "arn:aws:iam::123456789012:user/alice";
const USER: &str = "544894e8-80c1-707f-60e3-3ba6510dfac1";
const STORE: &str = "arn:aws:identitystore::123456789012:identitystore/d-1234567890";
