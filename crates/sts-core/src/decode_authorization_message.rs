use daypass_authz::{Guarded, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::sts::DecodeAuthorizationMessageInput;

use crate::generated::DecodeAuthorizationMessage;

impl Guarded for DecodeAuthorizationMessage {
    fn targets(
        _: &DecodeAuthorizationMessageInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("sts:DecodeAuthorizationMessage");
        Ok(())
    }
}
