use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeletePolicyInput, DeletePolicyOutput};
use daypass_state::Tx;

use super::managed;
use crate::errors::{AccessDenied, DeleteConflict};
use crate::generated::DeletePolicy;

impl Guarded for DeletePolicy {
    fn targets(
        input: &DeletePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:DeletePolicy", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for DeletePolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeletePolicyOutput, ServiceError> {
        let arn = &call.input().policy_arn;
        let account = tx.account();
        let policy = Arc::clone(managed::to_change(account, arn, AccessDenied::DeleteAwsManaged)?);
        let is_used =
            account.attached_to(arn).next().is_some() || account.bounded_by(arn).next().is_some();
        if is_used {
            return Err(DeleteConflict::PolicyAttached.into());
        }
        if policy.record.versions.len() > 1 {
            return Err(DeleteConflict::PolicyVersions.into());
        }
        tx.delete_policy(&policy);
        Ok(DeletePolicyOutput {})
    }
}
