use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{self, UpdateRoleDescriptionInput, UpdateRoleDescriptionOutput};
use daypass_state::record::RoleRecord;
use daypass_state::{CrossAccount, Tx};

use crate::generated::UpdateRoleDescription;
use crate::need;

impl Guarded for UpdateRoleDescription {
    fn targets(
        input: &UpdateRoleDescriptionInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_bounded_role(targets, scope, "iam:UpdateRoleDescription", &input.role_name);
        Ok(())
    }
}

impl Handle for UpdateRoleDescription {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateRoleDescriptionOutput, ServiceError> {
        let input = call.input();
        let role = super::find_to_describe(tx.account(), &input.role_name)?;
        let record =
            RoleRecord { description: Some(input.description.clone()), ..role.record.clone() };
        tx.put_role(&record);
        Ok(UpdateRoleDescriptionOutput {
            // The answer leaves out what GetRole shows of sessions (as recorded from AWS).
            role: Some(iam::Role {
                max_session_duration: None,
                ..super::listed(
                    tx.across_accounts(CrossAccount::TrustedPrincipals),
                    call.account(),
                    &record,
                )
            }),
        })
    }
}
