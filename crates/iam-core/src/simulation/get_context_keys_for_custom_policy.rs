use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetContextKeysForCustomPolicyInput, GetContextKeysForCustomPolicyOutput};
use daypass_state::Tx;

use super::documents::Given;
use super::evaluation::distinct_keys;
use crate::generated::GetContextKeysForCustomPolicy;

impl Guarded for GetContextKeysForCustomPolicy {
    fn targets(
        _: &GetContextKeysForCustomPolicyInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GetContextKeysForCustomPolicy");
        Ok(())
    }
}

impl Handle for GetContextKeysForCustomPolicy {
    fn run(
        call: &Permitted<Self>,
        _: &mut Tx,
    ) -> Result<GetContextKeysForCustomPolicyOutput, ServiceError> {
        let given = Given::identity(&call.input().policy_input_list)?;
        let keys = given.iter().flat_map(|given| given.policy.condition_keys());
        Ok(GetContextKeysForCustomPolicyOutput { context_key_names: Some(distinct_keys(keys)) })
    }
}
