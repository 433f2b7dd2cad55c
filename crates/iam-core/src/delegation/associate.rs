use daypass_authz::{Handle, Permitted};
use daypass_model::ServiceError;
use daypass_model::iam::AssociateDelegationRequestOutput;
use daypass_state::Tx;
use daypass_state::record::DelegationStage::{Assigned, Unassigned};

use super::request;
use crate::generated::AssociateDelegationRequest;

impl Handle for AssociateDelegationRequest {
    /// The caller takes charge of the request, and their account becomes the one that is asked.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<AssociateDelegationRequestOutput, ServiceError> {
        let id = &call.input().delegation_request_id;
        request::advance(call, tx, id, &[Unassigned], Assigned, |request| {
            request.owner = Some(call.call().caller.principal().arn().into());
            request.owner_account = Some(call.account());
            Ok(())
        })?;
        Ok(AssociateDelegationRequestOutput {})
    }
}
