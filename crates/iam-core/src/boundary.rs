//! Permissions boundaries of users and roles.

use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{AttachedPermissionsBoundary, PermissionsBoundaryAttachmentType};
use daypass_state::Account;

use crate::errors::NoSuchEntity;
use crate::policy::{self, ManagedPolicy};

/// The managed policy that a request names as a boundary: the account's own or AWS's.
///
/// # Errors
/// As [`policy::parse_arn`] when the text names no managed policy; `NoSuchEntity` when there is none
/// of that name.
pub(crate) fn find(account: &Account, text: &str) -> Result<Arn, ServiceError> {
    let arn = policy::parse_arn(text)?;
    ManagedPolicy::find(account, text).ok_or(NoSuchEntity::BoundaryPolicy(text))?;
    Ok(arn)
}

/// A boundary in the form in which answers show it.
pub(crate) fn shape(boundary: &Arn) -> AttachedPermissionsBoundary {
    AttachedPermissionsBoundary {
        permissions_boundary_type: Some(PermissionsBoundaryAttachmentType::Policy),
        permissions_boundary_arn: Some(boundary.to_string()),
    }
}
