use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UntagPolicyInput, UntagPolicyOutput};
use daypass_state::Tx;

use super::managed;
use crate::errors::AccessDenied;
use crate::generated::UntagPolicy;
use crate::tags::KeyCase;

impl Guarded for UntagPolicy {
    fn targets(
        input: &UntagPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:UntagPolicy", &input.policy_arn)?
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UntagPolicyOutput, ServiceError> {
        let UntagPolicyInput { policy_arn, tag_keys } = call.input();
        let policy = managed::to_change(tx.account(), policy_arn, AccessDenied::UpdateAwsManaged)?;
        let mut record = policy.record.clone();
        KeyCase::Significant.remove(&mut record.tags, tag_keys);
        tx.put_policy(&record);
        Ok(UntagPolicyOutput {})
    }
}
