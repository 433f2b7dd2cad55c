use daypass_authz::{Call, Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, Principal};
use daypass_model::ServiceError;
use daypass_model::sts::{AssumeRoleInput, AssumeRoleOutput, AssumedRoleUser};
use daypass_state::{Caller, CrossAccount, Tx};

use crate::errors::{ContextError, StsError};
use crate::generated::AssumeRole;
use crate::issue::{self, Claims};
use crate::mfa::{self, Proof};
use crate::provided_contexts::{self, ProvidedContext};
use crate::tags::SessionTags;
use crate::trusted_role::TrustedRole;
use crate::{duration, session_policies};

impl Guarded for AssumeRole {
    /// The role's trust policy and the caller's own policies together decide on `sts:AssumeRole`,
    /// and with the same circumstances on `sts:TagSession` and `sts:SetSourceIdentity` when the
    /// session gets tags or a source identity, passed or inherited, and on `sts:SetContext` when
    /// contexts are provided.
    fn targets(
        input: &AssumeRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let caller = &scope.call().caller;
        if caller.principal().is_root() && !scope.call().env.departures.root_may_assume_roles {
            return Err(StsError::RootMayNotAssume.into());
        }
        let role = TrustedRole::of(&input.role_arn, scope)?;
        let proof = proof(input, scope.call())?;
        let tags = requested_tags(input, caller);
        let source_identity = source_identity(input, caller)?;
        let context = context(input, scope.call())?;

        // AWS asks for what goes with the role first, as its refusals show: one that allows none of
        // this names `sts:TagSession`, and one for another source identity `sts:SetSourceIdentity`.
        let actions = [
            (!tags.is_empty()).then_some("sts:TagSession"),
            source_identity.map(|_| "sts:SetSourceIdentity"),
            context.as_ref().map(|_| "sts:SetContext"),
            Some("sts:AssumeRole"),
        ];
        for action in actions.into_iter().flatten() {
            let target = role.need(targets, scope, action);
            target.key("sts:RoleSessionName", &input.role_session_name);
            if let Some(external_id) = &input.external_id {
                target.key("sts:ExternalId", external_id);
            }
            if let Some(source_identity) = source_identity {
                target.key("sts:SourceIdentity", source_identity);
            }
            if proof.is_some() {
                target.authenticated_by_code();
            }
            target.request_tags(tags.iter());
            if !tags.transitive_keys().is_empty() {
                target.keys("sts:TransitiveTagKeys", tags.transitive_keys().to_vec());
            }
            if let Some(context) = &context {
                context.add_keys(target);
            }
        }
        Ok(())
    }
}

impl Handle for AssumeRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AssumeRoleOutput, ServiceError> {
        let input = call.input();
        let caller = &call.call().caller;
        let arn = role_arn(input)?;
        let view = tx.across_accounts(CrossAccount::AssumedRole);
        // Authorisation read the role from this view or an older one; if it is gone since, AWS's
        // answer is the one for a role that was never there.
        let role = view.role_by_arn(&arn).ok_or_else(|| vanished(caller, &arn))?;

        let proof = proof(input, call.call())?;
        let context = context(input, call.call())?;
        let seconds = duration::of_assumed_role(input.duration_seconds, role, caller)?;
        let tags = requested_tags(input, caller);
        tags.check()?;
        let source_identity = source_identity(input, caller)?.map(str::to_owned);
        let policies = session_policies::parse(
            input.policy.as_deref(),
            input.policy_arns.as_deref(),
            view.account(role.account()),
        )?;
        let packed_policy_size = session_policies::packed_size(policies.as_ref(), &tags)?;

        let principal = Principal::AssumedRole {
            account: role.account(),
            path: role.record.path.as_str().into(),
            role: role.record.name.as_str().into(),
            id: role.record.id,
            session: input.role_session_name.as_str().into(),
        };
        let assumed_role_user =
            AssumedRoleUser { assumed_role_id: principal.user_id(), arn: principal.arn().into() };
        let (tags, transitive_tag_keys) = tags.into_parts();
        let proven = proof.map(Proof::spend).transpose()?;
        let inherited = Claims::of(principal, call.call());
        let claims = Claims {
            seconds,
            session_policies: policies,
            tags,
            transitive_tag_keys,
            source_identity: source_identity.clone(),
            minimum_token_size: input.minimum_session_token_size,
            mfa: proven.or(inherited.mfa),
            on_behalf_of: context.map(|context| context.0.user),
            ..inherited
        };
        let credentials = issue::credentials(call, claims)?;
        let [session_token_size, session_token_utilization] = issue::token_size(&credentials);
        Ok(AssumeRoleOutput {
            assumed_role_user: Some(assumed_role_user),
            credentials: Some(credentials),
            source_identity,
            packed_policy_size,
            session_token_size,
            session_token_utilization,
        })
    }
}

fn proof(input: &AssumeRoleInput, call: &Call) -> Result<Option<Proof>, StsError<'static>> {
    mfa::check(input.serial_number.as_deref(), input.token_code.as_deref(), call)
}

fn role_arn(input: &AssumeRoleInput) -> Result<Arn, StsError<'_>> {
    input.role_arn.parse().map_err(|_| StsError::InvalidArn(&input.role_arn))
}

fn context<'i>(
    input: &'i AssumeRoleInput,
    call: &Call,
) -> Result<Option<ProvidedContext>, ContextError<'i>> {
    provided_contexts::open(input.provided_contexts.as_deref(), call)
}

fn requested_tags(input: &AssumeRoleInput, caller: &Caller) -> SessionTags {
    SessionTags::requested(input.tags.as_deref(), input.transitive_tag_keys.as_deref(), caller)
}

/// The source identity that the session will have: the one passed, or the one inherited.
///
/// # Errors
/// The one passed is not the one inherited. AWS says so whatever the policies say of the one passed.
fn source_identity<'a>(
    input: &'a AssumeRoleInput,
    caller: &'a Caller,
) -> Result<Option<&'a str>, StsError<'static>> {
    let inherited = caller.session().and_then(|session| session.claims.source_identity.as_deref());
    match (input.source_identity.as_deref(), inherited) {
        (Some(passed), Some(inherited)) if passed != inherited => {
            Err(StsError::SourceIdentityIsSet)
        }
        (passed, inherited) => Ok(passed.or(inherited)),
    }
}

fn vanished(caller: &Caller, role: &Arn) -> ServiceError {
    StsError::NotAuthorized { caller: caller.principal().shown(), role }.into()
}

#[cfg(test)]
mod tests;
