use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetPolicyVersionInput, GetPolicyVersionOutput};
use daypass_state::Tx;

use super::{ManagedPolicy, managed, shape, version};
use crate::errors::NoSuchEntity;
use crate::generated::GetPolicyVersion;

impl Guarded for GetPolicyVersion {
    fn targets(
        input: &GetPolicyVersionInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:GetPolicyVersion", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for GetPolicyVersion {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetPolicyVersionOutput, ServiceError> {
        let GetPolicyVersionInput { policy_arn, version_id } = call.input();
        let absent = || NoSuchEntity::PolicyVersion { policy: policy_arn, version: version_id };
        let policy = ManagedPolicy::find(tx.account(), policy_arn).ok_or_else(absent)?;
        let policy_version = match policy {
            ManagedPolicy::Customer(policy) => {
                let (number, version) =
                    version::find(&policy.record, version_id).ok_or_else(absent)?;
                let listed = shape::listed_version(&policy.record, number, version);
                shape::described_version(listed, &version.document)
            }
            ManagedPolicy::Aws(policy) if policy.default_version_id == *version_id => {
                shape::described_version(shape::listed_aws_version(policy), policy.document())
            }
            ManagedPolicy::Aws(_) => return Err(absent().into()),
        };
        Ok(GetPolicyVersionOutput { policy_version: Some(policy_version) })
    }
}
