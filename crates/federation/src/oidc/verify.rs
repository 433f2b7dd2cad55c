use aws_smithy_types::DateTime;

use super::jwt::Claims;
use super::{Jwt, KeySet, OidcError, Rules, WebIdentity};

#[cfg(test)]
mod tests;

/// What a token must fit, beside its signature.
#[derive(Debug, Clone, Copy)]
pub struct Expectations<'a> {
    /// The provider as it is registered: its URL without the scheme.
    pub provider: &'a str,
    /// The client ids that are registered with the provider (`ClientIDList`).
    pub audiences: &'a [&'a str],
    /// Now, by the clock that whatever expires keeps to.
    pub now: DateTime,
    /// Which URLs an issuer may have.
    pub rules: Rules,
}

/// Verifies a token: issuer, signature, times, audience, in this order, so that nothing but the
/// issuer is judged of a token that the provider has not signed.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(
    jwt: &Jwt<'_>,
    expected: &Expectations<'_>,
    keys: &KeySet,
) -> Result<WebIdentity, OidcError> {
    let claims = &jwt.claims;
    if jwt.provider(expected.rules)? != expected.provider {
        return Err(OidcError::Issuer(claims.issuer.clone()));
    }
    keys.verify(jwt)?;
    within_lifetime(claims, expected.now)?;
    let audience = audience(claims).filter(|audience| expected.audiences.contains(audience));
    let audience = audience.ok_or_else(|| {
        let party = claims.authorized_party.clone().map(|party| vec![party]);
        OidcError::Audience(party.unwrap_or_else(|| claims.audiences.clone()))
    })?;
    WebIdentity::of(claims, expected.provider, audience)
}

fn within_lifetime(claims: &Claims, now: DateTime) -> Result<(), OidcError> {
    if now.secs() >= claims.expiry.saturating_add(CLOCK_SKEW) {
        return Err(OidcError::Expired { now, expiry: DateTime::from_secs(claims.expiry) });
    }
    let from = claims.not_before.map_or(claims.issued, |from| from.max(claims.issued));
    if now.secs().saturating_add(CLOCK_SKEW) < from {
        return Err(OidcError::NotYetValid { now, from: DateTime::from_secs(from) });
    }
    if claims.expiry <= claims.issued {
        let problem = "is not after the time of issue";
        return Err(OidcError::RejectedClaim { claim: "exp", problem });
    }
    Ok(())
}

/// The client that the token is for: `azp` where there is one, else the only `aud`.
///
/// AWS prefers `azp` for every provider, not for Google alone: a token of Entra ID whose `aud` is
/// registered and whose `azp` is another client is answered `Incorrect token audience`.
pub(super) fn audience(claims: &Claims) -> Option<&str> {
    if let Some(party) = &claims.authorized_party {
        return Some(party);
    }
    match claims.audiences.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Seconds by which clocks may differ: AWS takes a token for five minutes after its `exp` (IAM User
/// Guide, "OIDC federation").
const CLOCK_SKEW: i64 = 300;
