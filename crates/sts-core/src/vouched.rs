//! What a role gives to somebody for whom an identity provider vouches: what `AssumeRoleWithSAML`
//! and `AssumeRoleWithWebIdentity` have in common.

use daypass_authz::{Permitted, Scope, Targets};
use daypass_ident::{Arn, Principal};
use daypass_model::sts::{AssumedRoleUser, Credentials, PolicyDescriptorType};
use daypass_model::{Operation, ServiceError};
use daypass_policy::Caller;
use daypass_state::{View, VouchedClaims};

use crate::arns;
use crate::errors::{IdentityError, StsError};
use crate::issue::{self, Claims};
use crate::tags::SessionTags;
use crate::trusted_role::TrustedRole;
use crate::{duration, session_policies};

/// What such a call asks for.
pub(crate) struct Asked<'a> {
    /// The action that the role's trust policy must allow.
    pub(crate) action: &'static str,
    pub(crate) role: &'a str,
    pub(crate) session_name: &'a str,
    pub(crate) seconds: Option<i32>,
    pub(crate) policy: Option<&'a str>,
    pub(crate) policy_arns: Option<&'a [PolicyDescriptorType]>,
    pub(crate) minimum_token_size: Option<i32>,
}

/// What the call gets.
pub(crate) struct Session {
    pub(crate) assumed_role_user: AssumedRoleUser,
    pub(crate) credentials: Credentials,
    pub(crate) packed_policy_size: Option<i32>,
    pub(crate) source_identity: Option<String>,
}

impl Asked<'_> {
    /// The role's trust policy alone decides: on the operation, and with the same circumstances on
    /// `sts:TagSession` and `sts:SetSourceIdentity` when the provider gives tags or a source
    /// identity.
    pub(crate) fn need(
        &self,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let role = TrustedRole::of(self.role, scope)?;
        let nothing = VouchedClaims::default();
        let claims = scope.call().caller.vouched_claims().unwrap_or(&nothing);
        let tags = SessionTags::vouched(claims);
        let actions = [
            Some(self.action),
            (!tags.is_empty()).then_some("sts:TagSession"),
            claims.source_identity.as_ref().map(|_| "sts:SetSourceIdentity"),
        ];
        for action in actions.into_iter().flatten() {
            let target = role.need(targets, scope, action);
            target.key("sts:RoleSessionName", self.session_name);
            if let Some(source_identity) = &claims.source_identity {
                target.key("sts:SourceIdentity", source_identity);
            }
            target.request_tags(tags.iter());
            if !tags.transitive_keys().is_empty() {
                target.keys("sts:TransitiveTagKeys", tags.transitive_keys().to_vec());
            }
        }
        Ok(())
    }

    /// That the role is there, and that a statement of its trust policy allows the operation to whom
    /// this provider vouches for, if some conditions hold. It is looked at before the provider is asked
    /// over a network, so that nobody makes daypass ask on behalf of a role that they cannot get.
    ///
    /// Where in its order AWS looks at the role is not on record. Here it is the last thing before the
    /// question. It tells a stranger whether the role trusts the provider, and nothing of the conditions.
    pub(crate) fn check_trust(&self, provider: &str, view: &View) -> Result<(), ServiceError> {
        let role = arns::of_iam("role", self.role).and_then(|(role, _)| view.role_by_arn(&role));
        let trust = role.and_then(|role| role.trust.as_ref());
        let may = trust.is_some_and(|it| it.may_allow(Caller::Federated(provider), self.action));
        if may {
            return Ok(());
        }
        let cause = "there is no such role, or its trust policy allows this provider nothing";
        Err(ServiceError::from(IdentityError::NotAuthorized(self.action)).because(cause))
    }

    /// Makes the session.
    pub(crate) fn session<Op: Operation>(
        self,
        call: &Permitted<Op>,
        view: &View,
    ) -> Result<Session, ServiceError> {
        let not_authorized = || IdentityError::NotAuthorized(self.action);
        let claims = call.call().caller.vouched_claims().ok_or_else(not_authorized)?;
        let arn: Arn = self.role.parse().map_err(|_| StsError::InvalidArn(self.role))?;
        // Authorisation read the role from this view or an older one.
        let role = view.role_by_arn(&arn).ok_or_else(not_authorized)?;

        let seconds = duration::of_vouched(self.seconds, role, claims, call.now())?;
        let source_identity = claims.source_identity.clone();
        if !source_identity.as_deref().is_none_or(is_source_identity) {
            return Err(IdentityError::SourceIdentity.into());
        }
        let tags = SessionTags::vouched(claims);
        if !tags.are_well_formed() {
            return Err(IdentityError::Tags.into());
        }
        tags.check()?;
        let account = view.account(role.account());
        let policies = session_policies::parse(self.policy, self.policy_arns, account)?;
        let packed_policy_size = session_policies::packed_size(policies.as_ref(), &tags)?;

        let principal = Principal::AssumedRole {
            account: role.account(),
            path: role.record.path.as_str().into(),
            role: role.record.name.as_str().into(),
            id: role.record.id,
            session: self.session_name.into(),
        };
        let assumed_role_user =
            AssumedRoleUser { assumed_role_id: principal.user_id(), arn: principal.arn().into() };
        let (tags, transitive_tag_keys) = tags.into_parts();
        let claims = Claims {
            seconds,
            session_policies: policies,
            tags,
            transitive_tag_keys,
            source_identity: source_identity.clone(),
            federation: Some(claims.lasting.clone()),
            minimum_token_size: self.minimum_token_size,
            ..Claims::of(principal, call.call())
        };
        let credentials = issue::credentials(call, claims)?;
        Ok(Session { assumed_role_user, credentials, packed_policy_size, source_identity })
    }
}

/// AWS asks of providers what it asks of the parameter of `AssumeRole`, and a shorter text at most.
fn is_source_identity(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    // A colon is none of these, so that none begins with "aws:".
    (2..=64).contains(&text.len()) && text.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_identities_are_names() {
        let long = "a".repeat(64);
        for text in ["me", "Ana+admin=x,y.z@example.com-1_2", &long] {
            assert!(is_source_identity(text), "{text}");
        }
        for text in ["", "m", "aws:me", "a b", "é!", "bücher", &format!("{long}a")] {
            assert!(!is_source_identity(text), "{text}");
        }
    }
}
