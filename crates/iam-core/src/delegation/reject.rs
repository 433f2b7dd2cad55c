use daypass_authz::{Handle, Permitted};
use daypass_model::ServiceError;
use daypass_model::iam::RejectDelegationRequestOutput;
use daypass_state::Tx;
use daypass_state::record::DelegationStage::{Accepted, Assigned, PendingApproval, Rejected};

use super::request;
use crate::generated::RejectDelegationRequest;

impl Handle for RejectDelegationRequest {
    /// What was accepted may be rejected until the token is sent.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<RejectDelegationRequestOutput, ServiceError> {
        let input = call.input();
        let id = &input.delegation_request_id;
        let from = [Assigned, PendingApproval, Accepted];
        request::advance(call, tx, id, &from, Rejected, |request| {
            request.rejection_reason.clone_from(&input.notes);
            Ok(())
        })?;
        Ok(RejectDelegationRequestOutput {})
    }
}
