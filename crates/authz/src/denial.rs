use daypass_ident::Principal;
use daypass_model::{ServiceError, common};
use daypass_policy::{Denial, PolicyType};

use crate::targets::Target;

/// AWS's words for a call that policies do not allow (IAM User Guide, "Troubleshoot access denied
/// error messages").
pub(crate) fn access_denied(
    principal: &Principal,
    target: &Target,
    denial: Denial<'_>,
) -> ServiceError {
    let Target { action, .. } = target;
    let resource = target.shown.as_deref().unwrap_or(&target.resource);
    let arn = principal.arn();
    let mut message =
        format!("User: {arn} is not authorized to perform: {action} on resource: {resource}");
    if !target.terse_denial {
        let PolicyWords { name, article } = words(denial.by);
        message.push_str(&match denial.explicit {
            Some(_) => format!(" with an explicit deny in {article} {name}"),
            None => format!(" because no {name} allows the {action} action"),
        });
    }
    common::ACCESS_DENIED.with(message)
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
