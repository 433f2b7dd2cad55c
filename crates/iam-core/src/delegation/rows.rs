//! What the operations on delegation requests need.

use daypass_authz::{Guarded, Scope, Target, Targets};
use daypass_ident::Arn;

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
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_request(targets, scope, "iam:GetDelegationRequest", &input.delegation_request_id);
        Ok(())
    }
}

impl Guarded for GetHumanReadableSummary {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:GetHumanReadableSummary", &input.entity_arn)?;
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

fn on_request<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    id: &str,
) -> &'t mut Target {
    let target = targets.need(action, Arn::iam(scope.account(), &["delegation-request/", id]));
    // Of a request of another account's nothing is told.
    let request = request::visible(scope.view(), scope.account(), id).ok();
    if let Some(owner) = request.and_then(|request| request.owner.as_deref()) {
        target.key("iam:DelegationRequestOwner", owner);
    }
    target
}
