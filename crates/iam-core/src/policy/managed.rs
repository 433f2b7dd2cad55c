use std::borrow::Cow;
use std::sync::Arc;

use daypass_authz::{Scope, Target, Targets};
use daypass_ident::{Arn, fold_case};
use daypass_model::ServiceError;
use daypass_state::{Account, CustomerPolicy};

use crate::errors::{AccessDenied, InvalidInput, NoSuchEntity, ValidationError};

/// A managed policy, as the operations that name one by its ARN find it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ManagedPolicy<'a> {
    /// One of the account's own.
    Customer(&'a Arc<CustomerPolicy>),
    /// One of AWS's, which every account may use and none may change.
    Aws(&'static daypass_catalog::ManagedPolicy),
}

impl<'a> ManagedPolicy<'a> {
    /// The policy of this ARN that the account may use; another account's is as good as absent.
    pub(crate) fn find(account: &'a Account, arn: &str) -> Option<Self> {
        if let Some(policy) = daypass_catalog::managed_policy(arn) {
            return Some(Self::Aws(policy));
        }
        account.policy_by_arn(arn).map(Self::Customer)
    }

    /// As [`find`](Self::find), for operations to which an absent policy is an error.
    pub(crate) fn existing(account: &'a Account, arn: &str) -> Result<Self, ServiceError> {
        Self::find(account, arn).ok_or_else(|| NoSuchEntity::Policy(arn).into())
    }

    /// The policy of this ARN, to attach it or to bound somebody with it.
    pub(crate) fn attachable(account: &'a Account, arn: &str) -> Result<Self, ServiceError> {
        Self::find(account, arn).ok_or_else(|| NoSuchEntity::AttachablePolicy(arn).into())
    }

    /// The ARN.
    pub(crate) fn arn(&self) -> Cow<'static, str> {
        match self {
            Self::Customer(policy) => Cow::Owned(policy.arn().into()),
            Self::Aws(policy) => Cow::Borrowed(policy.arn),
        }
    }

    /// The path, with both its slashes.
    pub(crate) fn path(&self) -> &'a str {
        match self {
            Self::Customer(policy) => &policy.record.path,
            Self::Aws(policy) => policy.path,
        }
    }

    /// The name, in the case it was created with.
    pub(crate) fn name(&self) -> &'a str {
        match self {
            Self::Customer(policy) => &policy.record.name,
            Self::Aws(policy) => policy.name,
        }
    }

    /// Whether AWS made the policy for service-linked roles, which only AWS makes.
    pub(crate) fn is_for_service_linked_roles(&self) -> bool {
        matches!(self, Self::Aws(policy) if policy.path == "/aws-service-role/")
    }

    /// The policy's place in a list: by name. AWS's policies may have namesakes among the
    /// customer's, but neither has any among its own.
    pub(crate) fn list_key(&self) -> String {
        let owner = match self {
            Self::Customer(_) => "customer",
            Self::Aws(_) => "aws",
        };
        format!("{}/{owner}", fold_case(self.name()))
    }
}

/// The account's own policy of this ARN, to change it. AWS's policies may be changed by nobody,
/// whatever a caller's policies allow: `of_aws` is how that is refused.
pub(crate) fn to_change<'a>(
    account: &'a Account,
    arn: &str,
    of_aws: AccessDenied<'_>,
) -> Result<&'a Arc<CustomerPolicy>, ServiceError> {
    match ManagedPolicy::existing(account, arn)? {
        ManagedPolicy::Customer(policy) => Ok(policy),
        ManagedPolicy::Aws(_) => Err(of_aws.into()),
    }
}

/// `action` on the policy of this ARN, with the policy's tags.
///
/// # Errors
/// As [`parse_arn`].
pub(crate) fn need<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    arn: &str,
) -> Result<&'t mut Target, ServiceError> {
    let target = targets.need(action, parse_arn(arn)?).shown_as(format!("policy {arn}"));
    let account = scope.entities();
    if let Some(ManagedPolicy::Customer(policy)) = ManagedPolicy::find(account, arn) {
        target.resource_tags(&policy.record.tags);
    }
    Ok(target)
}

/// A parameter that must be the ARN of a managed policy. IAM looks at its form before it asks
/// whether the caller may.
///
/// # Errors
/// `ValidationError` for what is no ARN of this partition, `InvalidInput` for one of anything but
/// a policy.
pub(crate) fn parse_arn(text: &str) -> Result<Arn, ServiceError> {
    let arn: Arn = text.parse().map_err(|_| ValidationError::PolicyArn(text))?;
    let parts = arn.parts();
    if parts.partition != "aws" {
        return Err(ValidationError::ArnPartition.into());
    }
    let is_policy = parts.service == "iam"
        && parts.region.is_empty()
        && (parts.account == "aws" || parts.account_id().is_some())
        && parts.path_and_name("policy").is_some();
    if is_policy { Ok(arn) } else { Err(InvalidInput::PolicyArn(text).into()) }
}
