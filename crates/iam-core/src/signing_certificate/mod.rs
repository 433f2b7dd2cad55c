//! The signing certificates of users (IAM User Guide, "Manage signing certificates").

mod delete_signing_certificate;
mod list_signing_certificates;
mod update_signing_certificate;
mod upload_signing_certificate;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_authz::Call;
use daypass_model::ServiceError;
use daypass_model::iam::SigningCertificate;
use daypass_state::Account;
use daypass_state::record::SigningCertificateRecord;

use crate::caller::Subject;
use crate::errors::NoSuchEntity;
use crate::{access_key, credential_status};

/// The certificate that a request names: of the named user, else of the caller.
///
/// # Errors
/// `NoSuchEntity` when there is no such user, or the user has no such certificate.
fn named<'a>(
    account: &'a Account,
    call: &Call,
    user_name: Option<&str>,
    id: &str,
) -> Result<&'a Arc<SigningCertificateRecord>, ServiceError> {
    let owner = Subject::of(user_name, call)?.key_owner(account)?;
    account.credential(owner, id).ok_or_else(|| NoSuchEntity::SigningCertificate(id).into())
}

/// A certificate in the form in which it is shown.
fn shown(account: &Account, record: &SigningCertificateRecord) -> SigningCertificate {
    SigningCertificate {
        // A root user has no name; AWS has the account's alias in its place, if there is one.
        user_name: access_key::owner_name(account, record.owner).unwrap_or_default(),
        certificate_id: record.id.clone(),
        certificate_body: record.body.clone(),
        status: credential_status::shown(record.status),
        upload_date: Some(DateTime::from_secs(record.upload_date)),
    }
}
