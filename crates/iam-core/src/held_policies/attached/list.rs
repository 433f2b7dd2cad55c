//! `ListAttachedUserPolicies`, `ListAttachedGroupPolicies`, `ListAttachedRolePolicies`.

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AttachedPolicy, ListAttachedGroupPoliciesInput, ListAttachedGroupPoliciesOutput,
    ListAttachedRolePoliciesInput, ListAttachedRolePoliciesOutput, ListAttachedUserPoliciesInput,
    ListAttachedUserPoliciesOutput,
};
use daypass_state::record::HeldPolicies;
use daypass_state::{Account, Group, Role, Tx, User};

use crate::generated::{
    ListAttachedGroupPolicies, ListAttachedRolePolicies, ListAttachedUserPolicies,
};
use crate::held_policies::Holder;
use crate::need;
use crate::pagination::{Page, Paging, paging};
use crate::policy::ManagedPolicy;

impl Guarded for ListAttachedUserPolicies {
    fn targets(
        input: &ListAttachedUserPoliciesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:ListAttachedUserPolicies", &input.user_name);
        Ok(())
    }
}

impl Handle for ListAttachedUserPolicies {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListAttachedUserPoliciesOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref();
        let page = list::<User>(tx, &input.user_name, prefix, paging!(input))?;
        Ok(ListAttachedUserPoliciesOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            attached_policies: Some(page.items),
        })
    }
}

impl Guarded for ListAttachedGroupPolicies {
    fn targets(
        input: &ListAttachedGroupPoliciesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, "iam:ListAttachedGroupPolicies", &input.group_name);
        Ok(())
    }
}

impl Handle for ListAttachedGroupPolicies {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListAttachedGroupPoliciesOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref();
        let page = list::<Group>(tx, &input.group_name, prefix, paging!(input))?;
        Ok(ListAttachedGroupPoliciesOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            attached_policies: Some(page.items),
        })
    }
}

impl Guarded for ListAttachedRolePolicies {
    fn targets(
        input: &ListAttachedRolePoliciesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:ListAttachedRolePolicies", &input.role_name);
        Ok(())
    }
}

impl Handle for ListAttachedRolePolicies {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListAttachedRolePoliciesOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref();
        let page = list::<Role>(tx, &input.role_name, prefix, paging!(input))?;
        Ok(ListAttachedRolePoliciesOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            attached_policies: Some(page.items),
        })
    }
}

/// The attached policies below a path, by name.
fn list<H: Holder>(
    tx: &Tx,
    holder: &str,
    path_prefix: Option<&str>,
    paging: Paging<'_>,
) -> Result<Page<AttachedPolicy>, ServiceError> {
    let holder = H::find(tx.account(), holder)?;
    let prefix = path_prefix.unwrap_or("/");
    let attached = by_name(tx.account(), holder.policies()).into_iter();
    let page = paging
        .page(attached.filter(|it| it.path().starts_with(prefix)), ManagedPolicy::list_key)?;
    Ok(Page { items: page.shape(shape), marker: page.marker })
}

/// All attached policies, by name.
pub(crate) fn list_all(account: &Account, held: &HeldPolicies) -> Vec<AttachedPolicy> {
    by_name(account, held).iter().map(shape).collect()
}

fn by_name<'a>(account: &'a Account, held: &HeldPolicies) -> Vec<ManagedPolicy<'a>> {
    let attached = held.attached.iter();
    let mut attached: Vec<_> =
        attached.filter_map(|arn| ManagedPolicy::find(account, arn.as_str())).collect();
    attached.sort_by_cached_key(ManagedPolicy::list_key);
    attached
}

fn shape(policy: &ManagedPolicy<'_>) -> AttachedPolicy {
    AttachedPolicy {
        policy_name: Some(policy.name().to_owned()),
        policy_arn: Some(policy.arn().into_owned()),
    }
}
