//! Instance profiles, which hand roles to EC2 (IAM User Guide, "Use instance profiles").

mod add_role_to_instance_profile;
mod create_instance_profile;
mod delete_instance_profile;
mod get_instance_profile;
mod list_instance_profile_tags;
mod list_instance_profiles;
mod list_instance_profiles_for_role;
mod remove_role_from_instance_profile;
mod tag_instance_profile;
mod untag_instance_profile;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::{AccountId, Arn};
use daypass_model::{ServiceError, iam};
use daypass_state::record::InstanceProfileRecord;
use daypass_state::{Account, CrossAccount, InstanceProfile, Tx};

use crate::errors::NoSuchEntity;
use crate::{role, tags};

/// The instance profile of this name.
///
/// # Errors
/// `NoSuchEntity` when there is none.
fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<InstanceProfile>, ServiceError> {
    account.instance_profile(name).ok_or_else(|| NoSuchEntity::InstanceProfile(name).into())
}

/// A profile in the form in which lists show it: without tags. Of the role in it they show neither
/// the description nor the longest session.
pub(crate) fn listed(
    tx: &Tx,
    account: AccountId,
    profile: &InstanceProfileRecord,
) -> iam::InstanceProfile {
    let view = tx.across_accounts(CrossAccount::TrustedPrincipals);
    let role = profile.role.and_then(|id| tx.account().role_by_id(id));
    let role = role.map(|role| iam::Role {
        description: None,
        max_session_duration: None,
        ..role::listed(view, account, &role.record)
    });
    iam::InstanceProfile {
        path: profile.path.clone(),
        instance_profile_name: profile.name.clone(),
        instance_profile_id: profile.id.to_string(),
        arn: Arn::instance_profile(account, &profile.path, &profile.name).to_string(),
        create_date: DateTime::from_secs(profile.create_date),
        roles: role.into_iter().collect(),
        tags: None,
    }
}

/// A profile in the form in which it is shown alone.
fn described(tx: &Tx, account: AccountId, profile: &InstanceProfileRecord) -> iam::InstanceProfile {
    iam::InstanceProfile { tags: tags::shape_some(&profile.tags), ..listed(tx, account, profile) }
}
