use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, Principal};
use daypass_model::ServiceError;
use daypass_model::sts::{FederatedUser, GetFederationTokenInput, GetFederationTokenOutput};
use daypass_state::{Caller, Tx};

use crate::generated::GetFederationToken;
use crate::issue::{self, Claims};
use crate::tags::{self, SessionTags};
use crate::{duration, session_policies};

impl Guarded for GetFederationToken {
    /// The right to make a session of this name, and to tag it when it gets tags. That only
    /// long-term credentials may call it is a rule about credentials, which authorisation knows.
    fn targets(
        input: &GetFederationTokenInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let session = Arn::federated_user(scope.account(), &input.name);
        let given = input.tags.as_deref().unwrap_or_default();
        let target = targets.need("sts:GetFederationToken", session.clone());
        target.request_tags(tags::pairs(given));
        if !given.is_empty() {
            targets.need("sts:TagSession", session).request_tags(tags::pairs(given));
        }
        Ok(())
    }
}

impl Handle for GetFederationToken {
    /// The session may do what its issuer may, as far as the policies that it is given allow:
    /// without any, only what policies of resources grant to it by name.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetFederationTokenOutput, ServiceError> {
        let input = call.input();
        let caller = &call.call().caller;
        let tags = session_tags(input, caller);
        tags.check()?;
        let policies = session_policies::parse(
            input.policy.as_deref(),
            input.policy_arns.as_deref(),
            tx.account(),
        )?;
        let packed_policy_size = session_policies::packed_size(policies.as_ref(), &tags)?;

        let issuer = caller.principal();
        let principal =
            Principal::FederatedUser { account: call.account(), name: input.name.as_str().into() };
        let federated_user =
            FederatedUser { federated_user_id: principal.user_id(), arn: principal.arn().into() };
        let (tags, transitive_tag_keys) = tags.into_parts();
        let claims = Claims {
            issuer: Some(issuer.clone()),
            seconds: duration::of_own_session(input.duration_seconds, issuer),
            session_policies: policies,
            tags,
            transitive_tag_keys,
            minimum_token_size: input.minimum_session_token_size,
            ..Claims::of(principal, call.call())
        };
        let credentials = issue::credentials(call, claims)?;
        let [session_token_size, session_token_utilization] = issue::token_size(&credentials);
        Ok(GetFederationTokenOutput {
            credentials: Some(credentials),
            federated_user: Some(federated_user),
            // Unlike the roles' operations, this one says it of nothing, too.
            packed_policy_size: packed_policy_size.or(Some(0)),
            session_token_size,
            session_token_utilization,
        })
    }
}

/// None of them are transitive: such a session assumes no role.
fn session_tags(input: &GetFederationTokenInput, caller: &Caller) -> SessionTags {
    SessionTags::requested(input.tags.as_deref(), None, caller)
}

#[cfg(test)]
mod tests;
