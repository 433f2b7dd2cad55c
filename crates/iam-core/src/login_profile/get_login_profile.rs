use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetLoginProfileInput, GetLoginProfileOutput};
use daypass_state::Tx;

use crate::caller::Subject;
use crate::generated::GetLoginProfile;

impl Guarded for GetLoginProfile {
    fn targets(
        input: &GetLoginProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:GetLoginProfile",
        );
        Ok(())
    }
}

impl Handle for GetLoginProfile {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetLoginProfileOutput, ServiceError> {
        let subject = Subject::of(call.input().user_name.as_deref(), call.call())?;
        let user = super::owner(tx.account(), subject)?;
        let profile = super::find(tx.account(), user)?;
        Ok(GetLoginProfileOutput { login_profile: super::shape(&user.record, &profile.record) })
    }
}
