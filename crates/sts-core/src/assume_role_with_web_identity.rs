use daypass_authz::{Guarded, Scope, Targets};
use daypass_model::ServiceError;

use crate::generated::AssumeRoleWithWebIdentity;
use crate::trusted_role::TrustedRole;

impl Guarded for AssumeRoleWithWebIdentity {
    /// The role's trust policy alone decides. What else its conditions may ask for (the provider's
    /// claims, tags and source identity) is in the token.
    fn targets(
        input: &Self::Input,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let role = TrustedRole::of(&input.role_arn, scope)?;
        role.need(targets, scope, "sts:AssumeRoleWithWebIdentity")
            .key("sts:RoleSessionName", &input.role_session_name);
        Ok(())
    }
}
