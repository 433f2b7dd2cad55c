use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeletePolicyVersionInput, DeletePolicyVersionOutput};
use daypass_state::Tx;

use super::{managed, version};
use crate::errors::{AccessDenied, DeleteConflict, NoSuchEntity};
use crate::generated::DeletePolicyVersion;

impl Guarded for DeletePolicyVersion {
    fn targets(
        input: &DeletePolicyVersionInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:DeletePolicyVersion", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for DeletePolicyVersion {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeletePolicyVersionOutput, ServiceError> {
        let DeletePolicyVersionInput { policy_arn, version_id } = call.input();
        let policy =
            managed::to_change(tx.account(), policy_arn, AccessDenied::DeleteAwsManagedVersion)?;
        let absent = || NoSuchEntity::PolicyVersion { policy: policy_arn, version: version_id };
        let (number, _) = version::find(&policy.record, version_id).ok_or_else(absent)?;
        if number == policy.record.default_version {
            return Err(DeleteConflict::DefaultVersion.into());
        }
        let mut record = policy.record.clone();
        record.versions.remove(&number);
        tx.put_policy(&record);
        Ok(DeletePolicyVersionOutput {})
    }
}
