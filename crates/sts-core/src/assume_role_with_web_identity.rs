use daypass_authz::{Arrival, Guarded, Handle, Permitted, Scope, Targets, Vouch};
use daypass_federation::oidc::{Expectations, Jwt, Thumbprint, WebIdentity};
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

impl Vouch for AssumeRoleWithWebIdentity {
    /// Whose word the token is, is looked up in the account of the role. With `ProviderId` it is an
    /// access token of Amazon or Facebook, else an ID token.
    async fn vouch(
        input: &AssumeRoleWithWebIdentityInput,
        arrival: &Arrival,
    ) -> Result<Caller, ServiceError> {
        let role = arns::of_iam("role", &input.role_arn);
        let (_, account) = role.ok_or(IdentityError::RoleArn)?;
        // Clients send a token file as it is, and what wrote it may have ended the line: common
        // workflows of GitHub Actions do (`jq -r .value`), and work on AWS.
        let token = input.web_identity_token.expose().trim_end_matches(['\r', '\n']);
        match &input.provider_id {
            None => id_token(token, account, arrival).await,
            Some(provider) => {
                let identity = arrival.env.oidc_keys.ask_about(provider, token).await;
                let identity =
                    identity.map_err(|error| IdentityError::of_access_token(error, provider))?;
                Ok(caller(account, provider.clone(), identity))
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

/// Verifies an ID token with the keys of its provider.
async fn id_token(
    token: &str,
    account: AccountId,
    arrival: &Arrival,
) -> Result<Caller, ServiceError> {
    let keys = &arrival.env.oidc_keys;
    let jwt = Jwt::parse(token).map_err(|error| IdentityError::of_token(error, ""))?;
    let of_token = |error| IdentityError::of_token(error, jwt.issuer());
    let name = jwt.provider(keys.rules()).map_err(of_token)?;
    let provider = Provider::of(arrival.view.account(account), name, &jwt)
        .ok_or(IdentityError::UnknownIssuer(jwt.issuer()))?;
    let expected = Expectations {
        provider: name,
        audiences: &provider.audiences,
        now: arrival.now,
        rules: keys.rules(),
    };
    let identity = keys.verify(&jwt, &expected, &provider.thumbprints).await.map_err(of_token)?;
    Ok(caller(account, provider.shown, identity))
}

/// A provider of ID tokens: one that the role's account has registered, or one that every account
/// has (IAM User Guide, "OIDC federation").
struct Provider<'a> {
    /// As policies name it.
    shown: String,
    audiences: Vec<&'a str>,
    thumbprints: Vec<Thumbprint>,
}

impl<'a> Provider<'a> {
    fn of(account: &'a Account, name: &'a str, jwt: &'a Jwt<'_>) -> Option<Self> {
        match account.oidc_provider(name) {
            Some(provider) => Some(Self::registered(provider)),
            // Its clients are registered nowhere: the trust policy says which it means.
            None if BUILT_IN.contains(&name) => Some(Self {
                shown: name.to_owned(),
                audiences: jwt.audience().into_iter().collect(),
                thumbprints: Vec::new(),
            }),
            None => None,
        }
    }

    fn registered(provider: &'a OidcProvider) -> Self {
        let record = &provider.record;
        Self {
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
