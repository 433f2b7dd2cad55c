use daypass_authz::{Handle, Permitted};
use daypass_model::ServiceError;
use daypass_model::iam::ListDelegationRequestsOutput;
use daypass_state::{CrossAccount, Tx};

use super::request;
use crate::generated::ListDelegationRequests;
use crate::pagination::paging;

impl Handle for ListDelegationRequests {
    /// Those of the account that somebody has taken charge of.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListDelegationRequestsOutput, ServiceError> {
        let input = call.input();
        let all = tx.across_accounts(CrossAccount::DelegationRequests);
        let requests = all.delegation_requests().map(|request| &request.record);
        let owned = requests.filter(|record| {
            let owner = record.owner.as_deref();
            record.owner_account == Some(call.account())
                && owner.is_some()
                && (input.owner_id.is_none() || input.owner_id.as_deref() == owner)
        });
        let page = paging!(input).page(owned, |record| record.id.as_str())?;
        Ok(ListDelegationRequestsOutput {
            is_truncated: page.is_truncated(),
            delegation_requests: Some(page.shape(|record| request::shape(record, call.now()))),
            marker: page.marker,
        })
    }
}
