use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateAssumeRolePolicyInput, UpdateAssumeRolePolicyOutput};
use daypass_state::record::RoleRecord;
use daypass_state::{CrossAccount, Tx};

use super::trust;
use crate::generated::UpdateAssumeRolePolicy;
use crate::need;
use crate::quotas;

impl Guarded for UpdateAssumeRolePolicy {
    fn targets(
        input: &UpdateAssumeRolePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_bounded_role(targets, scope, "iam:UpdateAssumeRolePolicy", &input.role_name);
        Ok(())
    }
}

impl Handle for UpdateAssumeRolePolicy {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateAssumeRolePolicyOutput, ServiceError> {
        let input = call.input();
        let role = super::find_modifiable(tx.account(), &input.role_name)?;
        let trust = trust::to_store(
            &call.call().env,
            tx.across_accounts(CrossAccount::TrustedPrincipals),
            quotas::TRUST_POLICY_SIZE.of(tx.account()),
            &input.policy_document,
        )?;
        let record = RoleRecord { assume_role_policy_document: trust, ..role.record.clone() };
        tx.put_role(&record);
        Ok(UpdateAssumeRolePolicyOutput {})
    }
}
