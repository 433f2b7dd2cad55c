use std::sync::Arc;

use daypass_authz::{Arrival, Guarded, Handle, Permitted, Scope, Targets, Vouch};
use daypass_federation::oidc::{
    AccessTokenIssuer, Expectations, Jwt, ProviderKeys, Rules, Thumbprint, WebIdentity,
};
use daypass_ident::{AccountId, Principal};
use daypass_model::sts::{AssumeRoleWithWebIdentityInput, AssumeRoleWithWebIdentityOutput};
use daypass_model::{ServiceError, common};
use daypass_state::{Account, Caller, CrossAccount, OidcProvider, Tx, VouchedClaims};
use daypass_token::FederationFacts;

use crate::arns;
use crate::errors::IdentityError;
use crate::generated::AssumeRoleWithWebIdentity;
use crate::issue;
use crate::vouched::{Asked, Session};

#[cfg(test)]
mod tests;

impl Guarded for AssumeRoleWithWebIdentity {
    fn targets(
        input: &AssumeRoleWithWebIdentityInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        asked(input).need(scope, targets)
    }
}

/// What is known of a token of an identity provider.
#[derive(Debug)]
pub enum Evidence {
    /// Of an ID token: the keys of its provider, by which it is to be verified.
    Keys(Arc<ProviderKeys>),
    /// Of an access token: what the provider says of it. There is nothing more to verify.
    Identity(WebIdentity),
}

impl Vouch for AssumeRoleWithWebIdentity {
    type Evidence = Evidence;

    /// With `ProviderId` it is an access token of Amazon or Facebook, else an ID token, whose
    /// provider must be one of the role's account. Nobody is asked for a role that does not trust them.
    async fn evidence(
        input: &AssumeRoleWithWebIdentityInput,
        arrival: &Arrival,
    ) -> Result<Evidence, ServiceError> {
        let account = account_of_role(input)?;
        let (keys, token) = (&arrival.env.oidc_keys, token(input));
        match &input.provider_id {
            None => {
                let jwt = IdToken::parse(token, keys.rules())?;
                let of_token = |error| IdentityError::of_token(error, jwt.jwt.issuer());
                let provider = jwt.provider(arrival.view.account(account))?;
                if let Some(keys) = keys.at_hand(&jwt.jwt).map_err(of_token)? {
                    return Ok(Evidence::Keys(keys));
                }
                asked(input).check_trust(&provider.shown, &arrival.view)?;
                Ok(Evidence::Keys(keys.keys(&jwt.jwt).await.map_err(of_token)?))
            }
            Some(provider) => {
                let issuer = AccessTokenIssuer::of(provider);
                let issuer = issuer.ok_or(IdentityError::UnknownIssuer(provider))?;
                asked(input).check_trust(provider, &arrival.view)?;
                let identity = keys.ask_about(issuer, token).await;
                let of_token = |error| IdentityError::of_access_token(error, provider);
                Ok(Evidence::Identity(identity.map_err(of_token)?))
            }
        }
    }

    fn vouch(
        input: &AssumeRoleWithWebIdentityInput,
        evidence: &Evidence,
        arrival: &Arrival,
    ) -> Result<Caller, ServiceError> {
        let account = account_of_role(input)?;
        match evidence {
            Evidence::Keys(keys) => {
                let jwt = IdToken::parse(token(input), arrival.env.oidc_keys.rules())?;
                let provider = jwt.provider(arrival.view.account(account))?;
                let identity = jwt.verify(keys, &provider, arrival)?;
                Ok(caller(account, provider.shown, identity))
            }
            Evidence::Identity(identity) => {
                let provider = input.provider_id.clone().unwrap_or_default();
                Ok(caller(account, provider, identity.clone()))
            }
        }
    }
}

impl Handle for AssumeRoleWithWebIdentity {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<AssumeRoleWithWebIdentityOutput, ServiceError> {
        let Session { assumed_role_user, credentials, packed_policy_size, source_identity } =
            asked(call.input()).session(call, tx.across_accounts(CrossAccount::AssumedRole))?;
        let Principal::WebIdentityUser { provider, audience, subject, .. } =
            call.call().caller.principal()
        else {
            return Err(common::INTERNAL_FAILURE.bare());
        };
        let [session_token_size, session_token_utilization] = issue::token_size(&credentials);
        Ok(AssumeRoleWithWebIdentityOutput {
            subject_from_web_identity_token: Some(subject.to_string()),
            audience: Some(audience.to_string()),
            provider: Some(provider.to_string()),
            assumed_role_user: Some(assumed_role_user),
            credentials: Some(credentials),
            source_identity,
            packed_policy_size,
            session_token_size,
            session_token_utilization,
        })
    }
}

fn asked(input: &AssumeRoleWithWebIdentityInput) -> Asked<'_> {
    Asked {
        action: "sts:AssumeRoleWithWebIdentity",
        role: &input.role_arn,
        session_name: &input.role_session_name,
        seconds: input.duration_seconds,
        policy: input.policy.as_deref(),
        policy_arns: input.policy_arns.as_deref(),
        minimum_token_size: input.minimum_session_token_size,
    }
}

/// The account of the role, in which the provider is looked up.
fn account_of_role(input: &AssumeRoleWithWebIdentityInput) -> Result<AccountId, IdentityError<'_>> {
    let role = arns::of_iam("role", &input.role_arn);
    role.map(|(_, account)| account).ok_or(IdentityError::RoleArn)
}

/// Clients send a token file as it is, and what wrote it may have ended the line: common workflows of
/// GitHub Actions do (`jq -r .value`), and work on AWS.
fn token(input: &AssumeRoleWithWebIdentityInput) -> &str {
    input.web_identity_token.expose().trim_end_matches(['\r', '\n'])
}

/// An ID token that has been read, and not verified.
struct IdToken<'t> {
    jwt: Jwt<'t>,
    rules: Rules,
}

impl<'t> IdToken<'t> {
    fn parse(token: &'t str, rules: Rules) -> Result<Self, ServiceError> {
        let jwt = Jwt::parse(token).map_err(|error| IdentityError::of_token(error, ""))?;
        Ok(Self { jwt, rules })
    }

    /// The provider that it claims to be from, as the account has it.
    fn provider<'a>(&'a self, account: &'a Account) -> Result<Provider<'a>, ServiceError> {
        let issuer = self.jwt.issuer();
        let name = self.jwt.provider(self.rules);
        let name = name.map_err(|error| IdentityError::of_token(error, issuer))?;
        let provider = Provider::of(account, name, &self.jwt);
        Ok(provider.ok_or(IdentityError::UnknownIssuer(issuer))?)
    }

    fn verify(
        &self,
        keys: &ProviderKeys,
        provider: &Provider<'_>,
        arrival: &Arrival,
    ) -> Result<WebIdentity, ServiceError> {
        let expected = Expectations {
            provider: provider.name,
            audiences: &provider.audiences,
            now: arrival.now,
            rules: self.rules,
        };
        let identity = keys.verify(&self.jwt, &expected, &provider.thumbprints);
        identity.map_err(|error| IdentityError::of_token(error, self.jwt.issuer()))
    }
}

/// A provider of ID tokens: one that the role's account has registered, or one that every account
/// has (IAM User Guide, "OIDC federation").
struct Provider<'a> {
    /// Its URL without the scheme.
    name: &'a str,
    /// As policies name it.
    shown: String,
    audiences: Vec<&'a str>,
    thumbprints: Vec<Thumbprint>,
}

impl<'a> Provider<'a> {
    fn of(account: &'a Account, name: &'a str, jwt: &'a Jwt<'_>) -> Option<Self> {
        match account.oidc_provider(name) {
            Some(provider) => Some(Self::registered(name, provider)),
            // Its clients are registered nowhere: the trust policy says which it means.
            None if BUILT_IN.contains(&name) => Some(Self {
                name,
                shown: name.to_owned(),
                audiences: jwt.audience().into_iter().collect(),
                thumbprints: Vec::new(),
            }),
            None => None,
        }
    }

    fn registered(name: &'a str, provider: &'a OidcProvider) -> Self {
        let record = &provider.record;
        Self {
            name,
            shown: provider.arn().into(),
            audiences: record.client_ids.iter().map(String::as_str).collect(),
            thumbprints: record.thumbprints.iter().filter_map(|text| text.parse().ok()).collect(),
        }
    }
}

/// Whom a provider, as policies name it, vouches for.
fn caller(account: AccountId, provider: String, identity: WebIdentity) -> Caller {
    let principal = Principal::WebIdentityUser {
        account,
        provider: provider.as_str().into(),
        audience: identity.audience.into(),
        subject: identity.subject.into(),
    };
    let lasting = identity.keys.iter().filter(|key| key.persists);
    let lasting = lasting.map(|key| (key.key.clone(), key.values.clone())).collect();
    Caller::vouched(
        principal,
        VouchedClaims {
            keys: identity.keys.into_iter().map(|key| (key.key, key.values)).collect(),
            lasting: FederationFacts { provider, keys: lasting },
            tags: identity.tags,
            transitive_tag_keys: identity.transitive_tag_keys,
            source_identity: identity.source_identity,
            ..VouchedClaims::default()
        },
    )
}

/// Those of the built-in providers that issue ID tokens. Policies name them by their hosts.
const BUILT_IN: [&str; 2] = ["accounts.google.com", "cognito-identity.amazonaws.com"];
