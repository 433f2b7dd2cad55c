use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_authz::{Handle, Permitted};
use daypass_ident::Secret;
use daypass_model::ServiceError;
use daypass_model::iam::SendDelegationTokenOutput;
use daypass_state::Tx;
use daypass_state::record::DelegationStage::{Accepted, Finalized};

use super::request;
use crate::errors::InvalidInput;
use crate::generated::SendDelegationToken;

impl Handle for SendDelegationToken {
    /// From now on there is a token, and the time of the delegated session runs.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<SendDelegationTokenOutput, ServiceError> {
        let id = &call.input().delegation_request_id;
        request::advance(call, tx, id, &[Accepted], Finalized, |request| {
            let caller = call.call().caller.principal().arn();
            if request.only_send_by_owner && request.owner.as_deref() != Some(caller.as_str()) {
                return Err(InvalidInput::DelegationSentByOther.into());
            }
            let mut random = [0; 32];
            call.ids().fill(&mut random);
            // The id leads to the request, the rest proves that it was sent.
            let token = format!("{}.{}", request.id, URL_SAFE_NO_PAD.encode(random));
            request.trade_in_token = Some(Secret::new(token));
            Ok(())
        })?;
        Ok(SendDelegationTokenOutput {})
    }
}
