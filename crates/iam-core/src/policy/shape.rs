//! Managed policies and their versions as answers show them.

use aws_smithy_types::DateTime;
use daypass_ident::{AccountId, Arn};
use daypass_model::iam::{Policy, PolicyVersion};
use daypass_state::Account;
use daypass_state::record::{PolicyRecord, VersionRecord};

use super::{ManagedPolicy, VersionId, document};
use crate::tags;

/// A policy that has just been made, which nobody uses yet.
pub(crate) fn created(policy: &PolicyRecord, account: AccountId) -> Policy {
    Policy {
        attachment_count: Some(0),
        permissions_boundary_usage_count: Some(0),
        tags: tags::shape_some(&policy.tags),
        ..of_record(policy, &Arn::policy(account, &policy.path, &policy.name))
    }
}

/// A policy as lists show it: without description and tags.
pub(crate) fn listed(policy: ManagedPolicy<'_>, account: &Account) -> Policy {
    match policy {
        ManagedPolicy::Customer(policy) => {
            counted(of_record(&policy.record, &policy.arn()), account)
        }
        ManagedPolicy::Aws(policy) => counted(of_catalog(policy), account),
    }
}

/// A policy as `GetPolicy` shows it.
pub(crate) fn described(policy: ManagedPolicy<'_>, account: &Account) -> Policy {
    let listed = listed(policy, account);
    match policy {
        ManagedPolicy::Customer(policy) => Policy {
            description: policy.record.description.clone(),
            tags: Some(tags::shape(&policy.record.tags)),
            ..listed
        },
        ManagedPolicy::Aws(_) => Policy { tags: Some(Vec::new()), ..listed },
    }
}

/// A version of a customer managed policy as lists show it: without its document.
pub(crate) fn listed_version(
    policy: &PolicyRecord,
    number: u32,
    version: &VersionRecord,
) -> PolicyVersion {
    PolicyVersion {
        document: None,
        version_id: Some(VersionId(number).to_string()),
        is_default_version: Some(number == policy.default_version),
        create_date: Some(DateTime::from_secs(version.create_date)),
    }
}

/// The one version of AWS's policy that is known, as lists show it.
pub(crate) fn listed_aws_version(policy: &daypass_catalog::ManagedPolicy) -> PolicyVersion {
    PolicyVersion {
        document: None,
        version_id: Some(policy.default_version_id.to_owned()),
        is_default_version: Some(true),
        create_date: Some(policy.update_date),
    }
}

/// A version with its document.
pub(crate) fn described_version(listed: PolicyVersion, text: &str) -> PolicyVersion {
    PolicyVersion { document: Some(document::encode(text)), ..listed }
}

fn of_record(record: &PolicyRecord, arn: &Arn) -> Policy {
    Policy {
        policy_name: Some(record.name.clone()),
        policy_id: Some(record.id.to_string()),
        arn: Some(arn.to_string()),
        path: Some(record.path.clone()),
        default_version_id: Some(VersionId(record.default_version).to_string()),
        is_attachable: Some(true),
        create_date: Some(DateTime::from_secs(record.create_date)),
        update_date: Some(DateTime::from_secs(record.update_date)),
        ..Policy::default()
    }
}

fn of_catalog(policy: &daypass_catalog::ManagedPolicy) -> Policy {
    Policy {
        policy_name: Some(policy.name.to_owned()),
        policy_id: Some(policy.id.to_string()),
        arn: Some(policy.arn.to_owned()),
        path: Some(policy.path.to_owned()),
        default_version_id: Some(policy.default_version_id.to_owned()),
        is_attachable: Some(true),
        create_date: Some(policy.create_date),
        update_date: Some(policy.update_date),
        ..Policy::default()
    }
}

/// Adds how often the account uses the policy.
fn counted(policy: Policy, account: &Account) -> Policy {
    let arn = policy.arn.as_deref().unwrap_or_default();
    let attached = account.attached_to(arn).count();
    let bounded = account.bounded_by(arn).count();
    Policy {
        attachment_count: Some(i32::try_from(attached).unwrap_or(i32::MAX)),
        permissions_boundary_usage_count: Some(i32::try_from(bounded).unwrap_or(i32::MAX)),
        ..policy
    }
}
