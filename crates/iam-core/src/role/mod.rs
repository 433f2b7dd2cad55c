//! Roles and whom they trust (IAM User Guide, "IAM roles").

mod create_role;
mod delete_role;
mod get_role;
mod list_role_tags;
mod list_roles;
mod tag_role;
pub(crate) mod trust;
mod untag_role;
mod update_assume_role_policy;
mod update_role;
mod update_role_description;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_model::iam::{self, SourceRoleTemplate};
use daypass_state::record::RoleRecord;
use daypass_state::{Account, Role, View};

use crate::errors::{NoSuchEntity, UnmodifiableEntity};
use crate::policy::document;
use crate::{boundary, tags};

/// The role of this name.
///
/// # Errors
/// `NoSuchEntity` when there is none.
pub(crate) fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<Role>, ServiceError> {
    account.role(name).ok_or_else(|| NoSuchEntity::Role(name).into())
}

/// The role of this name, to change it.
///
/// # Errors
/// As [`find`]; `UnmodifiableEntity` for a role that is AWS's to change.
pub(crate) fn find_modifiable<'a>(
    account: &'a Account,
    name: &str,
) -> Result<&'a Arc<Role>, ServiceError> {
    let role = find(account, name)?;
    check_modifiable(&role.record)?;
    Ok(role)
}

/// The role of this name, to change its description, which is the account's to change of service-linked
/// roles, too (IAM User Guide, "Edit a service-linked role").
///
/// # Errors
/// As [`find`]; `UnmodifiableEntity` for a role of Identity Center.
fn find_to_describe<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<Role>, ServiceError> {
    let role = find(account, name)?;
    if !role.record.path.starts_with(SERVICE_LINKED_PATH) {
        check_modifiable(&role.record)?;
    }
    Ok(role)
}

/// Whether the account may change the role: service-linked roles and those of Identity Center are
/// AWS's to change.
///
/// # Errors
/// `UnmodifiableEntity` when it may not.
pub(crate) fn check_modifiable(role: &RoleRecord) -> Result<(), ServiceError> {
    if AWSS_OWN_PATHS.iter().any(|path| role.path.starts_with(path)) {
        return Err(UnmodifiableEntity::ProtectedRole(&role.name).into());
    }
    Ok(())
}

/// A role in the form in which lists show it: without boundary, tags and last use.
pub(crate) fn listed(view: &View, account: AccountId, role: &RoleRecord) -> iam::Role {
    let trust = trust::to_show(view, &role.assume_role_policy_document);
    iam::Role {
        path: role.path.clone(),
        role_name: role.name.clone(),
        role_id: role.id.to_string(),
        arn: Arn::role(account, &role.path, &role.name).to_string(),
        create_date: DateTime::from_secs(role.create_date),
        assume_role_policy_document: Some(document::encode(&trust)),
        description: role.description.clone(),
        max_session_duration: Some(role.max_session_duration),
        permissions_boundary: None,
        tags: None,
        role_last_used: None,
        source_role_template: role.source_template.as_ref().map(|source| SourceRoleTemplate {
            template_arn: source.arn.clone(),
            template_minor_version: source.minor_version,
        }),
    }
}

/// A role in the form in which it is shown alone: with boundary and tags.
pub(crate) fn described(view: &View, account: AccountId, role: &RoleRecord) -> iam::Role {
    iam::Role {
        permissions_boundary: role.permissions_boundary.as_ref().map(boundary::shape),
        tags: tags::shape_some(&role.tags),
        ..listed(view, account, role)
    }
}

/// When a session of the role last made a request; empty when none did as far back as IAM looks.
pub(crate) fn last_used(role: &Role, now: i64) -> iam::RoleLastUsed {
    let last = role.last_used.get();
    match last.filter(|last| now.saturating_sub(last.at) <= TRACKING_PERIOD) {
        Some(last) => iam::RoleLastUsed {
            last_used_date: Some(DateTime::from_secs(last.at)),
            region: Some(last.region.to_string()),
        },
        None => iam::RoleLastUsed::default(),
    }
}

/// How long a session is at most where nobody says so, in seconds.
pub(crate) const DEFAULT_SESSION_SECONDS: i32 = 3600;
/// The paths below which only AWS makes and changes roles.
const AWSS_OWN_PATHS: [&str; 2] = [SERVICE_LINKED_PATH, "/aws-reserved/"];
/// What the paths of all service-linked roles begin with.
pub(crate) const SERVICE_LINKED_PATH: &str = "/aws-service-role/";
/// 400 days, in seconds (IAM API Reference, `RoleLastUsed`).
const TRACKING_PERIOD: i64 = 400 * 86_400;
