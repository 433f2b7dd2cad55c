use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::sts::{GetCallerIdentityInput, GetCallerIdentityOutput};
use daypass_state::Tx;

use crate::generated::GetCallerIdentity;

impl Guarded for GetCallerIdentity {
    /// Whoever signs may ask who they are; not even an explicit deny stands against it.
    fn targets(
        _: &GetCallerIdentityInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_no_permission();
        Ok(())
    }
}

impl Handle for GetCallerIdentity {
    fn run(call: &Permitted<Self>, _: &mut Tx) -> Result<GetCallerIdentityOutput, ServiceError> {
        let principal = call.call().caller.principal();
        Ok(GetCallerIdentityOutput {
            arn: Some(principal.arn().into()),
            user_id: Some(principal.user_id()),
            account: Some(principal.account().into()),
        })
    }
}
