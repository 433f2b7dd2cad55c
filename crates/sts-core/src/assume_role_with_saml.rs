use daypass_authz::{Guarded, Scope, Targets};
use daypass_model::ServiceError;

use crate::generated::AssumeRoleWithSaml;
use crate::trusted_role::TrustedRole;

impl Guarded for AssumeRoleWithSaml {
    /// The role's trust policy alone decides. What its conditions may ask for (`saml:…`, the
    /// session's name, tags and source identity) is in the assertion.
    fn targets(
        input: &Self::Input,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let role = TrustedRole::of(&input.role_arn, scope)?;
        role.need(targets, scope, "sts:AssumeRoleWithSAML");
        Ok(())
    }
}
