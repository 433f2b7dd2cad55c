//! What of a decision the caller's account may know: what its own policies say, and nothing of what
//! those of others do.

use daypass_ident::{AccountId, ArnParts, strip_prefix_ignore_case};
use daypass_policy::{
    ConditionContext, ContextValue, Level, Policies, PolicySource, PolicyType, Request,
};

use crate::targets::Target;

/// One account's view of what is asked of a target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnSide {
    account: AccountId,
    /// The resource is another account's.
    foreign_resource: bool,
}

impl OwnSide {
    pub(crate) fn of(account: AccountId, target: &Target) -> Self {
        let owner = target.resource_account.unwrap_or(account);
        Self { account, foreign_resource: owner != account }
    }

    /// The target without the policy of another account's resource, which may be there or not.
    pub(crate) fn target(self, target: &Target) -> Target {
        let mut target = target.clone();
        if self.foreign_resource {
            target.resource_policy = None;
        }
        target
    }

    /// Shows `tell` the request and the policies as far as the account may know them, and whether
    /// anything is left out.
    pub(crate) fn of_question<T>(
        self,
        request: &Request<'_>,
        policies: &Policies<'_>,
        tell: impl FnOnce(&Request<'_>, &Policies<'_>, bool) -> T,
    ) -> T {
        let known = |levels: &[Level<'_>]| {
            levels.iter().copied().flatten().all(|named| self.may_know(named.source))
        };
        let service_control_known = known(policies.service_control);
        let resource_control_known = known(policies.resource_control);
        let keys = OwnKeys { all: request.context, side: self };
        let request = Request { context: &keys, ..*request };
        let policies = Policies {
            service_control: if service_control_known { policies.service_control } else { &[] },
            resource_control: if resource_control_known { policies.resource_control } else { &[] },
            resource_account: policies.resource_account.filter(|_| !self.foreign_resource),
            ..*policies
        };
        let all = service_control_known && resource_control_known && !self.foreign_resource;
        tell(&request, &policies, !all)
    }

    /// Whether a policy is one of the account's own, or AWS's.
    pub(crate) fn may_know(self, policy: PolicySource<'_>) -> bool {
        match policy {
            PolicySource::UserInline { .. }
            | PolicySource::GroupInline { .. }
            | PolicySource::RoleInline { .. }
            | PolicySource::SessionInline => true,
            PolicySource::Managed { arn }
            | PolicySource::OfResource { arn }
            | PolicySource::Control { arn, .. } => ArnParts::parse(arn)
                .is_some_and(|arn| arn.account == "aws" || arn.account_id() == Some(self.account)),
        }
    }

    /// Whether policies of this type are the account's own.
    pub(crate) fn may_know_type(self, policy_type: PolicyType) -> bool {
        match policy_type {
            PolicyType::Identity | PolicyType::Boundary | PolicyType::Session => true,
            PolicyType::Trust | PolicyType::Resource => !self.foreign_resource,
            PolicyType::ServiceControl | PolicyType::ResourceControl => false,
        }
    }

    /// Whether a condition key tells nothing of another account's resource but whose it is.
    pub(crate) fn may_know_key(self, key: &str) -> bool {
        let tells =
            OF_RESOURCE.iter().any(|prefix| strip_prefix_ignore_case(key, prefix).is_some());
        !(self.foreign_resource && tells)
    }
}

/// The condition keys that an account may know.
struct OwnKeys<'a> {
    all: &'a dyn ConditionContext,
    side: OwnSide,
}

impl ConditionContext for OwnKeys<'_> {
    fn get(&self, key: &str) -> Option<ContextValue<'_>> {
        self.all.get(key).filter(|_| self.side.may_know_key(key))
    }

    fn is_multivalued(&self, key: &str) -> bool {
        self.all.is_multivalued(key)
    }
}

/// How the names of keys begin that tell of the resource.
const OF_RESOURCE: [&str; 3] = ["aws:ResourceTag/", "iam:ResourceTag/", "aws:ResourceOrg"];
