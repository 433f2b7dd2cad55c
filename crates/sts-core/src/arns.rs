//! The ARNs that calls name.

use daypass_ident::{AccountId, Arn};

use crate::errors::StsError;

/// An ARN of whatever resource, which has a partition, a service and a resource.
///
/// # Errors
/// [`StsError::InvalidArn`] when it is none.
pub(crate) fn complete(text: &str) -> Result<Arn, StsError<'_>> {
    let arn = text.parse().map_err(|_| StsError::InvalidArn(text))?;
    let parts = Arn::parts(&arn);
    if [parts.partition, parts.service, parts.resource].contains(&"") {
        return Err(StsError::InvalidArn(text));
    }
    Ok(arn)
}

/// The ARN of a resource of IAM's of this kind, such as `role`, and whose it is.
pub(crate) fn of_iam(kind: &str, text: &str) -> Option<(Arn, AccountId)> {
    let arn: Arn = text.parse().ok()?;
    let parts = arn.parts();
    let account = parts.account_id()?;
    let is_one = parts.is_iam() && parts.path_and_name(kind).is_some();
    is_one.then_some((arn, account))
}
