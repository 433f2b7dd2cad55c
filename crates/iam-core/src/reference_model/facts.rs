//! The account as the answers of IAM's lists show it, as sentences, in order: one for each thing that is so.

use std::collections::BTreeMap;

use daypass_model::iam::*;
use percent_encoding::percent_decode_str;

use super::operation::{AWS_POLICIES, DOCUMENTS, SERVICE_LINKED};
use crate::generated::*;
use crate::testing::Fixture;

/// All that is shown.
pub(super) fn shown(fixture: &Fixture) -> Vec<String> {
    let details =
        fixture.ok::<GetAccountAuthorizationDetails>(GetAccountAuthorizationDetailsInput {
            filter: Some(vec![
                EntityType::User,
                EntityType::Group,
                EntityType::Role,
                EntityType::LocalManagedPolicy,
            ]),
            max_items: Some(1000),
            marker: None,
        });
    let mut facts = Vec::new();
    users(fixture, &mut facts, details.user_detail_list.unwrap());
    groups(fixture, &mut facts, details.group_detail_list.unwrap());
    roles(fixture, &mut facts, details.role_detail_list.unwrap());
    policies(fixture, &mut facts, details.policies.unwrap());
    instance_profiles(fixture, &mut facts);
    summary(fixture, &mut facts);
    facts.sort_unstable();
    facts
}

fn users(fixture: &Fixture, facts: &mut Vec<String>, users: Vec<UserDetail>) {
    let names = users.iter().map(|user| user.user_name.clone().unwrap());
    facts.push(format!("users in order: {:?}", names.collect::<Vec<_>>()));
    for user in users {
        let name = user.user_name.unwrap();
        let who = format!("user {name}");
        let (path, id) = (user.path.unwrap(), user.user_id.unwrap());
        assert_eq!(user.arn.unwrap(), super::operation::user_arn(&path, &name));
        facts.push(format!("{who} at {path} is {id}"));
        held(facts, &who, user.user_policy_list, user.attached_managed_policies);
        bounded(facts, &who, user.permissions_boundary);
        tagged(facts, &who, user.tags.unwrap());
        facts.extend(user.group_list.unwrap().iter().map(|group| format!("{who} is in {group}")));
        let user_name = Some(name.clone());
        let list = ListAccessKeysInput { user_name: user_name.clone(), ..Default::default() };
        for key in fixture.ok::<ListAccessKeys>(list).access_key_metadata {
            assert_eq!(key.user_name, user_name);
            let is_active = key.status == Some(StatusType::Active);
            facts.push(format!("{who} has key {}, {is_active}", key.access_key_id.unwrap()));
        }
        let get = GetLoginProfileInput { user_name: user_name.clone() };
        if let Ok(GetLoginProfileOutput { login_profile }) = fixture.answer::<GetLoginProfile>(get)
        {
            assert_eq!(Some(login_profile.user_name), user_name);
            let reset = login_profile.password_reset_required.unwrap();
            facts.push(format!("{who} has a password, {reset}"));
        }
    }
}

fn groups(fixture: &Fixture, facts: &mut Vec<String>, groups: Vec<GroupDetail>) {
    let names = groups.iter().map(|group| group.group_name.clone().unwrap());
    facts.push(format!("groups in order: {:?}", names.collect::<Vec<_>>()));
    for group in groups {
        let name = group.group_name.unwrap();
        let who = format!("group {name}");
        facts.push(format!("{who} at {} is {}", group.path.unwrap(), group.group_id.unwrap()));
        held(facts, &who, group.group_policy_list, group.attached_managed_policies);
        let get = GetGroupInput { group_name: name, ..Default::default() };
        let members = fixture.ok::<GetGroup>(get).users;
        let names = members.into_iter().map(|user| user.user_name.unwrap());
        facts.push(format!("{who} has {:?}", names.collect::<Vec<_>>()));
    }
}

fn roles(fixture: &Fixture, facts: &mut Vec<String>, roles: Vec<RoleDetail>) {
    let names = roles.iter().map(|role| role.role_name.clone().unwrap());
    facts.push(format!("roles in order: {:?}", names.collect::<Vec<_>>()));
    for role in roles {
        let name = role.role_name.unwrap();
        let who = format!("role {name}");
        facts.push(format!("{who} at {} is {}", role.path.unwrap(), role.role_id.unwrap()));
        held(facts, &who, role.role_policy_list, role.attached_managed_policies);
        bounded(facts, &who, role.permissions_boundary);
        tagged(facts, &who, role.tags.unwrap());
        facts.push(format!("{who} trusts {}", trusted(&role.assume_role_policy_document.unwrap())));
        for profile in role.instance_profile_list.unwrap() {
            facts.push(format!("{who} is in profile {}", profile.instance_profile_name));
        }
        let role = fixture.ok::<GetRole>(GetRoleInput { role_name: name }).role;
        let (description, seconds) = (role.description, role.max_session_duration.unwrap());
        facts.push(format!("{who} lasts {seconds}, {description:?}"));
    }
}

fn policies(fixture: &Fixture, facts: &mut Vec<String>, policies: Vec<ManagedPolicyDetail>) {
    let names = policies.iter().map(|policy| policy.policy_name.clone().unwrap());
    facts.push(format!("policies in order: {:?}", names.collect::<Vec<_>>()));
    let mut arns: Vec<_> = AWS_POLICIES.iter().map(|arn| (*arn).to_owned()).collect();
    arns.push(SERVICE_LINKED.to_owned());
    for policy in policies {
        let arn = policy.arn.unwrap();
        let default = policy.default_version_id.unwrap();
        facts.push(format!("{arn} is {}, {default}", policy.policy_id.unwrap()));
        let counts =
            (policy.attachment_count.unwrap(), policy.permissions_boundary_usage_count.unwrap());
        facts.push(format!("{arn} is used {counts:?}"));
        let versions = policy.policy_version_list.unwrap().into_iter().map(|version| {
            let id = version.version_id.unwrap();
            assert_eq!(version.is_default_version, Some(id == default));
            (id, document(&version.document.unwrap()))
        });
        facts.push(format!("{arn} has {:?}", versions.collect::<Vec<_>>()));
        let list = ListPolicyTagsInput { policy_arn: arn.clone(), ..Default::default() };
        tagged(facts, &arn, fixture.ok::<ListPolicyTags>(list).tags);
        arns.push(arn);
    }
    for arn in arns {
        for (usage, verb) in [
            (PolicyUsageType::PermissionsPolicy, "is attached to"),
            (PolicyUsageType::PermissionsBoundary, "bounds"),
        ] {
            let holders = fixture.ok::<ListEntitiesForPolicy>(ListEntitiesForPolicyInput {
                policy_arn: arn.clone(),
                policy_usage_filter: Some(usage),
                ..Default::default()
            });
            for user in holders.policy_users.unwrap() {
                facts.push(format!("{arn} {verb} user {}", user.user_name.unwrap()));
            }
            for group in holders.policy_groups.unwrap() {
                facts.push(format!("{arn} {verb} group {}", group.group_name.unwrap()));
            }
            for role in holders.policy_roles.unwrap() {
                facts.push(format!("{arn} {verb} role {}", role.role_name.unwrap()));
            }
        }
    }
}

fn instance_profiles(fixture: &Fixture, facts: &mut Vec<String>) {
    let profiles = fixture.ok::<ListInstanceProfiles>(Default::default()).instance_profiles;
    let names = profiles.iter().map(|profile| profile.instance_profile_name.clone());
    facts.push(format!("profiles in order: {:?}", names.collect::<Vec<_>>()));
    for profile in profiles {
        let instance_profile_name = profile.instance_profile_name;
        let who = format!("profile {instance_profile_name}");
        facts.push(format!("{who} at {} is {}", profile.path, profile.instance_profile_id));
        facts.extend(profile.roles.iter().map(|role| format!("{who} has role {}", role.role_name)));
        let list = ListInstanceProfileTagsInput { instance_profile_name, ..Default::default() };
        tagged(facts, &who, fixture.ok::<ListInstanceProfileTags>(list).tags);
    }
}

fn summary(fixture: &Fixture, facts: &mut Vec<String>) {
    let map = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {}).summary_map.unwrap();
    facts.push(counts(|key| map[key]));
}

/// What the summary counts.
pub(super) fn counts(count: impl Fn(&str) -> i32) -> String {
    let keys = ["Users", "Groups", "Roles", "Policies", "PolicyVersionsInUse", "InstanceProfiles"];
    let counts: BTreeMap<_, _> = keys.into_iter().map(|key| (key, count(key))).collect();
    format!("there are {counts:?}")
}

fn held(
    facts: &mut Vec<String>,
    who: &str,
    inline: Option<Vec<PolicyDetail>>,
    attached: Option<Vec<AttachedPolicy>>,
) {
    for inline in inline.into_iter().flatten() {
        let document = document(&inline.policy_document.unwrap());
        facts.push(format!("{who} embeds {}, {document}", inline.policy_name.unwrap()));
    }
    for attached in attached.unwrap() {
        facts.push(format!("{who} has {}", attached.policy_arn.unwrap()));
    }
}

fn bounded(facts: &mut Vec<String>, who: &str, boundary: Option<AttachedPermissionsBoundary>) {
    if let Some(boundary) = boundary {
        facts.push(format!("{who} is bounded by {}", boundary.permissions_boundary_arn.unwrap()));
    }
}

fn tagged(facts: &mut Vec<String>, who: &str, tags: Vec<Tag>) {
    facts.extend(tags.iter().map(|tag| format!("{who} has tag {}={}", tag.key, tag.value)));
}

/// Which of the documents it is.
fn document(shown: &str) -> usize {
    let text = percent_decode_str(shown).decode_utf8().unwrap();
    DOCUMENTS.iter().position(|document| *document == text).unwrap()
}

/// The principal of a trust policy.
fn trusted(shown: &str) -> String {
    let text = percent_decode_str(shown).decode_utf8().unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let principal = &document["Statement"][0]["Principal"];
    principal.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
}
