use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetPolicyInput, GetPolicyOutput};
use daypass_state::Tx;

use super::{ManagedPolicy, managed, shape};
use crate::generated::GetPolicy;

impl Guarded for GetPolicy {
    fn targets(
        input: &GetPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:GetPolicy", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for GetPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetPolicyOutput, ServiceError> {
        let policy = ManagedPolicy::existing(tx.account(), &call.input().policy_arn)?;
        Ok(GetPolicyOutput { policy: Some(shape::described(policy, tx.account())) })
    }
}
