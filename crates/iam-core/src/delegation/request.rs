//! One request: finding it, taking it a step further, and telling of it.

use aws_smithy_types::DateTime;
use daypass_authz::Permitted;
use daypass_ident::AccountId;
use daypass_model::iam::{
    DelegationPermission, DelegationRequest, PolicyParameter, PolicyParameterTypeEnum, StateType,
};
use daypass_model::{Operation, ServiceError};
use daypass_state::record::{DelegationParameter, DelegationRequestRecord, DelegationStage};
use daypass_state::{CrossAccount, Tx, View};

use crate::errors::{InvalidInput, NoSuchEntity};

/// The request of this id, as far as `account` may know of it: one that may become any account's is
/// everybody's to see, one for an account only that account's.
///
/// # Errors
/// `NoSuchEntity`.
pub(super) fn visible<'a>(
    view: &'a View,
    account: AccountId,
    id: &'a str,
) -> Result<&'a DelegationRequestRecord, NoSuchEntity<'a>> {
    let request = view.delegation_request(id).map(|request| &request.record);
    let visible = request.filter(|record| record.owner_account.is_none_or(|one| one == account));
    visible.ok_or(NoSuchEntity::DelegationRequest(id))
}

/// Takes a request from one of the stages `from` to `to`; `change` may change more of it, or refuse.
///
/// # Errors
/// `NoSuchEntity` where there is no such request of the caller's account or for any, `InvalidInput`
/// where it has come to another stage or has expired, and what `change` says.
pub(super) fn advance<Op: Operation>(
    call: &Permitted<Op>,
    tx: &mut Tx,
    id: &str,
    from: &[DelegationStage],
    to: DelegationStage,
    change: impl FnOnce(&mut DelegationRequestRecord) -> Result<(), ServiceError>,
) -> Result<(), ServiceError> {
    let mut record =
        visible(tx.across_accounts(CrossAccount::DelegationRequests), call.account(), id)?.clone();
    if record.is_expired(call.now()) || !from.contains(&record.stage) {
        let state = state(&record, call.now());
        return Err(InvalidInput::DelegationState { id, state: state.as_str() }.into());
    }
    change(&mut record)?;
    record.stage = to;
    record.update_date = call.now();
    tx.put_delegation_request(&record);
    Ok(())
}

/// A request as answers tell of it.
pub(super) fn shape(record: &DelegationRequestRecord, now: i64) -> DelegationRequest {
    DelegationRequest {
        delegation_request_id: Some(record.id.clone()),
        owner_account_id: record.owner_account.map(|account| account.to_string()),
        description: Some(record.description.clone()),
        request_message: record.message.clone(),
        permissions: Some(DelegationPermission {
            policy_template_arn: Some(record.template_arn.clone()),
            parameters: Some(record.parameters.iter().map(parameter).collect()),
        }),
        permission_policy: Some(record.permission_policy.clone()),
        owner_id: record.owner.clone(),
        approver_id: record.approver.as_ref().map(|approver| approver.arn().into()),
        state: Some(state(record, now)),
        expiration_time: Some(DateTime::from_secs(record.expires_at())),
        requestor_id: Some(record.requestor.to_string()),
        create_date: Some(DateTime::from_secs(record.create_date)),
        session_duration: Some(record.session_seconds),
        redirect_url: record.redirect_url.clone(),
        notes: record.notes.clone(),
        rejection_reason: record.rejection_reason.clone(),
        only_send_by_owner: Some(record.only_send_by_owner),
        updated_time: Some(DateTime::from_secs(record.update_date)),
        // AWS has the name from the partner's registration, and the boundaries from the template's.
        requestor_name: None,
        role_permission_restriction_arns: None,
    }
}

fn parameter(parameter: &DelegationParameter) -> PolicyParameter {
    let list = PolicyParameterTypeEnum::StringList;
    PolicyParameter {
        name: Some(parameter.name.clone()),
        values: Some(parameter.values.clone()),
        r#type: Some(if parameter.is_list { list } else { PolicyParameterTypeEnum::String }),
    }
}

fn state(record: &DelegationRequestRecord, now: i64) -> StateType {
    if record.is_expired(now) {
        return StateType::Expired;
    }
    match record.stage {
        DelegationStage::Unassigned => StateType::Unassigned,
        DelegationStage::Assigned => StateType::Assigned,
        DelegationStage::PendingApproval => StateType::PendingApproval,
        DelegationStage::Accepted => StateType::Accepted,
        DelegationStage::Finalized => StateType::Finalized,
        DelegationStage::Rejected => StateType::Rejected,
    }
}
