use daypass_authz::{Handle, Permitted};
use daypass_ident::Principal;
use daypass_model::ServiceError;
use daypass_model::iam::AcceptDelegationRequestOutput;
use daypass_state::Tx;
use daypass_state::record::DelegationStage::{Accepted, Assigned, PendingApproval};

use super::request;
use crate::errors::InvalidInput;
use crate::generated::AcceptDelegationRequest;

impl Handle for AcceptDelegationRequest {
    /// The delegated session will be the caller's. One that session policies bound cannot lend what
    /// it may: a session has room for the policies of one call only, here the request's.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<AcceptDelegationRequestOutput, ServiceError> {
        let caller = &call.call().caller;
        let is_bounded =
            caller.session().is_some_and(|session| session.claims.session_policies.is_some());
        let id = &call.input().delegation_request_id;
        request::advance(call, tx, id, &[Assigned, PendingApproval], Accepted, |request| {
            let principal = caller.principal();
            let is_root = matches!(principal, Principal::Root { .. });
            if is_root && request.session_seconds > LONGEST_OF_ROOT {
                return Err(InvalidInput::DelegationOfRoot.into());
            }
            if is_bounded {
                return Err(InvalidInput::DelegationOfBoundedSession.into());
            }
            request.approver = Some(principal.clone());
            Ok(())
        })?;
        Ok(AcceptDelegationRequestOutput {})
    }
}

/// Four hours: the longest session that a root user may delegate, in seconds.
const LONGEST_OF_ROOT: i32 = 14_400;
