//! What an organisation's policies do to the accounts in it.

use daypass_policy::{PolicySource, PolicyType};
use daypass_state::record::ControlPolicyType::{ResourceControl, ServiceControl};
use daypass_token::{Mfa, SessionClaims};
use serde_json::{Value, json};

use super::operations::*;
use super::organization::*;
use super::world::*;
use crate::{Entity, EntityPolicies};

#[tokio::test]
async fn a_deny_at_any_level_binds_the_member() {
    for at in [At::Root, At::Unit, At::Account] {
        let world =
            World::organized(organization(&[(at, ServiceControl, deny("iam:*"))], &[])).await;
        let denied = explicit("iam:CreateUser", "service", SCP);
        let answer = world.answer::<CreatesUser>(world.alice());
        assert!(answer.ends_with(&denied), "{at:?}: {answer}");
        assert_eq!(world.answer::<GetsKeyInfo>(world.alice()), "allowed");
    }
    let at = (At::Management, ServiceControl, deny("*"));
    let world = World::organized(organization(&[at], &[])).await;
    assert_eq!(world.answer::<CreatesUser>(world.alice()), "allowed", "it hangs elsewhere");
}

#[tokio::test]
async fn every_level_must_allow() {
    for at in [At::Root, At::Unit, At::Account] {
        let only_sts = (at, ServiceControl, allow("sts:*"));
        let world = World::organized(organization(&[only_sts], &[at])).await;
        assert_eq!(world.answer::<GetsKeyInfo>(world.alice()), "allowed");
        let answer = world.answer::<CreatesUser>(world.alice());
        // Worded as a deny; there is no policy to name.
        assert!(
            answer.ends_with("user/carol with an explicit deny in a service control policy"),
            "{answer}"
        );

        let world = World::organized(organization(&[], &[at])).await;
        assert_ne!(world.answer::<GetsKeyInfo>(world.alice()), "allowed", "nothing is attached");
    }
}

#[tokio::test]
async fn nothing_is_granted_by_an_organization() {
    let everything = (At::Root, ServiceControl, allow_all());
    let record = organization(&[everything], &[]);
    let world = World::build(Alice::default(), Deploy::default(), Some(record)).await;
    let answer = world.answer::<CreatesUser>(world.alice());
    assert!(answer.contains("because no identity-based policy allows"), "{answer}");
}

#[tokio::test]
async fn every_kind_of_caller_of_a_member_is_bound_and_the_management_account_is_not() {
    let world = World::organized(organization(&[(At::Root, ServiceControl, deny("*"))], &[])).await;
    let with_code = |claims: &mut SessionClaims| {
        claims.mfa = Some(Mfa { serial: "m".to_owned(), authenticated_at: NOW });
    };
    let sessions =
        [world.role_session(|_| {}), world.user_session(with_code), world.root_session(with_code)];
    for caller in [world.alice(), world.root()].into_iter().chain(sessions) {
        let answer = world.answer::<CreatesUser>(caller);
        assert!(answer.ends_with(&explicit("iam:CreateUser", "service", SCP)), "{answer}");
    }
    for caller in [world.root_of(management()), world.root_of(stranger())] {
        assert_eq!(world.answer::<CreatesUser>(caller), "allowed");
    }
    // These two no policy can withhold.
    assert_eq!(world.answer::<GetsCallerIdentity>(world.alice()), "allowed");
    assert_eq!(world.answer::<GetsSessionToken>(world.alice()), "allowed");
}

#[tokio::test]
async fn service_linked_roles_are_exempt() {
    for (path, bound) in [("/aws-service-role/x.amazonaws.com/", false), ("/other/", true)] {
        let record = organization(
            &[
                (At::Root, ServiceControl, deny("*")),
                (At::Root, ResourceControl, deny_to_all(&["sts:*"])),
            ],
            &[],
        );
        let deploy = Deploy { path, ..Deploy::default() };
        let world = World::build(Alice::default(), deploy, Some(record)).await;
        let answer = world.answer::<CreatesUser>(world.role_session(|_| {}));
        assert_eq!(answer != "allowed", bound, "as caller: {answer}");
        let answer = world.answer::<AssumesRole>(world.root_of(stranger()));
        assert_eq!(answer != "allowed", bound, "as resource: {answer}");
    }
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_lets_nobody_do_anything() {
    for (policy_type, name) in [(ServiceControl, "service"), (ResourceControl, "resource")] {
        let mut record = organization(&[(At::Unit, policy_type, deny_to_all(&["s3:*"]))], &[]);
        record.policies.values_mut().for_each(|policy| policy.document = "{".to_owned());
        let world = World::organized(record).await;
        let answer = world.answer::<GetsKeyInfo>(world.root());
        let expected = format!("with an explicit deny in a {name} control policy");
        assert!(answer.ends_with(&expected), "{answer}");
    }
}

#[tokio::test]
async fn resource_control_guards_roles_against_callers_from_anywhere() {
    for at in [At::Root, At::Unit, At::Account] {
        let perimeter = json!({
            "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*",
            "Condition": { "StringNotEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
        });
        let world = World::organized(organization(&[(at, ResourceControl, perimeter)], &[])).await;
        let answer = world.answer::<TagsSession>(world.root_of(stranger()));
        // A stranger does not learn which policy it is.
        assert!(answer.ends_with("with an explicit deny in a resource control policy"), "{answer}");
        for caller in [world.root_of(sibling()), world.root_of(management()), world.alice()] {
            assert_eq!(world.answer::<TagsSession>(caller), "allowed");
        }
    }
}

#[tokio::test]
async fn resource_control_bears_on_the_services_that_have_it_and_on_members_only() {
    let record =
        organization(&[(At::Root, ResourceControl, deny_to_all(&["sts:*", "iam:*"]))], &[]);
    let world = World::organized(record).await;
    assert_eq!(world.answer::<CreatesUser>(world.root()), "allowed", "IAM has none");
    let denied = explicit("sts:TagSession", "resource", RCP);
    for caller in [world.root(), world.role_session(|_| {}), world.root_of(sibling())] {
        let answer = world.answer::<TagsSession>(caller);
        assert!(answer.ends_with(&denied), "{answer}");
    }
    // Without a resource, those of the caller's account decide.
    assert_ne!(world.answer::<GetsKeyInfo>(world.alice()), "allowed");
    for caller in [world.root_of(management()), world.root_of(stranger())] {
        assert_eq!(world.answer::<GetsKeyInfo>(caller), "allowed");
    }
    assert_eq!(world.answer::<AssumesRoleOfStranger>(world.alice()), "allowed", "not theirs");
}

#[tokio::test]
async fn trust_may_rest_on_the_organization() {
    let cases = [
        (json!({ "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }), true),
        (json!({ "StringEquals": { "aws:PrincipalOrgID": "o-other00000" } }), false),
        (
            json!({ "ForAnyValue:StringLike": {
                "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-aaaaaaaa/*"
            } }),
            true,
        ),
        (
            json!({ "ForAnyValue:StringEquals": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/" } }),
            false,
        ),
        (json!({ "StringEquals": { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }), true),
    ];
    for (condition, of_unit) in cases {
        let trust = json!({
            "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole",
            "Condition": condition,
        });
        let deploy = Deploy { trust, ..Deploy::default() };
        let world = World::build(Alice::default(), deploy, Some(organization(&[], &[]))).await;
        let answer = world.answer::<AssumesRole>(world.root_of(sibling()));
        assert_eq!(answer == "allowed", of_unit, "{condition}: {answer}");
        assert_ne!(world.answer::<AssumesRole>(world.root_of(stranger())), "allowed");
    }
}

#[tokio::test]
async fn the_policies_of_an_entity_are_there_for_whoever_simulates() {
    let alice = Alice {
        inline: Some(allow_all()),
        attached: Some("arn:aws:iam::aws:policy/ReadOnlyAccess"),
        group: Some(allow_all()),
        boundary: Some("arn:aws:iam::aws:policy/PowerUserAccess"),
        ..Alice::default()
    };
    let record = organization(&[(At::Unit, ServiceControl, deny("s3:*"))], &[]);
    let world = World::build(alice, Deploy::default(), Some(record)).await;
    let view = world.env.state.view();
    let account = view.account(account());

    let of_user = EntityPolicies::of(&view, Entity::User(account.user("alice").unwrap()));
    let sources: Vec<_> = of_user.identity.iter().map(|policy| policy.source).collect();
    assert_eq!(
        sources,
        [
            PolicySource::UserInline { user: "alice", name: "inline" },
            PolicySource::Managed { arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
            PolicySource::GroupInline { group: "staff", name: "inline" },
        ]
    );
    let boundary = of_user.boundary.unwrap().source;
    assert_eq!(boundary, PolicySource::Managed { arn: "arn:aws:iam::aws:policy/PowerUserAccess" });
    let levels = of_user.service_control.levels();
    let targets: Vec<Vec<_>> =
        levels.iter().map(|level| level.iter().map(|policy| policy.source).collect()).collect();
    let full = |target| PolicySource::Control {
        arn: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        name: "FullAWSAccess",
        target,
    };
    let own = PolicySource::Control { arn: SCP, name: "policy-0", target: "ou-ab12-aaaaaaaa" };
    assert_eq!(
        targets,
        [vec![full("r-ab12")], vec![full("ou-ab12-aaaaaaaa"), own], vec![full("123456789012")]]
    );

    let of_group = EntityPolicies::of(&view, Entity::Group(account.group("staff").unwrap()));
    assert_eq!((of_group.identity.len(), of_group.boundary.is_some()), (1, false));
    assert!(!of_group.service_control.is_empty());
    let of_role = EntityPolicies::of(&view, Entity::Role(account.role("deploy").unwrap()));
    let source = of_role.identity.first().unwrap().source;
    assert_eq!(source, PolicySource::RoleInline { role: "deploy", name: "inline" });
    assert_eq!(of_role.unreadable, None::<PolicyType>);
}

fn allow(action: &str) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": "*" })
}

fn deny(action: &str) -> Value {
    json!({ "Effect": "Deny", "Action": action, "Resource": "*" })
}

fn deny_to_all(action: &[&str]) -> Value {
    json!({ "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*" })
}

fn explicit(action: &str, kind: &str, arn: &str) -> String {
    let resource = match action {
        "iam:CreateUser" => "arn:aws:iam::123456789012:user/carol",
        _ => "arn:aws:iam::123456789012:role/deploy",
    };
    format!(
        "is not authorized to perform: {action} on resource: {resource} with an explicit deny in a \
         {kind} control policy: {arn}"
    )
}
