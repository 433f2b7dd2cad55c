use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{AccountId, Principal, Secret};
use daypass_model::ServiceError;
use daypass_model::sts::GetDelegatedAccessTokenOutput;
use daypass_state::record::DelegationRequestRecord;
use daypass_state::{CrossAccount, Tx, View};
use daypass_token::SessionPolicies;

use crate::errors::DelegationError;
use crate::generated::GetDelegatedAccessToken;
use crate::issue::{self, Claims};
use crate::session_policies;
use crate::tags::SessionTags;

impl Guarded for GetDelegatedAccessToken {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Result<(), ServiceError> {
        targets.need_on_all("sts:GetDelegatedAccessToken");
        Ok(())
    }
}

impl Handle for GetDelegatedAccessToken {
    /// A session of whoever accepted the request, for the caller's account, which made it. The
    /// request's policy bounds it; it ends when the request's time is over, which began when the token
    /// was sent, however often the token is traded in.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetDelegatedAccessTokenOutput, ServiceError> {
        let token = &call.input().trade_in_token;
        let view = tx.across_accounts(CrossAccount::DelegationRequests);
        let request = sent(view, call.account(), token).ok_or(DelegationError::Invalid)?;
        let approver = request.approver.as_ref().filter(|approver| is_there(view, approver));
        let approver = approver.ok_or(DelegationError::Invalid)?;
        let ends_at = request.session_ends_at().ok_or(DelegationError::Invalid)?;
        let left = i32::try_from(ends_at.saturating_sub(call.now())).unwrap_or_default();
        if left <= 0 {
            return Err(DelegationError::Expired.into());
        }

        let inline = Some(request.permission_policy.clone());
        let policies = Some(SessionPolicies { inline, arns: Vec::new() });
        let packed_policy_size =
            session_policies::packed_size(policies.as_ref(), &SessionTags::default())?;
        let claims = Claims {
            seconds: left,
            session_policies: policies,
            delegate: Some(request.requestor),
            // That codes were given to the partner, or by whoever accepted, says nothing of now.
            mfa: None,
            ..Claims::of(approver.clone(), call.call())
        };
        Ok(GetDelegatedAccessTokenOutput {
            credentials: Some(issue::credentials(call, claims)?),
            packed_policy_size,
            assumed_principal: Some(approver.arn().into()),
        })
    }
}

/// The request that the token was sent for, if `requestor` made it.
fn sent<'a>(
    view: &'a View,
    requestor: AccountId,
    token: &Secret<String>,
) -> Option<&'a DelegationRequestRecord> {
    let (id, _) = token.expose().split_once('.')?;
    let request = &view.delegation_request(id)?.record;
    // Compared in constant time, as secrets are.
    let is_sent = request.trade_in_token.as_ref() == Some(token);
    (is_sent && request.requestor == requestor).then_some(request)
}

fn is_there(view: &View, principal: &Principal) -> bool {
    let account = view.account(principal.account());
    match principal {
        Principal::Root { .. } => true,
        Principal::User { id, .. } => account.user_by_id(*id).is_some(),
        Principal::AssumedRole { id, .. } => account.role_by_id(*id).is_some(),
        // They accept nothing.
        Principal::FederatedUser { .. }
        | Principal::WebIdentityUser { .. }
        | Principal::SamlUser { .. }
        | Principal::Service { .. } => false,
    }
}

#[cfg(test)]
mod tests;
