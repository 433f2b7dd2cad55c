//! AWS's words for each way in which policies do not allow.

use daypass_ident::Arn;
use daypass_state::record::ControlPolicyType::{ResourceControl, ServiceControl};
use daypass_state::record::OrganizationRecord;
use daypass_token::SessionPolicies;
use serde_json::{Value, json};

use super::operations::*;
use super::organization::*;
use super::world::*;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const S3_ONLY: &str = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
const DENY_ALL: &str = "arn:aws:iam::aws:policy/AWSDenyAll";

#[tokio::test]
async fn denials_say_which_kind_of_policy_decided_and_which_policy_denied() {
    let deny = || json!({ "Effect": "Deny", "Action": "*", "Resource": "*" });
    let s3 = || json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" });
    let of_organization = |policy_type| {
        let control = json!({
            "Effect": "Deny", "Action": "iam:*", "Resource": "*",
        });
        Some(organization(&[(At::Root, policy_type, control)], &[]))
    };
    let cases: [(Alice, Option<OrganizationRecord>, String); 10] = [
        (Alice::default(), None, implicit("identity-based policy")),
        (Alice { inline: Some(s3()), ..Alice::default() }, None, implicit("identity-based policy")),
        (
            Alice { inline: Some(deny()), attached: Some(ADMIN), ..Alice::default() },
            None,
            " with an explicit deny in an identity-based policy".to_owned(),
        ),
        (
            Alice { group: Some(deny()), attached: Some(ADMIN), ..Alice::default() },
            None,
            " with an explicit deny in an identity-based policy".to_owned(),
        ),
        (
            Alice { attached: Some(DENY_ALL), ..Alice::default() },
            None,
            format!(" with an explicit deny in an identity-based policy: {DENY_ALL}"),
        ),
        (
            Alice { group_attached: Some(DENY_ALL), ..Alice::default() },
            None,
            format!(" with an explicit deny in an identity-based policy: {DENY_ALL}"),
        ),
        (
            Alice { attached: Some(ADMIN), boundary: Some(S3_ONLY), ..Alice::default() },
            None,
            implicit("permissions boundary"),
        ),
        (
            Alice { attached: Some(ADMIN), boundary: Some(DENY_ALL), ..Alice::default() },
            None,
            format!(" with an explicit deny in a permissions boundary: {DENY_ALL}"),
        ),
        (
            Alice { attached: Some(ADMIN), ..Alice::default() },
            of_organization(ServiceControl),
            format!(" with an explicit deny in a service control policy: {SCP}"),
        ),
        (
            Alice { attached: Some(ADMIN), ..Alice::default() },
            Some(organization(&[], &[At::Unit])),
            " with an explicit deny in a service control policy".to_owned(),
        ),
    ];
    for (alice, organization, because) in cases {
        let world = World::build(alice, Deploy::default(), organization).await;
        assert_eq!(
            world.answer::<CreatesUser>(world.alice()),
            format!(
                "403 AccessDenied User: {ALICE} is not authorized to perform: iam:CreateUser on \
                 resource: arn:aws:iam::123456789012:user/carol{because}"
            )
        );
    }
}

#[tokio::test]
async fn denials_of_sessions_name_the_session_and_the_policies_it_was_made_with() {
    let world = World::new(Alice::default()).await;
    let inline = |text: Value| SessionPolicies { inline: Some(document(text)), arns: Vec::new() };
    let by_arn = |arn: &str| SessionPolicies { inline: None, arns: vec![arn.parse().unwrap()] };
    let cases = [
        (
            inline(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" })),
            implicit("session policy"),
        ),
        (by_arn(S3_ONLY), implicit("session policy")),
        (
            inline(json!({ "Effect": "Deny", "Action": "*", "Resource": "*" })),
            " with an explicit deny in a session policy".to_owned(),
        ),
        (by_arn(DENY_ALL), format!(" with an explicit deny in a session policy: {DENY_ALL}")),
    ];
    for (policies, because) in cases {
        let session = world.role_session(|claims| claims.session_policies = Some(policies));
        assert_eq!(
            world.answer::<CreatesUser>(session),
            format!(
                "403 AccessDenied User: {ROLE} is not authorized to perform: iam:CreateUser on \
                 resource: arn:aws:iam::123456789012:user/carol{because}"
            )
        );
    }
}

#[tokio::test]
async fn denials_of_roles_name_the_trust_policy_but_not_where_aws_is_terse() {
    let denied = "403 AccessDenied User: arn:aws:iam::123456789012:user/staff/alice is not \
                  authorized to perform: sts:TagSession on resource: \
                  arn:aws:iam::123456789012:role/deploy";
    let trust = |effect: &str, action: &str| json!({ "Effect": effect, "Principal": { "AWS": "*" }, "Action": action });
    let cases = [
        (
            trust("Allow", "sts:AssumeRole"),
            " because no role trust policy allows the sts:TagSession action",
        ),
        (trust("Deny", "sts:TagSession"), " with an explicit deny in the role trust policy"),
    ];
    for (trust, because) in cases {
        let deploy = Deploy { trust, ..Deploy::default() };
        let world = World::build(Alice::default(), deploy, None).await;
        assert_eq!(world.answer::<TagsSession>(world.alice()), format!("{denied}{because}"));
    }
    let terse = "403 AccessDenied User: arn:aws:iam::123456789012:user/staff/alice is not \
                 authorized to perform: sts:AssumeRole on resource: \
                 arn:aws:iam::123456789012:role/deploy";
    let rcp = json!({
        "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*",
    });
    let world = World::organized(organization(&[(At::Root, ResourceControl, rcp)], &[])).await;
    assert_eq!(world.answer::<AssumesRole>(world.alice()), terse);
    let answer = world.answer::<TagsSession>(world.alice());
    assert_eq!(
        answer,
        format!("{denied} with an explicit deny in a resource control policy: {RCP}")
    );
}

#[tokio::test]
async fn the_denying_policy_is_named_within_an_account_or_organization_only() {
    let alice = || Alice { attached: Some(DENY_ALL), ..Alice::default() };
    let named = format!("with an explicit deny in an identity-based policy: {DENY_ALL}");
    let unnamed = "with an explicit deny in an identity-based policy";

    let world = World::build(alice(), Deploy::default(), Some(organization(&[], &[]))).await;
    let answers = [
        (world.answer::<TagsSession>(world.alice()), &*named),
        (world.answer::<AssumesRoleOfSibling>(world.alice()), &*named),
        (world.answer::<AssumesRoleOfStranger>(world.alice()), unnamed),
    ];
    for (answer, expected) in answers {
        assert!(answer.ends_with(expected), "{answer}");
    }
    let world = World::new(alice()).await;
    for answer in [
        world.answer::<AssumesRoleOfSibling>(world.alice()),
        world.answer::<AssumesRoleOfStranger>(world.alice()),
    ] {
        assert!(answer.ends_with(unnamed), "without an organisation: {answer}");
    }
}

#[tokio::test]
async fn a_resource_of_another_account_without_a_policy_is_nobodys_to_reach() {
    let world = World::new(Alice { attached: Some(ADMIN), ..Alice::default() }).await;
    for caller in [world.alice(), world.root()] {
        let who = caller.principal().arn();
        assert_eq!(
            world.answer::<ReadsStrangersRole>(caller),
            format!(
                "403 AccessDenied User: {who} is not authorized to perform: iam:GetRole on \
                 resource: {} because no resource-based policy allows the iam:GetRole action",
                Arn::role(stranger(), "/", "deploy")
            )
        );
    }
    assert_eq!(world.answer::<EndsInStrangersAccount>(world.alice()), "allowed");
    let nobody = World::new(Alice::default()).await;
    assert_ne!(nobody.answer::<EndsInStrangersAccount>(nobody.alice()), "allowed");
}

#[tokio::test]
async fn what_a_denial_shows_may_differ_from_what_policies_are_matched_with() {
    let world = World::new(Alice::default()).await;
    let message = world.answer::<ListsUsers>(world.alice());
    assert!(message.contains("on resource: arn:aws:iam::123456789012:user/ because"), "{message}");
    let message = world.answer::<Terse>(world.alice());
    assert!(message.ends_with("on resource: arn:aws:iam::123456789012:role/x"), "{message}");

    let on_path = json!({
        "Effect": "Allow", "Action": "iam:ListUsers",
        "Resource": "arn:aws:iam::123456789012:user/*",
    });
    let world = World::new(Alice { inline: Some(on_path), ..Alice::default() }).await;
    assert!(world.ask::<ListsUsers>(world.alice()).is_err(), "a path is not everything");
}

fn implicit(kind: &str) -> String {
    format!(" because no {kind} allows the iam:CreateUser action")
}
