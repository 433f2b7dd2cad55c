use daypass_authz::{Handle, Permitted};
use daypass_model::ServiceError;
use daypass_model::iam::GetDelegationRequestOutput;
use daypass_state::{CrossAccount, Tx};

use super::request;
use crate::generated::GetDelegationRequest;

impl Handle for GetDelegationRequest {
    /// Whether the caller may do what is asked for is not found out: AWS promises no answer to
    /// `DelegationPermissionCheck`.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetDelegationRequestOutput, ServiceError> {
        let id = &call.input().delegation_request_id;
        let record = request::visible(
            tx.across_accounts(CrossAccount::DelegationRequests),
            call.account(),
            id,
        )?;
        Ok(GetDelegationRequestOutput {
            delegation_request: Some(request::shape(record, call.now())),
            permission_check_status: None,
            permission_check_result: None,
        })
    }
}
