use daypass_authz::{AuthorizationMessage, Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::sts::{DecodeAuthorizationMessageInput, DecodeAuthorizationMessageOutput};
use daypass_state::Tx;

use crate::errors::StsError;
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

impl Handle for DecodeAuthorizationMessage {
    /// Only the account whose principal was denied may read a message; to all others it is none.
    fn run(
        call: &Permitted<Self>,
        _: &mut Tx,
    ) -> Result<DecodeAuthorizationMessageOutput, ServiceError> {
        let encoded = &call.input().encoded_message;
        let ring = call.call().env.directory.ring();
        let message = AuthorizationMessage::open(encoded, call.account(), &ring)
            .ok_or(StsError::InvalidAuthorizationMessage)?;
        Ok(DecodeAuthorizationMessageOutput { decoded_message: Some(message.decoded()) })
    }
}

#[cfg(test)]
mod tests;
