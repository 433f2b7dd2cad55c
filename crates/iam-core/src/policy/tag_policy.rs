use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{TagPolicyInput, TagPolicyOutput};
use daypass_state::Tx;

use super::managed;
use crate::errors::AccessDenied;
use crate::generated::TagPolicy;
use crate::tags::{self, KeyCase};

impl Guarded for TagPolicy {
    fn targets(
        input: &TagPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:TagPolicy", &input.policy_arn)?
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<TagPolicyOutput, ServiceError> {
        let TagPolicyInput { policy_arn, tags } = call.input();
        let policy = managed::to_change(tx.account(), policy_arn, AccessDenied::UpdateAwsManaged)?;
        let mut record = policy.record.clone();
        KeyCase::Significant.put(&mut record.tags, tags)?;
        tx.put_policy(&record);
        Ok(TagPolicyOutput {})
    }
}
