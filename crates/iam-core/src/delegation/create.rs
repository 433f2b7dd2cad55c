use std::sync::Arc;

use daypass_authz::{Handle, Permitted};
use daypass_ident::generate_uuid;
use daypass_model::ServiceError;
use daypass_model::iam::CreateDelegationRequestOutput;
use daypass_state::record::{DelegationRequestRecord, DelegationStage};
use daypass_state::{CrossAccount, Tx};

use super::template;
use crate::errors::{EntityAlreadyExists, InvalidInput};
use crate::generated::CreateDelegationRequest;
use crate::quotas;

impl Handle for CreateDelegationRequest {
    /// Only accounts that AWS has taken on as partners may ask, under `--strict` nobody. There is no
    /// console, so the answer has no link to one.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<CreateDelegationRequestOutput, ServiceError> {
        if !call.call().env.delegation() {
            return Err(InvalidInput::DelegationNotOnboarded.into());
        }
        let input = call.input();
        let (template_arn, parameters, permission_policy) =
            template::fill_in(&input.permissions, tx.account())?;
        remove_expired(call, tx);
        let all = tx.across_accounts(CrossAccount::DelegationRequests);
        let mine = || all.delegation_requests().filter(|one| is_live(call, &one.record));
        if mine().any(|one| one.record.workflow_id == input.requestor_workflow_id) {
            return Err(EntityAlreadyExists::Workflow(&input.requestor_workflow_id).into());
        }
        quotas::DELEGATION_REQUESTS_PER_ACCOUNT.admit_one(mine().count())?;

        // INVARIANT: the model's pattern is that of an account id.
        let owner_account = input.owner_account_id.as_deref().and_then(|id| id.parse().ok());
        let id = generate_uuid(call.ids());
        tx.put_delegation_request(&DelegationRequestRecord {
            id: id.clone(),
            requestor: call.account(),
            workflow_id: input.requestor_workflow_id.clone(),
            description: input.description.clone(),
            message: input.request_message.clone(),
            redirect_url: input.redirect_url.clone(),
            notification_channel: input.notification_channel.clone(),
            session_seconds: input.session_duration,
            only_send_by_owner: input.only_send_by_owner.unwrap_or_default(),
            template_arn,
            parameters,
            permission_policy,
            owner_account,
            owner: None,
            stage: DelegationStage::Unassigned,
            create_date: call.now(),
            update_date: call.now(),
            notes: None,
            rejection_reason: None,
            approver: None,
            trade_in_token: None,
        });
        Ok(CreateDelegationRequestOutput {
            console_deep_link: None,
            delegation_request_id: Some(id),
        })
    }
}

/// What has expired makes room for what is new: so what an account stores does not grow.
fn remove_expired(call: &Permitted<CreateDelegationRequest>, tx: &mut Tx) {
    let requests = tx.across_accounts(CrossAccount::DelegationRequests).delegation_requests();
    let expired = requests
        .filter(|one| one.record.requestor == call.account() && one.record.is_expired(call.now()));
    for request in expired.map(Arc::clone).collect::<Vec<_>>() {
        tx.delete_delegation_request(&request);
    }
}

fn is_live(call: &Permitted<CreateDelegationRequest>, record: &DelegationRequestRecord) -> bool {
    record.requestor == call.account() && !record.is_expired(call.now())
}
