use daypass_authz::{ResourcePolicy, Scope, Target, Targets};
use daypass_ident::Arn;
use daypass_state::{CrossAccount, Role};

use crate::arns;
use crate::errors::StsError;

/// A role that somebody wants to assume. One that is not there is one that trusts nobody, so that
/// nobody learns which roles there are.
pub(crate) struct TrustedRole<'a> {
    arn: Arn,
    role: Option<&'a Role>,
}

impl<'a> TrustedRole<'a> {
    /// The role of this ARN.
    ///
    /// # Errors
    /// [`StsError::InvalidArn`] when it is none.
    pub(crate) fn of<'i>(arn: &'i str, scope: &Scope<'a>) -> Result<Self, StsError<'i>> {
        let arn = arns::complete(arn)?;
        let view = scope.across_accounts(CrossAccount::AssumedRole);
        let role = view.role_by_arn(&arn).map(|role| &**role);
        Ok(Self { arn, role })
    }

    /// `action` on the role, on which its trust policy has a say.
    pub(crate) fn need<'t>(
        &self,
        targets: &'t mut Targets,
        scope: &Scope<'_>,
        action: &'static str,
    ) -> &'t mut Target {
        let account = self.arn.parts().account_id().unwrap_or_else(|| scope.account());
        let trust = self.role.and_then(|role| role.trust.clone());
        let target = targets.need(action, self.arn.clone());
        target.trusted_by(account, ResourcePolicy { policy: trust }).denied_tersely();
        if let Some(role) = self.role {
            target.identity_tags(&role.record.tags);
        }
        target
    }
}
