//! What the operations on delegation requests need.

use std::sync::Arc;

use daypass_authz::{Guarded, ResourcePolicy, Scope, Target, Targets};
use daypass_ident::{Arn, ArnParts};
use daypass_model::{ServiceError, common};
use daypass_policy::{Policy, PolicyKind};
use daypass_state::CrossAccount;
use daypass_state::record::DelegationRequestRecord;

use super::human_readable_summary::request_id;
use super::request;
use crate::generated::{
    AcceptDelegationRequest, AssociateDelegationRequest, CreateDelegationRequest,
    GetDelegationRequest, GetHumanReadableSummary, ListDelegationRequests, RejectDelegationRequest,
    SendDelegationToken, UpdateDelegationRequest,
};
use crate::need::{self, Needed};

impl Guarded for AcceptDelegationRequest {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_request(targets, scope, "iam:AcceptDelegationRequest", &input.delegation_request_id);
        Ok(())
    }
}

impl Guarded for AssociateDelegationRequest {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_request(targets, scope, "iam:AssociateDelegationRequest", &input.delegation_request_id);
        Ok(())
    }
}

impl Guarded for CreateDelegationRequest {
    /// AWS gives the request its id only once it may be made.
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let target = on_request(targets, scope, "iam:CreateDelegationRequest", "*");
        target.key("iam:DelegationDuration", input.session_duration.to_string());
        target.key("iam:NotificationChannel", &input.notification_channel);
        if let Some(template) = &input.permissions.policy_template_arn {
            target.key("iam:TemplateArn", template);
        }
        Ok(())
    }
}

impl Guarded for GetDelegationRequest {
    /// The owner has the permission unless a policy denies it (IAM API Reference,
    /// `GetDelegationRequest`): as if the request had a policy of its own that grants it.
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let id = &input.delegation_request_id;
        let target = on_request(targets, scope, "iam:GetDelegationRequest", id);
        if let Some(owner) = owned_by_caller(scope, id) {
            let policy = Some(Arc::new(grant("iam:GetDelegationRequest", owner)?));
            target.trusted_by(scope.account(), ResourcePolicy { policy });
        }
        Ok(())
    }
}

impl Guarded for GetHumanReadableSummary {
    /// The owner of a request has the permission, as for `GetDelegationRequest`.
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let action = "iam:GetHumanReadableSummary";
        let id = request_id(&input.entity_arn);
        let target = need::on_arn(targets, action, &input.entity_arn)?;
        // Of a request of another account's nothing is told.
        let is_own = ArnParts::parse(&input.entity_arn)
            .is_some_and(|arn| arn.account_id() == Some(scope.account()));
        let Some(id) = id.filter(|_| is_own) else { return Ok(()) };
        if let Some(owner) = visible(scope, id).and_then(|request| request.owner.as_deref()) {
            target.key("iam:DelegationRequestOwner", owner);
        }
        if let Some(owner) = owned_by_caller(scope, id) {
            let policy = Some(Arc::new(grant(action, owner)?));
            target.trusted_by(scope.account(), ResourcePolicy { policy });
        }
        Ok(())
    }
}

impl Guarded for ListDelegationRequests {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        let target = targets.need_on_all("iam:ListDelegationRequests");
        if let Some(owner) = &input.owner_id {
            target.key("iam:DelegationRequestOwner", owner);
        }
        Ok(())
    }
}

impl Guarded for RejectDelegationRequest {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_request(targets, scope, "iam:RejectDelegationRequest", &input.delegation_request_id);
        Ok(())
    }
}

impl Guarded for SendDelegationToken {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_request(targets, scope, "iam:SendDelegationToken", &input.delegation_request_id);
        Ok(())
    }
}

impl Guarded for UpdateDelegationRequest {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_request(targets, scope, "iam:UpdateDelegationRequest", &input.delegation_request_id);
        Ok(())
    }
}

/// The caller's ARN, if it is the one that has taken charge of the request.
fn owned_by_caller<'a>(scope: &Scope<'a>, id: &'a str) -> Option<&'a str> {
    let request = visible(scope, id)?;
    let caller = scope.call().caller.principal().arn();
    request.owner.as_deref().filter(|owner| *owner == caller.as_ref())
}

fn visible<'a>(scope: &Scope<'a>, id: &'a str) -> Option<&'a DelegationRequestRecord> {
    let view = scope.across_accounts(CrossAccount::DelegationRequests);
    request::visible(view, scope.account(), id).ok()
}

/// A resource's policy that allows one principal one action.
fn grant(action: &str, principal: &str) -> Result<Policy, ServiceError> {
    let document = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": { "AWS": principal },
            "Action": action,
            "Resource": "*",
        },
    });
    let policy = Policy::parse(PolicyKind::Resource, &document.to_string());
    policy.map_err(|_| common::INTERNAL_FAILURE.bare())
}

fn on_request<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    id: &str,
) -> &'t mut Target {
    let target = targets.need(action, Arn::iam(scope.account(), &["delegation-request/", id]));
    // Of a request of another account's nothing is told.
    if let Some(owner) = visible(scope, id).and_then(|request| request.owner.as_deref()) {
        target.key("iam:DelegationRequestOwner", owner);
    }
    target
}
