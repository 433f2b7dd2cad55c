use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::json::{Json, Object};
use super::{Algorithm, Malformed, OidcError, Rules, verify};

#[cfg(test)]
mod tests;

/// A token that was read, and that nobody has verified: all it says may be a lie.
///
/// The form is JWS compact serialisation (RFC 7515, section 7.1) of a JWT (RFC 7519). Whatever else
/// a header may hold, `jwk`, `jku`, `x5c` and `x5u` among it, is not looked at: a token does not say
/// by which key it wants to be verified.
pub struct Jwt<'t> {
    /// What the signature covers: the first two parts as they came.
    pub(super) signed: &'t str,
    pub(super) signature: Vec<u8>,
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    pub(super) claims: Claims,
}

impl<'t> Jwt<'t> {
    /// Reads a token.
    ///
    /// # Errors
    /// [`OidcError::Malformed`], or [`OidcError::MissingClaim`] when `iss`, `sub`, `aud` (and
    /// `azp`), `exp` or `iat` is missing.
    pub fn parse(token: &'t str) -> Result<Self, OidcError> {
        if token.len() > LONGEST {
            return Err(OidcError::Malformed(Malformed::TooLong));
        }
        let (signed, header, claims, signature) =
            parts(token).ok_or(OidcError::Malformed(Malformed::Parts))?;
        let header = Header::read(&object(header)?)?;
        Ok(Self {
            signed,
            signature: decode(signature)?,
            algorithm: header.algorithm,
            key_id: header.key_id,
            claims: Claims::read(object(claims)?)?,
        })
    }

    /// The provider that the token claims to be from, as it is registered: its issuer without the
    /// scheme, a path included (`token.actions.githubusercontent.com`).
    ///
    /// # Errors
    /// [`OidcError::Issuer`] when the issuer is no URL that a provider can have.
    pub fn provider(&self, rules: Rules) -> Result<&str, OidcError> {
        rules
            .provider_of(&self.claims.issuer)
            .ok_or_else(|| OidcError::Issuer(self.claims.issuer.clone()))
    }

    /// The client that the token claims to be for: its `azp`, or its only `aud`.
    #[must_use]
    pub fn audience(&self) -> Option<&str> {
        verify::audience(&self.claims)
    }

    /// The issuer as it stands in the token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.claims.issuer
    }
}

/// A token is as good as a password until it expires.
impl fmt::Debug for Jwt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt").field("issuer", &self.claims.issuer).finish_non_exhaustive()
    }
}

/// What a token says of itself. Times are seconds since 1970.
pub(super) struct Claims {
    pub(super) issuer: String,
    pub(super) subject: String,
    /// One or more; none only when there is an authorised party.
    pub(super) audiences: Vec<String>,
    /// `azp`: the client that the token was issued to (OpenID Connect Core, section 2).
    pub(super) authorized_party: Option<String>,
    pub(super) expiry: i64,
    pub(super) issued: i64,
    pub(super) not_before: Option<i64>,
    /// Every claim, these among them.
    pub(super) all: Object,
}

impl Claims {
    /// The order in which AWS names what is missing is seen only in part: a token without `aud`,
    /// `exp` and `iat` (an old one of a Kubernetes service account) lacks `aud`.
    fn read(all: Object) -> Result<Self, OidcError> {
        let issuer = text(&all, "iss")?.ok_or(OidcError::MissingClaim("iss"))?;
        let subject = text(&all, "sub")?.ok_or(OidcError::MissingClaim("sub"))?;
        let authorized_party = text(&all, "azp")?;
        let audiences = match all.get("aud") {
            None => Vec::new(),
            Some(audiences) => audiences
                .one_or_many()
                .ok_or(OidcError::Malformed(Malformed::Claim("aud")))?
                .into_iter()
                .map(str::to_owned)
                .collect(),
        };
        if audiences.is_empty() && authorized_party.is_none() {
            return Err(OidcError::MissingClaim("aud"));
        }
        let expiry = time(&all, "exp")?.ok_or(OidcError::MissingClaim("exp"))?;
        let issued = time(&all, "iat")?.ok_or(OidcError::MissingClaim("iat"))?;
        let not_before = time(&all, "nbf")?;
        Ok(Self { issuer, subject, audiences, authorized_party, expiry, issued, not_before, all })
    }
}

struct Header {
    algorithm: Algorithm,
    key_id: Option<String>,
}

impl Header {
    fn read(header: &Object) -> Result<Self, OidcError> {
        // RFC 7515, section 4.1.11: extensions that are not understood make a token invalid.
        if header.contains_key("crit") {
            return Err(OidcError::Malformed(Malformed::Critical));
        }
        let algorithm = header.get("alg").and_then(Json::as_text).and_then(Algorithm::parse);
        let algorithm = algorithm.ok_or(OidcError::Malformed(Malformed::Algorithm))?;
        let key_id = match header.get("kid") {
            None => None,
            Some(Json::Text(key_id)) => Some(key_id.clone()),
            Some(_) => return Err(OidcError::Malformed(Malformed::KeyId)),
        };
        Ok(Self { algorithm, key_id })
    }
}

/// The signed part, and the three parts: header, claims, signature.
fn parts(token: &str) -> Option<(&str, &str, &str, &str)> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    (!claims.contains('.')).then_some((signed, header, claims, signature))
}

fn object(part: &str) -> Result<Object, OidcError> {
    Json::parse_object(&decode(part)?).ok_or(OidcError::Malformed(Malformed::Json))
}

/// Refuses padding, other alphabets, and bits that belong to no byte: each byte string has one
/// spelling.
fn decode(part: &str) -> Result<Vec<u8>, OidcError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| OidcError::Malformed(Malformed::Encoding))
}

fn text(claims: &Object, name: &'static str) -> Result<Option<String>, OidcError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(OidcError::Malformed(Malformed::Claim(name))),
    }
}

/// A NumericDate, which AWS takes as an integer only. What a year of five digits needs is refused:
/// every such number is a mistake of units.
fn time(claims: &Object, name: &'static str) -> Result<Option<i64>, OidcError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Json::Integer(seconds)) if (0..=END_OF_9999).contains(seconds) => Ok(Some(*seconds)),
        Some(_) => Err(OidcError::Malformed(Malformed::Claim(name))),
    }
}

/// The longest `WebIdentityToken` (STS API Reference).
const LONGEST: usize = 20_000;

/// 9999-12-31T23:59:59Z.
const END_OF_9999: i64 = 253_402_300_799;
