use daypass_authz::{Handle, Permitted};
use daypass_model::ServiceError;
use daypass_model::iam::GetContextKeysForCustomPolicyOutput;
use daypass_state::Tx;

use super::documents::Given;
use super::evaluation::distinct_keys;
use crate::generated::GetContextKeysForCustomPolicy;

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
