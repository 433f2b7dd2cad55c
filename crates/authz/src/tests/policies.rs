//! The policies that bind a caller, and the words when they do not allow.

use daypass_token::{ContextKind, Mfa, OnBehalfOf, SessionPolicies};
use serde_json::json;

use super::operations::*;
use super::world::*;

#[tokio::test]
async fn an_operation_that_names_no_target_is_refused_to_all_but_those_it_opens_itself_to() {
    let world = World::new(Alice { inline: Some(allow_all()), ..Alice::default() }).await;
    for caller in [world.root(), world.alice()] {
        let error = world.ask::<NamesNothing>(caller).unwrap_err();
        assert_eq!(error.shape.code, "AccessDenied");
    }
    let denied = json!({ "Effect": "Deny", "Action": "*", "Resource": "*" });
    let world = World::new(Alice { inline: Some(denied), ..Alice::default() }).await;
    assert!(world.ask::<NeedsNothing>(world.alice()).is_ok());
}

#[tokio::test]
async fn every_way_to_hold_a_policy_grants() {
    let admin = Some("arn:aws:iam::aws:policy/AdministratorAccess");
    let cases = [
        Alice { inline: Some(allow_all()), ..Alice::default() },
        Alice { attached: admin, ..Alice::default() },
        Alice { group: Some(allow_all()), ..Alice::default() },
        Alice { group_attached: admin, ..Alice::default() },
        Alice { attached: admin, boundary: admin, ..Alice::default() },
    ];
    for alice in cases {
        let shown = format!("{alice:?}");
        let world = World::new(alice).await;
        assert!(world.ask::<CreatesUser>(world.alice()).is_ok(), "{shown}");
    }
}

#[tokio::test]
async fn what_cannot_be_understood_allows_nothing() {
    let gone = "arn:aws:iam::123456789012:policy/gone";
    let missing = Some(gone);
    let admin = Some("arn:aws:iam::aws:policy/AdministratorAccess");
    let cases = [
        Alice { raw_inline: Some("{ not a policy"), attached: admin, ..Alice::default() },
        Alice { attached: missing, inline: Some(allow_all()), ..Alice::default() },
        Alice { attached: admin, boundary: missing, ..Alice::default() },
    ];
    for alice in cases {
        let shown = format!("{alice:?}");
        let world = World::new(alice).await;
        assert!(world.ask::<CreatesUser>(world.alice()).is_err(), "{shown}");
    }
    let world = World::new(Alice::default()).await;
    for policies in [
        SessionPolicies { inline: Some("{".to_owned()), arns: Vec::new() },
        SessionPolicies { inline: None, arns: vec![gone.parse().unwrap()] },
        SessionPolicies::default(),
    ] {
        let shown = format!("{policies:?}");
        let session = world.role_session(|claims| claims.session_policies = Some(policies));
        assert!(world.ask::<CreatesUser>(session).is_err(), "{shown}");
    }
}

#[tokio::test]
async fn the_kind_of_a_session_limits_what_it_may_call() {
    let world = World::new(Alice { inline: Some(allow_all()), ..Alice::default() }).await;
    let invalid = "403 InvalidClientTokenId The security token included in the request is invalid.";
    let plain = world.user_session(|_| {});
    let with_code = world.user_session(|claims| {
        claims.mfa = Some(Mfa { serial: "m".to_owned(), authenticated_at: NOW });
    });
    let federated = world.federated_session(|claims| {
        claims.session_policies =
            Some(SessionPolicies { inline: Some(document(allow_all())), arns: Vec::new() });
    });
    let delegated = world.user_session(|claims| {
        claims.session_policies =
            Some(SessionPolicies { inline: Some(document(allow_all())), arns: Vec::new() });
    });
    let role = World::with_role(allow_all()).await;
    let role_session = role.role_session(|_| {});

    assert_eq!(world.answer::<CreatesUser>(plain.clone()), invalid);
    assert_eq!(world.answer::<CreatesUser>(with_code.clone()), "allowed");
    assert_eq!(world.answer::<CreatesUser>(federated.clone()), invalid);
    assert_eq!(role.answer::<CreatesUser>(role_session.clone()), "allowed");
    assert_eq!(world.answer::<CreatesUser>(delegated.clone()), "allowed");
    assert_eq!(world.answer::<GetsKeyInfo>(delegated), "allowed");
    for caller in [plain, with_code, federated] {
        assert_eq!(world.answer::<GetsCallerIdentity>(caller.clone()), "allowed");
        assert_eq!(world.answer::<GetsKeyInfo>(caller), invalid);
    }
    assert_eq!(role.answer::<GetsKeyInfo>(role_session.clone()), "allowed");
    assert_eq!(
        role.answer::<GetsSessionToken>(role_session),
        "403 AccessDenied Cannot call GetSessionToken with session credentials"
    );
}

/// AWS's list for sessions with an identity context denies what is not on it, whatever else they have.
#[tokio::test]
async fn on_a_users_behalf_a_session_does_only_what_is_on_awss_list() {
    let world = World::with_role(allow_all()).await;
    let session = |kind, policies: Option<SessionPolicies>| {
        world.role_session(|claims| {
            claims.session_policies = policies;
            claims.on_behalf_of = Some(OnBehalfOf {
                kind,
                user_id: "u-1".to_owned(),
                identity_store_arn: "arn:aws:identitystore:::identitystore/d-1".parse().unwrap(),
            });
        })
    };
    let inline =
        |statement| SessionPolicies { inline: Some(document(statement)), arns: Vec::new() };
    let nothing = inline(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }));
    let denied = world.answer::<ListsUsers>(session(ContextKind::Identity, None));
    assert_eq!(
        denied,
        format!(
            "403 AccessDenied User: {ROLE} is not authorized to perform: iam:ListUsers on resource: \
             arn:aws:iam::123456789012:user/ with an explicit deny in a session policy: \
             arn:aws:iam::aws:policy/AWSIAMIdentityCenterAllowListForIdentityContext"
        )
    );
    for (kind, policies, sets_context, lists_users) in [
        (ContextKind::Identity, None, true, false),
        (ContextKind::Identity, Some(inline(allow_all())), true, false),
        (ContextKind::Identity, Some(nothing.clone()), false, false),
        (ContextKind::Audit, None, true, true),
        (ContextKind::Audit, Some(nothing), false, false),
    ] {
        let session = session(kind, policies);
        let caller = session.clone();
        assert_eq!(world.ask::<SetsContext>(caller).is_ok(), sets_context, "{session:?}");
        assert_eq!(world.ask::<ListsUsers>(session.clone()).is_ok(), lists_users, "{session:?}");
        assert_eq!(world.answer::<GetsCallerIdentity>(session), "allowed");
    }
}

#[tokio::test]
async fn root_may_what_no_policy_says() {
    let world = World::new(Alice::default()).await;
    assert!(world.ask::<CreatesUser>(world.root()).is_ok());
}
