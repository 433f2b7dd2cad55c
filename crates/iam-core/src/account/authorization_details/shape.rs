//! Entities with what they may do, as recorded from AWS: which members are there and which are left out.

use aws_smithy_types::DateTime;
use daypass_model::iam::{
    GroupDetail, ManagedPolicyDetail, PolicyDetail, PolicyVersion, RoleDetail, UserDetail,
};
use daypass_state::record::HeldPolicies;
use daypass_state::{CrossAccount, Group, Role, Tx, User};

use crate::policy::{ManagedPolicy, document, shape};
use crate::{boundary, held_policies, instance_profile, role, tags};

/// Of a user without inline policies the list of them is absent, of other entities it is empty.
pub(super) fn user(tx: &Tx, user: &User) -> UserDetail {
    let record = &user.record;
    let inline = inline(&record.policies);
    let groups = record.groups.iter().filter_map(|id| tx.account().group_by_id(*id));
    let mut groups: Vec<_> = groups.map(|group| group.record.name.clone()).collect();
    groups.sort_by_cached_key(|name| daypass_state::Name::new(name));
    UserDetail {
        path: Some(record.path.clone()),
        user_name: Some(record.name.clone()),
        user_id: Some(record.id.to_string()),
        arn: Some(user.arn().to_string()),
        create_date: Some(DateTime::from_secs(record.create_date)),
        user_policy_list: Some(inline).filter(|list| !list.is_empty()),
        group_list: Some(groups),
        attached_managed_policies: Some(held_policies::attached(tx.account(), &record.policies)),
        permissions_boundary: record.permissions_boundary.as_ref().map(boundary::shape),
        tags: Some(tags::shape(&record.tags)),
    }
}

pub(super) fn group(tx: &Tx, group: &Group) -> GroupDetail {
    let record = &group.record;
    GroupDetail {
        path: Some(record.path.clone()),
        group_name: Some(record.name.clone()),
        group_id: Some(record.id.to_string()),
        arn: Some(group.arn().to_string()),
        create_date: Some(DateTime::from_secs(record.create_date)),
        group_policy_list: Some(inline(&record.policies)),
        attached_managed_policies: Some(held_policies::attached(tx.account(), &record.policies)),
    }
}

pub(super) fn role(tx: &Tx, role: &Role, now: i64) -> RoleDetail {
    let record = &role.record;
    let view = tx.across_accounts(CrossAccount::TrustedPrincipals);
    let trust = role::trust::to_show(view, &record.assume_role_policy_document);
    let profiles = tx.account().instance_profiles_of(record.id);
    let profiles =
        profiles.map(|profile| instance_profile::listed(tx, role.account(), &profile.record));
    RoleDetail {
        path: Some(record.path.clone()),
        role_name: Some(record.name.clone()),
        role_id: Some(record.id.to_string()),
        arn: Some(role.arn().to_string()),
        create_date: Some(DateTime::from_secs(record.create_date)),
        assume_role_policy_document: Some(document::encode(&trust)),
        instance_profile_list: Some(profiles.collect()),
        role_policy_list: Some(inline(&record.policies)),
        attached_managed_policies: Some(held_policies::attached(tx.account(), &record.policies)),
        permissions_boundary: record.permissions_boundary.as_ref().map(boundary::shape),
        tags: Some(tags::shape(&record.tags)),
        role_last_used: Some(role::last_used(role, now)),
    }
}

pub(super) fn policy(tx: &Tx, policy: ManagedPolicy<'_>) -> ManagedPolicyDetail {
    let listed = shape::listed(policy, tx.account());
    ManagedPolicyDetail {
        policy_name: listed.policy_name,
        policy_id: listed.policy_id,
        arn: listed.arn,
        path: listed.path,
        default_version_id: listed.default_version_id,
        attachment_count: listed.attachment_count,
        permissions_boundary_usage_count: listed.permissions_boundary_usage_count,
        is_attachable: listed.is_attachable,
        description: None,
        create_date: listed.create_date,
        update_date: listed.update_date,
        policy_version_list: Some(versions(policy)),
    }
}

/// All versions, the newest first.
fn versions(policy: ManagedPolicy<'_>) -> Vec<PolicyVersion> {
    match policy {
        ManagedPolicy::Customer(policy) => {
            let versions = policy.record.versions.iter().rev();
            let shape = |(number, version): (&u32, &daypass_state::record::VersionRecord)| {
                let listed = shape::listed_version(&policy.record, *number, version);
                shape::described_version(listed, &version.document)
            };
            versions.map(shape).collect()
        }
        ManagedPolicy::Aws(policy) => {
            vec![shape::described_version(shape::listed_aws_version(policy), policy.document())]
        }
    }
}

fn inline(held: &HeldPolicies) -> Vec<PolicyDetail> {
    let shape = |(name, text): (&String, &String)| PolicyDetail {
        policy_name: Some(name.clone()),
        policy_document: Some(document::encode(text)),
    };
    held.inline.iter().map(shape).collect()
}
