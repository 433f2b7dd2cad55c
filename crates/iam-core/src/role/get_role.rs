use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{self, GetRoleInput, GetRoleOutput};
use daypass_state::{CrossAccount, Tx};

use super::{described, last_used};
use crate::generated::GetRole;
use crate::need;

impl Guarded for GetRole {
    fn targets(
        input: &GetRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_bounded_role(targets, scope, "iam:GetRole", &input.role_name);
        Ok(())
    }
}

impl Handle for GetRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetRoleOutput, ServiceError> {
        let role = super::find(tx.account(), &call.input().role_name)?;
        Ok(GetRoleOutput {
            role: iam::Role {
                role_last_used: Some(last_used(role, call.now())),
                ..described(
                    tx.across_accounts(CrossAccount::TrustedPrincipals),
                    call.account(),
                    &role.record,
                )
            },
        })
    }
}
