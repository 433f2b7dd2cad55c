use daypass_model::{ServiceError, common};
use daypass_policy::{Denial, PolicySource, PolicyType};

use crate::Call;
use crate::targets::Target;

/// AWS's words for a call that policies do not allow (IAM User Guide, "Troubleshoot access denied
/// error messages").
pub(crate) fn access_denied(call: &Call, target: &Target, denial: Denial<'_>) -> ServiceError {
    let Target { action, .. } = target;
    if call.caller.vouched_claims().is_some() {
        return common::ACCESS_DENIED.with(format!("Not authorized to perform {action}"));
    }
    let resource = target.shown.as_deref().unwrap_or(&target.resource);
    let who = call.caller.principal().shown();
    let mut message =
        format!("User: {who} is not authorized to perform: {action} on resource: {resource}");
    if !target.terse_denial {
        message.push_str(&reason(action, denial));
        if let Some(policy) = denying_policy(denial).filter(|_| is_among_own(call, target)) {
            message.push_str(": ");
            message.push_str(policy);
        }
    }
    common::ACCESS_DENIED.with(message)
}

fn reason(action: &str, denial: Denial<'_>) -> String {
    let PolicyWords { name, article } = words(denial.by);
    // Organisations only take away, so that what they do not allow counts as denied.
    let of_organization =
        matches!(denial.by, PolicyType::ServiceControl | PolicyType::ResourceControl);
    if denial.explicit.is_some() || of_organization {
        format!(" with an explicit deny in {article} {name}")
    } else {
        format!(" because no {name} allows the {action} action")
    }
}

/// The policy that denies, where it has an ARN by which AWS names it: managed policies in whatever
/// use, and those of organisations.
fn denying_policy(denial: Denial<'_>) -> Option<&str> {
    match denial.explicit?.source {
        PolicySource::Managed { arn } | PolicySource::Control { arn, .. } => Some(arn),
        PolicySource::UserInline { .. }
        | PolicySource::GroupInline { .. }
        | PolicySource::RoleInline { .. }
        | PolicySource::SessionInline
        | PolicySource::OfResource { .. } => None,
    }
}

/// Whether caller and resource are of one account or one organisation: strangers learn no ARNs
/// (AWS Security Blog, "Enhanced access denied error messages with policy ARNs").
fn is_among_own(call: &Call, target: &Target) -> bool {
    let (own, other) = (call.account(), target.resource_account.unwrap_or_else(|| call.account()));
    let organization = |account| Some(call.view.membership(account)?.organization_id());
    own == other || organization(own).is_some_and(|own| organization(other) == Some(own))
}

struct PolicyWords {
    name: &'static str,
    article: &'static str,
}

fn words(policy_type: PolicyType) -> PolicyWords {
    let (name, article) = match policy_type {
        PolicyType::Identity => ("identity-based policy", "an"),
        PolicyType::Resource => ("resource-based policy", "a"),
        PolicyType::Trust => ("role trust policy", "the"),
        PolicyType::Boundary => ("permissions boundary", "a"),
        PolicyType::Session => ("session policy", "a"),
        PolicyType::ServiceControl => ("service control policy", "a"),
        PolicyType::ResourceControl => ("resource control policy", "a"),
    };
    PolicyWords { name, article }
}
