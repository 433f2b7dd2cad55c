use daypass_authz::{Guarded, Scope, Targets};
use daypass_model::ServiceError;

use crate::generated::GetDelegatedAccessToken;

impl Guarded for GetDelegatedAccessToken {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Result<(), ServiceError> {
        targets.need_on_all("sts:GetDelegatedAccessToken");
        Ok(())
    }
}
