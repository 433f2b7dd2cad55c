//! Credentials of users for a single service (IAM User Guide, "Service-specific credentials").

mod create;
mod delete;
mod list;
mod reset;
mod secret;
mod service;
mod update;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_authz::{Call, Scope, Targets};
use daypass_model::iam::{self, StatusType};
use daypass_model::{ServiceError, iam::ServiceSpecificCredential};
use daypass_state::record::{KeyOwner, ServiceSpecificCredentialRecord};
use daypass_state::{Account, User};

use crate::caller::Subject;
use crate::errors::NoSuchEntity;
use crate::need::Needed;
use crate::{credential_status, user};
use secret::NewSecret;
use service::Form;

/// The user that the parameter names, or who calls. A root user has no such credentials.
///
/// # Errors
/// `NoSuchEntity` when there is no such user.
fn owner<'a>(account: &'a Account, subject: Subject<'_>) -> Result<&'a Arc<User>, ServiceError> {
    match subject {
        Subject::Root => Err(NoSuchEntity::User("root").into()),
        Subject::User(name) => user::find(account, name),
    }
}

/// A user's credential.
///
/// # Errors
/// `NoSuchEntity` when the user has none of this id.
fn find<'a>(
    account: &'a Account,
    user: &User,
    id: &str,
) -> Result<&'a Arc<ServiceSpecificCredentialRecord>, ServiceError> {
    let known = account.credential(KeyOwner::User(user.record.id), id);
    known.ok_or_else(|| NoSuchEntity::ServiceSpecificCredential(id).into())
}

/// The user and the credential that a request names.
///
/// # Errors
/// `NoSuchEntity` when there is no such user, or the user has no such credential.
fn named<'a>(
    account: &'a Account,
    call: &Call,
    user_name: Option<&str>,
    id: &str,
) -> Result<(&'a Arc<User>, &'a Arc<ServiceSpecificCredentialRecord>), ServiceError> {
    let user = owner(account, Subject::of(user_name, call)?)?;
    Ok((user, find(account, user, id)?))
}

/// `action` on the user, for the service that the credential is for, if there is such a credential.
fn need(
    targets: &mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    user_name: Option<&str>,
    id: &str,
) -> Needed {
    let subject = Subject::of(user_name, scope.call())?;
    let known = named(scope.entities(), scope.call(), user_name, id).ok();
    let target = subject.need(targets, scope, action);
    if let Some((_, known)) = known {
        target.key("iam:ServiceSpecificCredentialServiceName", &known.service);
    }
    Ok(())
}

/// An API key that is past its time is expired, whatever was set.
fn status(record: &ServiceSpecificCredentialRecord, now: i64) -> StatusType {
    match record.status {
        _ if record.expiration.is_some_and(|expiration| expiration <= now) => StatusType::Expired,
        status => credential_status::shown(status),
    }
}

/// A credential with its secret, which is shown this once.
fn with_secret(
    user: &User,
    record: &ServiceSpecificCredentialRecord,
    secret: NewSecret,
    now: i64,
) -> ServiceSpecificCredential {
    let iam::ServiceSpecificCredentialMetadata {
        service_user_name,
        service_credential_alias,
        expiration_date,
        ..
    } = listed(user, record, now);
    let (service_password, service_credential_secret) = match service_user_name {
        Some(_) => (Some(secret.text), None),
        None => (None, Some(secret.text)),
    };
    ServiceSpecificCredential {
        create_date: DateTime::from_secs(record.create_date),
        expiration_date,
        service_name: record.service.clone(),
        service_user_name,
        service_password,
        service_credential_alias,
        service_credential_secret,
        service_specific_credential_id: record.id.to_string(),
        user_name: user.record.name.clone(),
        status: status(record, now),
    }
}

/// A credential in the form in which lists show it.
fn listed(
    user: &User,
    record: &ServiceSpecificCredentialRecord,
    now: i64,
) -> iam::ServiceSpecificCredentialMetadata {
    let is_password = service::form(&record.service) == Some(Form::Password);
    let name = Some(record.name.clone());
    let (service_user_name, service_credential_alias) =
        if is_password { (name, None) } else { (None, name) };
    iam::ServiceSpecificCredentialMetadata {
        user_name: user.record.name.clone(),
        status: status(record, now),
        service_user_name,
        service_credential_alias,
        create_date: DateTime::from_secs(record.create_date),
        expiration_date: record.expiration.map(DateTime::from_secs),
        service_specific_credential_id: record.id.to_string(),
        service_name: record.service.clone(),
    }
}
