use daypass_authz::{Arrival, Guarded, Handle, Permitted, Scope, Targets, Vouch};
use daypass_federation::saml::{self, Assertion, Offer};
use daypass_ident::{Arn, Principal};
use daypass_model::ServiceError;
use daypass_model::sts::{AssumeRoleWithSamlInput, AssumeRoleWithSamlOutput};
use daypass_state::{Caller, CrossAccount, Tx, VouchedClaims};
use daypass_token::FederationFacts;

use crate::arns;
use crate::errors::IdentityError;
use crate::generated::AssumeRoleWithSaml;
use crate::saml_providers;
use crate::vouched::{Asked, Session};

#[cfg(test)]
mod tests;

impl Guarded for AssumeRoleWithSaml {
    fn targets(
        input: &AssumeRoleWithSamlInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        asked(input, scope.call().caller.vouched_claims()).need(scope, targets)
    }
}

impl Vouch for AssumeRoleWithSaml {
    /// Everything that verifies a response is in the provider's registered metadata.
    type Evidence = ();

    async fn evidence(_: &AssumeRoleWithSamlInput, _: &Arrival) -> Result<(), ServiceError> {
        Ok(())
    }

    /// The provider must be of the role's account. Roles of Identity Center are for Identity Center.
    fn vouch(
        input: &AssumeRoleWithSamlInput,
        (): &(),
        arrival: &Arrival,
    ) -> Result<Caller, ServiceError> {
        let provider = arns::of_iam("saml-provider", &input.principal_arn);
        let (provider, _) = provider.ok_or(IdentityError::PrincipalArn)?;
        let role = arns::of_iam("role", &input.role_arn);
        let (role, account) = role.ok_or(IdentityError::RoleArn)?;
        if role.parts().resource.rsplit('/').next().is_some_and(|name| name.starts_with(RESERVED)) {
            return Err(IdentityError::NotAuthorized(ACTION).into());
        }
        let registered = arrival.view.account(account).saml_provider_by_arn(provider.as_str());
        let registered = registered.ok_or(IdentityError::UnknownProvider)?;
        let (metadata, expected) = saml_providers::expectations(registered, arrival)?;
        let offer = Offer { role, provider };
        let assertion = saml::verify(input.saml_assertion.expose(), metadata, &offer, &expected)
            .map_err(IdentityError::of_response)?;
        let Offer { provider, .. } = offer;
        let principal = Principal::SamlUser {
            account,
            provider: provider.clone(),
            name_qualifier: assertion.name_qualifier.as_str().into(),
            subject: assertion.subject.as_str().into(),
        };
        Ok(Caller::vouched(principal, claims(provider, assertion)))
    }
}

impl Handle for AssumeRoleWithSaml {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AssumeRoleWithSamlOutput, ServiceError> {
        let claims = call.call().caller.vouched_claims();
        let Session { assumed_role_user, credentials, packed_policy_size, source_identity } =
            asked(call.input(), claims)
                .session(call, tx.across_accounts(CrossAccount::AssumedRole))?;
        let said = |key: &str| {
            let (_, values) = claims?.keys.iter().find(|(name, _)| name == key)?;
            values.first().cloned()
        };
        let [session_token_size, session_token_utilization] =
            crate::issue::token_size(&credentials);
        Ok(AssumeRoleWithSamlOutput {
            subject: said("saml:sub"),
            subject_type: said("saml:sub_type"),
            issuer: said("saml:iss"),
            audience: said("saml:aud"),
            name_qualifier: said("saml:namequalifier"),
            assumed_role_user: Some(assumed_role_user),
            credentials: Some(credentials),
            packed_policy_size,
            source_identity,
            session_token_size,
            session_token_utilization,
        })
    }
}

fn asked<'a>(input: &'a AssumeRoleWithSamlInput, claims: Option<&'a VouchedClaims>) -> Asked<'a> {
    Asked {
        action: ACTION,
        role: &input.role_arn,
        session_name: claims.and_then(|claims| claims.session_name.as_deref()).unwrap_or_default(),
        seconds: input.duration_seconds,
        policy: input.policy.as_deref(),
        policy_arns: input.policy_arns.as_deref(),
        minimum_token_size: input.minimum_session_token_size,
    }
}

fn claims(provider: Arn, assertion: Assertion) -> VouchedClaims {
    let lasting = assertion.keys.iter().filter(|key| key.persists);
    let lasting = lasting.map(|key| (key.key.clone(), key.values.clone())).collect();
    VouchedClaims {
        keys: assertion.keys.into_iter().map(|key| (key.key, key.values)).collect(),
        lasting: FederationFacts { provider: provider.into(), keys: lasting },
        tags: assertion.tags,
        transitive_tag_keys: assertion.transitive_tag_keys,
        source_identity: assertion.source_identity,
        session_name: Some(assertion.role_session_name),
        session_seconds: assertion.session_duration.and_then(|seconds| seconds.try_into().ok()),
        session_end: assertion.session_not_on_or_after.map(|end| end.secs()),
        assertion_id: Some(assertion.id),
    }
}

const ACTION: &str = "sts:AssumeRoleWithSAML";

/// What the names of Identity Center's roles begin with.
const RESERVED: &str = "AWSReservedSSO_";
