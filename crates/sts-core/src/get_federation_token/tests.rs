use daypass_ident::Principal;
use daypass_model::sts::{
    AssumeRoleInput, Credentials, GetAccessKeyInfoInput, GetCallerIdentityInput,
    GetFederationTokenInput, PolicyDescriptorType, Tag,
};
use serde_json::json;

use crate::generated::{
    AssumeRole, GetAccessKeyInfo, GetCallerIdentity, GetFederationToken, GetSessionToken,
};
use crate::testing::*;

#[tokio::test]
async fn a_session_bears_its_name_and_knows_who_asked_for_it() {
    let world = Setup::default().user("alice", Some(allows(&["sts:*"]))).build().await;
    let output =
        world.call::<GetFederationToken>(&world.user("alice"), named("bob")).await.unwrap();
    let user = output.federated_user.as_ref().unwrap();
    assert_eq!(user.arn, "arn:aws:sts::123456789012:federated-user/bob");
    assert_eq!(user.federated_user_id, "123456789012:bob");
    assert_eq!(output.packed_policy_size, Some(0));
    let issued = output.credentials.unwrap();
    assert_eq!(issued.expiration.secs(), NOW + 43_200);

    let session = world.session(&issued);
    let claims = &session.session().unwrap().claims;
    assert!(matches!(&claims.issuer, Some(Principal::User { name, .. }) if &**name == "alice"));
    assert!(!claims.chained);
    let identity = world.call::<GetCallerIdentity>(&session, GetCallerIdentityInput {}).await;
    let identity = identity.unwrap();
    assert_eq!(identity.arn.as_deref(), Some(&*user.arn));
    assert_eq!(identity.user_id.as_deref(), Some(&*user.federated_user_id));
    assert_eq!(identity.account.as_deref(), Some("123456789012"));
}

#[tokio::test]
async fn long_term_keys_only_and_roots_for_an_hour() {
    let setup = Setup::default().user("alice", Some(allows(&["sts:*"])));
    let world = setup.role("deploy", trusts("123456789012"), None).build().await;
    let lasting = |seconds| GetFederationTokenInput { duration_seconds: seconds, ..named("bob") };
    for (caller, seconds, expected) in [
        (world.user("alice"), Some(129_600), 129_600),
        (world.user("alice"), Some(900), 900),
        (world.root(), None, 3_600),
        (world.root(), Some(129_600), 3_600),
        (world.root(), Some(900), 900),
    ] {
        let output = world.call::<GetFederationToken>(&caller, lasting(seconds)).await.unwrap();
        let lasts = output.credentials.unwrap().expiration.secs() - NOW;
        assert_eq!(lasts, expected, "{seconds:?} of {}", caller.principal().arn());
    }

    let refused = "403 AccessDenied Cannot call GetFederationToken with session credentials";
    let input = AssumeRoleInput {
        role_arn: role_arn("deploy"),
        role_session_name: "s1".to_owned(),
        ..AssumeRoleInput::default()
    };
    let output = world.call::<AssumeRole>(&world.user("alice"), input).await.unwrap();
    let of_role = world.session(credentials(&output));
    let output = world.call::<GetSessionToken>(&world.root(), Default::default()).await.unwrap();
    let of_root = world.session(&output.credentials.unwrap());
    for session in [of_role, of_root] {
        let result = world.call::<GetFederationToken>(&session, named("bob")).await;
        assert_eq!(refusal(result), refused);
    }
}

#[tokio::test]
async fn a_session_may_ask_who_it_is_and_nothing_else() {
    let setup = Setup::default().user("alice", Some(allows(&["*"])));
    let world = setup.role("deploy", trusts("*"), None).build().await;
    let everything = Some(document(allows(&["*"])));
    let input = GetFederationTokenInput { policy: everything, ..named("bob") };
    let output = world.call::<GetFederationToken>(&world.user("alice"), input).await.unwrap();
    let session = world.session(&output.credentials.unwrap());
    let invalid = "403 InvalidClientTokenId The security token included in the request is invalid.";
    let input = AssumeRoleInput {
        role_arn: role_arn("deploy"),
        role_session_name: "s1".to_owned(),
        ..AssumeRoleInput::default()
    };
    assert_eq!(refusal(world.call::<AssumeRole>(&session, input).await), invalid);
    let input = GetAccessKeyInfoInput { access_key_id: "AKIAALICE".to_owned() };
    assert_eq!(refusal(world.call::<GetAccessKeyInfo>(&session, input).await), invalid);
    assert_eq!(
        refusal(world.call::<GetFederationToken>(&session, named("eve")).await),
        "403 AccessDenied Cannot call GetFederationToken with session credentials"
    );
}

#[tokio::test]
async fn the_right_to_a_name_and_to_its_tags_are_two() {
    let only_bob = json!({
        "Effect": "Allow",
        "Action": "sts:GetFederationToken",
        "Resource": "arn:aws:sts::123456789012:federated-user/bob",
    });
    let world = Setup::default().user("alice", Some(only_bob)).build().await;
    let alice = world.user("alice");
    assert!(world.call::<GetFederationToken>(&alice, named("bob")).await.is_ok());
    let denied = |action: &str, name: &str| {
        format!(
            "403 AccessDenied User: arn:aws:iam::123456789012:user/alice is not authorized to \
             perform: {action} on resource: arn:aws:sts::123456789012:federated-user/{name} because \
             no identity-based policy allows the {action} action"
        )
    };
    let result = world.call::<GetFederationToken>(&alice, named("eve")).await;
    assert_eq!(refusal(result), denied("sts:GetFederationToken", "eve"));
    let result = world.call::<GetFederationToken>(&alice, tagged(&[("team", "red")])).await;
    assert_eq!(refusal(result), denied("sts:TagSession", "bob"));
}

#[tokio::test]
async fn what_a_session_carries_is_checked_and_counted() {
    let world = Setup::default().build().await;
    let root = world.root();
    let policy = document(allows(&["s3:GetObject"]));
    let input = GetFederationTokenInput {
        policy: Some(policy.clone()),
        policy_arns: Some(vec![by_arn("arn:aws:iam::aws:policy/ReadOnlyAccess")]),
        ..tagged(&[("team", "red"), ("cost", "7")])
    };
    let output = world.call::<GetFederationToken>(&root, input).await.unwrap();
    assert!(output.packed_policy_size.is_some_and(|percent| (1..=100).contains(&percent)));
    let claims = claims(&world, &output.credentials.unwrap());
    assert_eq!(claims.tags, [("team", "red"), ("cost", "7")].map(|(k, v)| (k.into(), v.into())));
    assert!(claims.transitive_tag_keys.is_empty());
    let policies = claims.session_policies.unwrap();
    assert_eq!(policies.inline, Some(policy));
    assert_eq!(policies.arns.len(), 1);

    let theirs = "arn:aws:iam::999999999999:policy/theirs";
    let cases = [
        (
            tagged(&[("team", "red"), ("TEAM", "blue")]),
            "400 InvalidParameterValue Duplicate tag keys found. Please note that Tag keys are \
             case insensitive.",
        ),
        (
            GetFederationTokenInput { policy: Some("nonsense".to_owned()), ..named("bob") },
            "400 MalformedPolicyDocument The policy is not in the valid JSON format.",
        ),
        (
            GetFederationTokenInput { policy_arns: Some(vec![by_arn(theirs)]), ..named("bob") },
            "400 InvalidParameterValue At least one Policy ARN in the PolicyArns parameter does not \
             match an existing IAM Managed Policy ARN.",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(refusal(world.call::<GetFederationToken>(&root, input).await), expected);
    }
}

fn claims(world: &World, credentials: &Credentials) -> daypass_token::SessionClaims {
    world.session(credentials).session().unwrap().claims.clone()
}

fn named(name: &str) -> GetFederationTokenInput {
    GetFederationTokenInput { name: name.to_owned(), ..GetFederationTokenInput::default() }
}

fn tagged(tags: &[(&str, &str)]) -> GetFederationTokenInput {
    let tags = tags.iter().map(|(key, value)| Tag { key: (*key).into(), value: (*value).into() });
    GetFederationTokenInput { tags: Some(tags.collect()), ..named("bob") }
}

fn by_arn(arn: &str) -> PolicyDescriptorType {
    PolicyDescriptorType { arn: Some(arn.to_owned()) }
}
