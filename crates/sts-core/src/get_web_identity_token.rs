mod claims;

use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_federation::TokenAlgorithm;
use daypass_ident::Arn;
use daypass_model::sts::{GetWebIdentityTokenInput, GetWebIdentityTokenOutput};
use daypass_model::{ServiceError, common};
use daypass_state::Tx;

use crate::errors::StsError;
use crate::generated::GetWebIdentityToken;
use crate::tags;
use claims::Claims;

impl Guarded for GetWebIdentityToken {
    /// The right to such a token, and to put tags into it when it gets any. The resource is one that
    /// AWS's denials name and documentation does not.
    fn targets(
        input: &GetWebIdentityTokenInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let given = input.tags.as_deref().unwrap_or_default();
        let own = Arn::sts(scope.account(), &["self"]);
        targets
            .need("sts:GetWebIdentityToken", own.clone())
            .keys("sts:IdentityTokenAudience", input.audience.clone())
            .key("sts:SigningAlgorithm", &input.signing_algorithm)
            .key("sts:DurationSeconds", seconds(input).to_string())
            .request_tags(tags::pairs(given));
        if !given.is_empty() {
            targets.need("sts:TagGetWebIdentityToken", own).request_tags(tags::pairs(given));
        }
        Ok(())
    }
}

impl Handle for GetWebIdentityToken {
    const REGIONAL: bool = true;

    /// Nothing is written: whoever is shown the token verifies it with the keys that the account's
    /// issuer publishes.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetWebIdentityTokenOutput, ServiceError> {
        let input = call.input();
        let algorithm = TokenAlgorithm::parse(&input.signing_algorithm)
            .ok_or(StsError::UnknownTokenAlgorithm(&input.signing_algorithm))?;
        tags::check(input.tags.as_deref().unwrap_or_default())?;
        let record = tx.account().outbound_federation().filter(|record| record.is_enabled);
        let issuer_id = &record.ok_or(StsError::OutboundFederationDisabled)?.issuer_id;

        let expires_at = call.now() + i64::from(seconds(input));
        let session = call.call().caller.session();
        if session.is_some_and(|session| session.claims.expires_at < expires_at) {
            return Err(StsError::TokenOutlivesSession.into());
        }
        let issuer = &call.call().env.issuer;
        let claims = Claims::of(call, issuer.url(issuer_id), expires_at);
        let token = issuer.sign(algorithm, &claims).map_err(|_| common::INTERNAL_FAILURE.bare())?;
        if token.expose().len() > LONGEST {
            return Err(StsError::TokenTooLong.into());
        }
        Ok(GetWebIdentityTokenOutput {
            web_identity_token: Some(token),
            expiration: Some(DateTime::from_secs(expires_at)),
        })
    }
}

fn seconds(input: &GetWebIdentityTokenInput) -> i32 {
    input.duration_seconds.unwrap_or(DEFAULT_SECONDS)
}

/// How long a token is good for unless the request says otherwise (STS API Reference,
/// `GetWebIdentityToken`).
const DEFAULT_SECONDS: i32 = 300;

/// In characters. AWS's limit is not on record; this is the longest token that STS itself reads, in
/// `AssumeRoleWithWebIdentity`.
const LONGEST: usize = 20_000;

#[cfg(test)]
mod tests;
