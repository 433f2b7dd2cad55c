use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListPoliciesInput, ListPoliciesOutput, PolicyScopeType, PolicyUsageType};
use daypass_state::{Account, Tx};

use super::{ManagedPolicy, shape};
use crate::generated::ListPolicies;
use crate::pagination::paging;

impl Guarded for ListPolicies {
    fn targets(
        input: &ListPoliciesInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let path = input.path_prefix.as_deref().unwrap_or("/");
        targets.need_on_all("iam:ListPolicies").shown_as(format!("policy path {path}"));
        Ok(())
    }
}

impl Handle for ListPolicies {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListPoliciesOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let mut policies: Vec<_> = in_scope(account, input.scope)
            .filter(|policy| is_wanted(policy, account, input))
            .map(|policy| (list_key(policy), policy))
            .collect();
        policies.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let page = paging!(input).page(&policies, |entry| entry.0.as_str())?;
        Ok(ListPoliciesOutput {
            policies: Some(page.shape(|(_, policy)| shape::listed(*policy, account))),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}

/// The place of a policy in the list (as recorded from AWS): the account's own come first, by name,
/// then AWS's by age. AWS's that were made in the same second come by name, which is a choice of
/// ours.
fn list_key(policy: ManagedPolicy<'_>) -> String {
    let name = policy.list_key();
    match policy {
        ManagedPolicy::Customer(_) => format!("0/{name}"),
        // Numbers with the same number of digits sort as text.
        ManagedPolicy::Aws(policy) => format!("1/{:012}/{name}", policy.create_date.secs()),
    }
}

fn in_scope(
    account: &Account,
    scope: Option<PolicyScopeType>,
) -> impl Iterator<Item = ManagedPolicy<'_>> {
    let scope = scope.unwrap_or(PolicyScopeType::All);
    let local = (scope != PolicyScopeType::Aws).then(|| account.policies());
    let aws = (scope != PolicyScopeType::Local).then(daypass_catalog::managed_policies);
    let local = local.into_iter().flatten().map(ManagedPolicy::Customer);
    local.chain(aws.into_iter().flatten().map(ManagedPolicy::Aws))
}

/// A policy is used for what it is attached or set as a boundary for; the filter leaves out those
/// that are not used in that way.
fn is_wanted(policy: &ManagedPolicy<'_>, account: &Account, input: &ListPoliciesInput) -> bool {
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    if !policy.path().starts_with(prefix) {
        return false;
    }
    let is_attached = || account.attached_to(&policy.arn()).next().is_some();
    let usage = match input.policy_usage_filter {
        None => true,
        Some(PolicyUsageType::PermissionsPolicy) => is_attached(),
        Some(PolicyUsageType::PermissionsBoundary) => {
            account.bounded_by(&policy.arn()).next().is_some()
        }
    };
    usage && (input.only_attached != Some(true) || is_attached())
}
