use std::collections::BTreeSet;

use daypass_model::iam::*;

use crate::generated::*;
use crate::policy::document;
use crate::testing::Fixture;

const ALLOW: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn text(text: &str) -> String {
    text.to_owned()
}

/// A user with everything, one with nothing, and the same of groups and roles; a policy with two versions.
fn account() -> Fixture {
    let fixture = Fixture::new();
    for group_name in ["staff", "Admins"] {
        let input = CreateGroupInput { group_name: text(group_name), ..Default::default() };
        fixture.ok::<CreateGroup>(input);
    }
    for user_name in ["bob", "Alice"] {
        let input = CreateUserInput { user_name: text(user_name), ..Default::default() };
        fixture.ok::<CreateUser>(input);
    }
    for role_name in ["plain", "web"] {
        fixture.ok::<CreateRole>(CreateRoleInput {
            role_name: text(role_name),
            assume_role_policy_document: text(TRUST),
            description: Some(text("not shown")),
            ..Default::default()
        });
    }
    for group_name in ["staff", "Admins"] {
        let (group_name, user_name) = (text(group_name), text("alice"));
        fixture.ok::<AddUserToGroup>(AddUserToGroupInput { group_name, user_name });
    }
    fixture.ok::<PutUserPolicy>(PutUserPolicyInput {
        user_name: text("alice"),
        policy_name: text("own"),
        policy_document: text(ALLOW),
    });
    fixture.ok::<AttachUserPolicy>(AttachUserPolicyInput {
        user_name: text("alice"),
        policy_arn: text(READ_ONLY),
    });
    fixture.ok::<PutUserPermissionsBoundary>(PutUserPermissionsBoundaryInput {
        user_name: text("alice"),
        permissions_boundary: text(READ_ONLY),
    });
    fixture.ok::<TagUser>(TagUserInput {
        user_name: text("alice"),
        tags: vec![Tag { key: text("team"), value: text("red") }],
    });
    let created = fixture.ok::<CreatePolicy>(CreatePolicyInput {
        policy_name: text("own"),
        policy_document: text(ALLOW),
        description: Some(text("not shown")),
        ..Default::default()
    });
    let policy_arn = created.policy.and_then(|policy| policy.arn).unwrap();
    fixture.ok::<CreatePolicyVersion>(CreatePolicyVersionInput {
        policy_arn: policy_arn.clone(),
        policy_document: text(ALLOW),
        set_as_default: Some(true),
    });
    fixture.ok::<AttachRolePolicy>(AttachRolePolicyInput { role_name: text("web"), policy_arn });
    fixture.ok::<CreateInstanceProfile>(CreateInstanceProfileInput {
        instance_profile_name: text("profile"),
        ..Default::default()
    });
    fixture.ok::<AddRoleToInstanceProfile>(AddRoleToInstanceProfileInput {
        instance_profile_name: text("profile"),
        role_name: text("web"),
    });
    fixture
}

fn filter(kinds: &[EntityType]) -> GetAccountAuthorizationDetailsInput {
    GetAccountAuthorizationDetailsInput { filter: Some(kinds.to_vec()), ..Default::default() }
}

fn details(fixture: &Fixture, kinds: &[EntityType]) -> GetAccountAuthorizationDetailsOutput {
    let details = fixture.ok::<GetAccountAuthorizationDetails>(filter(kinds));
    assert_eq!((details.is_truncated, &details.marker), (Some(false), &None));
    details
}

#[test]
fn lists_of_kinds_that_are_not_asked_for_are_empty() {
    let fixture = account();
    let counts = |kinds: &[EntityType]| {
        let details = details(&fixture, kinds);
        (
            details.user_detail_list.map(|list| list.len()),
            details.group_detail_list.map(|list| list.len()),
            details.role_detail_list.map(|list| list.len()),
            details.policies.map(|list| list.len()),
        )
    };
    let (none, two) = (Some(0), Some(2));
    assert_eq!(counts(&[EntityType::User]), (two, none, none, none));
    assert_eq!(counts(&[EntityType::Group]), (none, two, none, none));
    assert_eq!(counts(&[EntityType::Role, EntityType::User]), (two, none, two, none));
    assert_eq!(counts(&[EntityType::LocalManagedPolicy]), (none, none, none, Some(1)));
}

#[test]
fn a_user_is_shown_with_all_that_it_may_do() {
    let fixture = account();
    let users = details(&fixture, &[EntityType::User]).user_detail_list.unwrap();
    let [alice, bob] = &users[..] else { panic!("{users:?}") };
    assert_eq!(alice.user_name.as_deref(), Some("Alice"));
    assert_eq!(alice.arn.as_deref(), Some("arn:aws:iam::000000000000:user/Alice"));
    assert_eq!(alice.group_list, Some(vec![text("Admins"), text("staff")]));
    let inline = PolicyDetail {
        policy_name: Some(text("own")),
        policy_document: Some(document::encode(ALLOW)),
    };
    assert_eq!(alice.user_policy_list, Some(vec![inline]));
    let attached = alice.attached_managed_policies.as_ref().unwrap();
    assert_eq!(attached[0].policy_arn.as_deref(), Some(READ_ONLY));
    let boundary = alice.permissions_boundary.as_ref().unwrap();
    assert_eq!(boundary.permissions_boundary_arn.as_deref(), Some(READ_ONLY));
    assert_eq!(alice.tags.as_ref().map(Vec::len), Some(1));

    // Of its empty lists, one is left out.
    assert_eq!(bob.user_policy_list, None);
    assert_eq!(bob.permissions_boundary, None);
    assert_eq!((&bob.group_list, &bob.tags), (&Some(vec![]), &Some(vec![])));
    assert_eq!(bob.attached_managed_policies, Some(vec![]));
}

#[test]
fn groups_and_roles_have_all_their_lists() {
    let fixture = account();
    let details = details(&fixture, &[EntityType::Group, EntityType::Role]);
    let groups = details.group_detail_list.unwrap();
    assert_eq!(groups[0].group_name.as_deref(), Some("Admins"));
    for group in &groups {
        assert_eq!(group.group_policy_list, Some(vec![]));
        assert_eq!(group.attached_managed_policies, Some(vec![]));
    }
    let roles = details.role_detail_list.unwrap();
    let [plain, web] = &roles[..] else { panic!("{roles:?}") };
    assert_eq!(plain.instance_profile_list, Some(vec![]));
    assert_eq!((&plain.role_policy_list, &plain.tags), (&Some(vec![]), &Some(vec![])));
    assert_eq!(plain.role_last_used, Some(RoleLastUsed::default()));
    assert_eq!(plain.assume_role_policy_document, Some(document::encode(TRUST)));
    let profiles = web.instance_profile_list.as_ref().unwrap();
    assert_eq!(profiles[0].instance_profile_name, "profile");
    assert_eq!(profiles[0].roles[0].description, None);
    let attached = web.attached_managed_policies.as_ref().unwrap();
    assert_eq!(attached[0].policy_name.as_deref(), Some("own"));
}

#[test]
fn a_policy_is_shown_with_all_versions() {
    let fixture = account();
    let policies = details(&fixture, &[EntityType::LocalManagedPolicy]).policies.unwrap();
    let [own] = &policies[..] else { panic!("{policies:?}") };
    assert_eq!((own.attachment_count, own.is_attachable), (Some(1), Some(true)));
    assert_eq!((&own.description, own.default_version_id.as_deref()), (&None, Some("v2")));
    let versions = own.policy_version_list.as_ref().unwrap();
    let versions: Vec<_> = versions
        .iter()
        .map(|version| (version.version_id.as_deref().unwrap(), version.is_default_version))
        .collect();
    assert_eq!(versions, [("v2", Some(true)), ("v1", Some(false))]);
    assert!(own.policy_version_list.iter().flatten().all(|version| version.document.is_some()));
}

/// A page has entities of several kinds, and all pages together have each entity once.
#[test]
fn pages_go_on_from_one_kind_to_the_next() {
    let fixture = account();
    let all = fixture.ok::<GetAccountAuthorizationDetails>(GetAccountAuthorizationDetailsInput {
        max_items: Some(1000),
        ..Default::default()
    });
    assert_eq!(all.is_truncated, Some(true), "AWS's policies are more than a page holds");
    for size in [1, 3, 1000] {
        let mut seen = BTreeSet::new();
        let mut entities = 0;
        let mut marker = None;
        loop {
            let input =
                GetAccountAuthorizationDetailsInput { filter: None, max_items: Some(size), marker };
            let page = fixture.ok::<GetAccountAuthorizationDetails>(input);
            let users = page.user_detail_list.unwrap().into_iter().map(|one| one.arn);
            let groups = page.group_detail_list.unwrap().into_iter().map(|one| one.arn);
            let roles = page.role_detail_list.unwrap().into_iter().map(|one| one.arn);
            let policies = page.policies.unwrap().into_iter().map(|one| one.arn);
            let arns: Vec<_> = users.chain(groups).chain(roles).chain(policies).collect();
            entities += arns.len();
            seen.extend(arns.into_iter().flatten());
            marker = page.marker;
            // Whole with the largest pages; with small ones as far as AWS's policies.
            if marker.is_none() || (size < 1000 && entities > 20) {
                break;
            }
        }
        assert_eq!(seen.len(), entities, "pages of {size}");
        let aws = daypass_catalog::managed_policies().len();
        assert!(size < 1000 || entities == aws + 7, "{entities}");
        assert!(seen.contains("arn:aws:iam::000000000000:policy/own"));
    }
}

#[test]
fn a_marker_is_good_for_this_list_only() {
    let fixture = account();
    let input = ListUsersInput { max_items: Some(1), ..Default::default() };
    let marker = fixture.ok::<ListUsers>(input).marker;
    let input = GetAccountAuthorizationDetailsInput { marker, ..Default::default() };
    assert_eq!(
        fixture.refusal::<GetAccountAuthorizationDetails>(input),
        "ValidationError: Invalid Marker."
    );
}
