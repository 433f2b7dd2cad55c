use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{AccountId, Arn, Principal};
use daypass_model::ServiceError;
use daypass_model::sts::{AssumeRootInput, AssumeRootOutput};
use daypass_state::record::RootFeature;
use daypass_state::{CrossAccount, Tx, View};
use daypass_token::SessionPolicies;

use crate::errors::StsError;
use crate::generated::AssumeRoot;
use crate::issue::{self, Claims};

impl Guarded for AssumeRoot {
    /// The right to the member account's root user, for this task.
    fn targets(
        input: &AssumeRootInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let member = member(&input.target_principal)?;
        let target = targets.need("sts:AssumeRoot", Arn::root(member)).decided_by_caller_account();
        if let Some(task) = &input.task_policy_arn.arn {
            target.key("sts:TaskPolicyArn", task);
        }
        Ok(())
    }
}

impl Handle for AssumeRoot {
    const REGIONAL: bool = true;

    /// A session of the member's root user, cut to the task. AWS does not tell in public why it
    /// refuses whom policies would allow: daypass answers all of them as if they had not.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AssumeRootOutput, ServiceError> {
        let input = call.input();
        let caller = &call.call().caller;
        let member = member(&input.target_principal)?;
        let view = tx.across_accounts(CrossAccount::Organization);
        let may = !caller.principal().is_root() && administers(view, call.account(), member);
        if !may {
            let caller = caller.principal().arn();
            return Err(StsError::MayNotAssumeRoot { caller, root: Arn::root(member) }.into());
        }
        let task = input.task_policy_arn.arn.as_deref().unwrap_or_default();
        let is_task = task.starts_with(TASKS) && view.managed_policy(task).is_some();
        let task = task.parse().ok().filter(|_| is_task).ok_or(StsError::InvalidArn(task))?;
        let inherited = caller.session().and_then(|session| session.claims.source_identity.clone());
        let claims = Claims {
            seconds: input.duration_seconds.unwrap_or(LONGEST),
            session_policies: Some(SessionPolicies { inline: None, arns: vec![task] }),
            source_identity: inherited.clone(),
            assumed_root: true,
            minimum_token_size: input.minimum_session_token_size,
            // A code of the caller's says nothing of the root user.
            mfa: None,
            ..Claims::of(Principal::Root { account: member }, call.call())
        };
        let credentials = issue::credentials(call, claims)?;
        let [session_token_size, session_token_utilization] = issue::token_size(&credentials);
        Ok(AssumeRootOutput {
            credentials: Some(credentials),
            source_identity: inherited,
            session_token_size,
            session_token_utilization,
        })
    }
}

/// Whether an account administers IAM for the organisation that the other one is a member of, with
/// root sessions enabled. The management account's own root user is nobody's to assume.
fn administers(view: &View, account: AccountId, member: AccountId) -> bool {
    view.membership(member).is_some_and(|membership| {
        let organization = membership.organization();
        member != organization.management_account
            && organization.is_administered_by(account)
            && organization.record.root_features.contains(&RootFeature::Sessions)
    })
}

/// The account whose root user is meant: its id, or the ARN of the root user.
fn member(principal: &str) -> Result<AccountId, StsError<'_>> {
    let of_root = || {
        let arn: Arn = principal.parse().ok()?;
        arn.parts().account_id().filter(|account| Arn::root(*account) == arn)
    };
    principal.parse().ok().or_else(of_root).ok_or(StsError::InvalidArn(principal))
}

/// How long a session lasts unless the request wants less (STS API Reference, `AssumeRoot`).
const LONGEST: i32 = 900;

/// What the ARNs of the policies for tasks begin with.
const TASKS: &str = "arn:aws:iam::aws:policy/root-task/";

#[cfg(test)]
mod tests;
