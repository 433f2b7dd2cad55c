//! What the operations on role templates need.

use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::Arn;

use crate::generated::{AcquireRole, GetRoleTemplateVersion};
use crate::need::{self, Needed};

impl Guarded for AcquireRole {
    /// AWS has no action for it: it asks for what making the role by hand needs, told from which
    /// template. Only the template says the role's name.
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let template = need::parse_arn(&input.template_arn)?;
        let roles = Arn::role(scope.account(), "/", "*");
        targets.need("iam:CreateRole", roles).key("iam:RoleTemplateARN", template);
        Ok(())
    }
}

impl Guarded for GetRoleTemplateVersion {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:GetRoleTemplateVersion", &input.template_arn)?;
        Ok(())
    }
}
