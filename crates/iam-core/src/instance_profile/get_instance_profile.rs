use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetInstanceProfileInput, GetInstanceProfileOutput};
use daypass_state::Tx;

use crate::generated::GetInstanceProfile;
use crate::need;

impl Guarded for GetInstanceProfile {
    fn targets(
        input: &GetInstanceProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_instance_profile(
            targets,
            scope,
            "iam:GetInstanceProfile",
            &input.instance_profile_name,
        );
        Ok(())
    }
}

impl Handle for GetInstanceProfile {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetInstanceProfileOutput, ServiceError> {
        let profile = super::find(tx.account(), &call.input().instance_profile_name)?;
        Ok(GetInstanceProfileOutput {
            instance_profile: super::described(tx, call.account(), &profile.record),
        })
    }
}
