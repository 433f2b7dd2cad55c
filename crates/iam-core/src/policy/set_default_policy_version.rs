use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{SetDefaultPolicyVersionInput, SetDefaultPolicyVersionOutput};
use daypass_state::Tx;
use daypass_state::record::PolicyRecord;

use super::{ManagedPolicy, managed, version};
use crate::errors::{AccessDenied, NoSuchEntity};
use crate::generated::SetDefaultPolicyVersion;

impl Guarded for SetDefaultPolicyVersion {
    fn targets(
        input: &SetDefaultPolicyVersionInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:SetDefaultPolicyVersion", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for SetDefaultPolicyVersion {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<SetDefaultPolicyVersionOutput, ServiceError> {
        let SetDefaultPolicyVersionInput { policy_arn, version_id } = call.input();
        let absent = || NoSuchEntity::PolicyVersion { policy: policy_arn, version: version_id };
        let policy = match ManagedPolicy::find(tx.account(), policy_arn).ok_or_else(absent)? {
            ManagedPolicy::Customer(policy) => policy,
            ManagedPolicy::Aws(_) => return Err(AccessDenied::UpdateAwsManaged.into()),
        };
        let (number, _) = version::find(&policy.record, version_id).ok_or_else(absent)?;
        let changed = PolicyRecord {
            default_version: number,
            update_date: call.now(),
            ..policy.record.clone()
        };
        tx.put_policy(&changed);
        Ok(SetDefaultPolicyVersionOutput {})
    }
}
