use daypass_authz::{Handle, Permitted};
use daypass_model::ServiceError;
use daypass_model::iam::UpdateDelegationRequestOutput;
use daypass_state::Tx;
use daypass_state::record::DelegationStage::{Assigned, PendingApproval};

use super::request;
use crate::generated::UpdateDelegationRequest;

impl Handle for UpdateDelegationRequest {
    /// The decision is left to somebody else. Notes that are not given stay as they were.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateDelegationRequestOutput, ServiceError> {
        let input = call.input();
        let id = &input.delegation_request_id;
        let from = [Assigned, PendingApproval];
        request::advance(call, tx, id, &from, PendingApproval, |request| {
            if let Some(notes) = &input.notes {
                request.notes = Some(notes.clone());
            }
            Ok(())
        })?;
        Ok(UpdateDelegationRequestOutput {})
    }
}
