//! Permissions boundaries of users and roles.

use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_model::iam::{AttachedPermissionsBoundary, PermissionsBoundaryAttachmentType};
use daypass_state::View;

use crate::errors::{NoSuchEntity, ValidationError};

/// The managed policy that a request names as a boundary: the account's own or AWS's.
///
/// # Errors
/// `ValidationError` when the text names no managed policy, `NoSuchEntity` when there is none of
/// that name.
pub(crate) fn find(view: &View, account: AccountId, text: &str) -> Result<Arn, ServiceError> {
    let invalid = || ServiceError::from(ValidationError::PermissionsBoundary(text));
    let arn: Arn = text.parse().map_err(|_| invalid())?;
    let parts = arn.parts();
    if parts.service != "iam" || parts.path_and_name("policy").is_none() {
        return Err(invalid());
    }
    let exists = match parts.account {
        "aws" => daypass_catalog::managed_policy(text).is_some(),
        _ => parts.account_id() == Some(account) && view.customer_policy(text).is_some(),
    };
    if !exists {
        return Err(NoSuchEntity::AttachablePolicy(text).into());
    }
    Ok(arn)
}

/// A boundary in the form in which answers show it.
pub(crate) fn shape(boundary: &Arn) -> AttachedPermissionsBoundary {
    AttachedPermissionsBoundary {
        permissions_boundary_type: Some(PermissionsBoundaryAttachmentType::Policy),
        permissions_boundary_arn: Some(boundary.to_string()),
    }
}
