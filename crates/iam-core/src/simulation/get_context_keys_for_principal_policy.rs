use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    GetContextKeysForPrincipalPolicyInput, GetContextKeysForPrincipalPolicyOutput,
};
use daypass_state::Tx;

use super::documents::Given;
use super::evaluation::distinct_keys;
use crate::entity_arn::EntityArn;
use crate::generated::GetContextKeysForPrincipalPolicy;
use crate::need;

impl Guarded for GetContextKeysForPrincipalPolicy {
    fn targets(
        input: &GetContextKeysForPrincipalPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let source = &input.policy_source_arn;
        need::on_entity(targets, scope, "iam:GetContextKeysForPrincipalPolicy", source)?;
        Ok(())
    }
}

impl Handle for GetContextKeysForPrincipalPolicy {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetContextKeysForPrincipalPolicyOutput, ServiceError> {
        let GetContextKeysForPrincipalPolicyInput { policy_source_arn, policy_input_list } =
            call.input();
        let (_, entity) = EntityArn::find(policy_source_arn, tx.account())?;
        let held = call.call().policies_of(entity).identity;
        let given = Given::identity(policy_input_list.as_deref().unwrap_or_default())?;
        let policies = held.iter().map(|held| held.policy);
        let policies = policies.chain(given.iter().map(|given| &given.policy));
        let keys = distinct_keys(policies.flat_map(|policy| policy.condition_keys()));
        Ok(GetContextKeysForPrincipalPolicyOutput { context_key_names: Some(keys) })
    }
}
