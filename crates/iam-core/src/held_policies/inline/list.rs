//! `ListUserPolicies`, `ListGroupPolicies`, `ListRolePolicies`.

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    ListGroupPoliciesInput, ListGroupPoliciesOutput, ListRolePoliciesInput, ListRolePoliciesOutput,
    ListUserPoliciesInput, ListUserPoliciesOutput,
};
use daypass_state::{Group, Role, Tx, User};

use crate::generated::{ListGroupPolicies, ListRolePolicies, ListUserPolicies};
use crate::held_policies::Holder;
use crate::need;
use crate::pagination::{Page, Paging, paging};

impl Guarded for ListUserPolicies {
    fn targets(
        input: &ListUserPoliciesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:ListUserPolicies", &input.user_name);
        Ok(())
    }
}

impl Handle for ListUserPolicies {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListUserPoliciesOutput, ServiceError> {
        let input = call.input();
        let page = list::<User>(tx, &input.user_name, paging!(input))?;
        Ok(ListUserPoliciesOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            policy_names: page.items,
        })
    }
}

impl Guarded for ListGroupPolicies {
    fn targets(
        input: &ListGroupPoliciesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, "iam:ListGroupPolicies", &input.group_name);
        Ok(())
    }
}

impl Handle for ListGroupPolicies {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListGroupPoliciesOutput, ServiceError> {
        let input = call.input();
        let page = list::<Group>(tx, &input.group_name, paging!(input))?;
        Ok(ListGroupPoliciesOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            policy_names: page.items,
        })
    }
}

impl Guarded for ListRolePolicies {
    fn targets(
        input: &ListRolePoliciesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:ListRolePolicies", &input.role_name);
        Ok(())
    }
}

impl Handle for ListRolePolicies {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListRolePoliciesOutput, ServiceError> {
        let input = call.input();
        let page = list::<Role>(tx, &input.role_name, paging!(input))?;
        Ok(ListRolePoliciesOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            policy_names: page.items,
        })
    }
}

/// The names of the inline policies, in order.
fn list<H: Holder>(
    tx: &Tx,
    holder: &str,
    paging: Paging<'_>,
) -> Result<Page<String>, ServiceError> {
    let holder = H::find(tx.account(), holder)?;
    paging.page(holder.policies().inline.keys().cloned(), String::clone)
}
