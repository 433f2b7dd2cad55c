use std::sync::Arc;

use daypass_authz::{Scope, Target, Targets};
use daypass_model::ServiceError;
use daypass_state::{Account, OidcProvider};

use crate::errors::NoSuchEntity;
use crate::need;

/// The provider of this ARN; another account's is as good as absent.
///
/// # Errors
/// `NoSuchEntity` when there is none.
pub(super) fn existing<'a>(
    account: &'a Account,
    arn: &str,
) -> Result<&'a Arc<OidcProvider>, ServiceError> {
    account.oidc_provider_by_arn(arn).ok_or_else(|| NoSuchEntity::OidcProvider(arn).into())
}

/// `action` on the provider of this ARN, with the provider's tags.
///
/// # Errors
/// `ValidationError` for what is not the ARN of such a provider.
pub(super) fn need<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    arn: &str,
) -> Result<&'t mut Target, ServiceError> {
    let target = targets.need(action, need::parse_arn_of("oidc-provider", arn)?);
    let account = scope.entities();
    if let Some(provider) = account.oidc_provider_by_arn(arn) {
        target.resource_tags(&provider.record.tags);
    }
    Ok(target)
}
