use daypass_federation::oidc::{AccessTokenError, FetchError, OidcError};
use daypass_federation::saml::SamlError;
use daypass_model::sts::errors::{
    EXPIRED_TOKEN, IDP_COMMUNICATION_ERROR, IDP_REJECTED_CLAIM, INVALID_IDENTITY_TOKEN,
};
use daypass_model::{ServiceError, common};

/// What STS refuses of identity providers' words. Where AWS's sentence is not on record, the one
/// here says so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IdentityError<'a> {
    /// Also when the role does not exist: who asks does not learn which.
    #[error("Not authorized to perform {0}")]
    NotAuthorized(&'static str),
    /// What is named as the role is none: a provider, say.
    #[error("Request ARN is invalid")]
    RoleArn,
    /// What is named as the SAML provider is none.
    #[error("Principal ARN is invalid")]
    PrincipalArn,
    #[error(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access \
         Token)"
    )]
    NoJwt,
    #[error("Missing a required claim: {0}")]
    MissingClaim(&'static str),
    /// The provider's URL, as the token has it.
    #[error("No OpenIDConnect provider found in your account for {0}")]
    UnknownIssuer(&'a str),
    #[error("Incorrect token audience")]
    Audience,
    /// Two spaces, as AWS has it. Also for a provider that does not answer, or not within five
    /// seconds (AWS Knowledge Center, "InvalidIdentityToken").
    #[error(
        "Couldn't retrieve verification key from your identity provider,  please reference \
         AssumeRoleWithWebIdentity documentation for requirements"
    )]
    NoKey,
    #[error("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")]
    Thumbprint,
    /// STS's sentence is not on record. This one is Cognito's, which has STS's in all other cases.
    #[error("Token signature invalid")]
    Signature,
    /// In Unix seconds.
    #[error(
        "Token expired: current date/time {now} must be before the expiration date/time {expiry}"
    )]
    Expired { now: i64, expiry: i64 },
    /// Not on record.
    #[error("Token is not yet valid: current date/time {now} must be after the date/time {from}")]
    NotYetValid { now: i64, from: i64 },
    /// The provider's host, and what it said.
    #[error("{0}: {1}")]
    RejectedClaim(&'a str, String),
    /// The provider's host; the sentence is not on record.
    #[error("{0}: the identity provider does not answer")]
    Unreachable(&'a str),
    /// It was not asked, since too many others are being asked; the sentence is daypass's own. Clients
    /// try again by themselves after this code.
    #[error("{0}: the identity provider is not asked, too many questions are on their way")]
    Busy(&'a str),
    #[error("Invalid base64 SAMLResponse")]
    NoResponse,
    #[error("Specified provider doesn't exist")]
    UnknownProvider,
    #[error("Response signature invalid")]
    ResponseSignature,
    #[error("Issuer not present in specified provider")]
    ResponseIssuer,
    #[error("Response does not contain the required audience.")]
    ResponseAudience,
    #[error("Token must be redeemed within 5 minutes of issuance")]
    ResponseExpired,
    #[error("RoleSessionName is required in AuthnResponse")]
    NoRoleSessionName,
    #[error("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{{2,64}}")]
    RoleSessionName,
    /// Of another attribute than those that AWS has sentences for: its name, and what is wrong.
    #[error("The attribute {0} {1}")]
    Attribute(&'static str, &'static str),
    #[error("Source Identity must match [a-zA-Z_0-9+=,.@-]{{2,64}} and not begin with \"aws:\"")]
    SourceIdentity,
    /// Not on record.
    #[error(
        "Session tags must be at most 50, with keys of 1 to 128 and values of at most 256 letters, \
         digits, spaces and _.:/=+-@"
    )]
    Tags,
}

impl<'a> IdentityError<'a> {
    /// What is wrong with a token, and of which provider it claims to be.
    pub(crate) fn of_token(error: OidcError, issuer: &'a str) -> ServiceError {
        let cause = error.to_string();
        let refused = match error {
            OidcError::Malformed(_) => Self::NoJwt,
            OidcError::MissingClaim(claim) => Self::MissingClaim(claim),
            OidcError::Issuer(_) => Self::UnknownIssuer(issuer),
            OidcError::Audience(_) => Self::Audience,
            OidcError::Unreachable(FetchError::Busy) => Self::Busy(issuer),
            OidcError::Key(_) | OidcError::Unreachable(_) => Self::NoKey,
            OidcError::Thumbprint => Self::Thumbprint,
            OidcError::Signature => Self::Signature,
            OidcError::Expired { now, expiry } => {
                Self::Expired { now: now.secs(), expiry: expiry.secs() }
            }
            OidcError::NotYetValid { now, from } => {
                Self::NotYetValid { now: now.secs(), from: from.secs() }
            }
            OidcError::RejectedClaim { claim, problem } => {
                Self::RejectedClaim(issuer, format!("the claim {claim} {problem}"))
            }
        };
        ServiceError::from(refused).because(cause)
    }

    /// What is wrong with a SAML response.
    pub(crate) fn of_response(error: SamlError) -> ServiceError {
        let cause = error.to_string();
        let refused = match error {
            SamlError::Base64 | SamlError::Malformed(_) => Self::NoResponse,
            SamlError::Signature(_) => Self::ResponseSignature,
            SamlError::Issuer(_) => Self::ResponseIssuer,
            SamlError::Audience(_) => Self::ResponseAudience,
            SamlError::Expired { .. } | SamlError::NotYetValid { .. } => Self::ResponseExpired,
            SamlError::Role => Self::NotAuthorized("sts:AssumeRoleWithSAML"),
            SamlError::NoRoleSessionName => Self::NoRoleSessionName,
            SamlError::RoleSessionName => Self::RoleSessionName,
            SamlError::SourceIdentity => Self::SourceIdentity,
            SamlError::Attribute { name, problem } => Self::Attribute(name, problem),
        };
        ServiceError::from(refused).because(cause)
    }

    /// What is wrong with an access token, or with the provider that alone can read it.
    pub(crate) fn of_access_token(error: AccessTokenError, provider: &'a str) -> Self {
        match error {
            AccessTokenError::Rejected(status) => {
                let status = status.to_string();
                Self::RejectedClaim(
                    provider,
                    format!("{provider} responded with HTTP/1.1 {status}"),
                )
            }
            AccessTokenError::Busy => Self::Busy(provider),
            AccessTokenError::Unreachable => Self::Unreachable(provider),
        }
    }
}

impl From<IdentityError<'_>> for ServiceError {
    fn from(error: IdentityError<'_>) -> Self {
        let shape = match error {
            IdentityError::NotAuthorized(_) => &common::ACCESS_DENIED,
            IdentityError::NoJwt
            | IdentityError::MissingClaim(_)
            | IdentityError::UnknownIssuer(_)
            | IdentityError::Audience
            | IdentityError::NoKey
            | IdentityError::Thumbprint
            | IdentityError::Signature
            | IdentityError::NotYetValid { .. }
            | IdentityError::NoResponse
            | IdentityError::UnknownProvider
            | IdentityError::ResponseSignature
            | IdentityError::ResponseIssuer
            | IdentityError::ResponseAudience
            | IdentityError::NoRoleSessionName
            | IdentityError::RoleSessionName
            | IdentityError::Attribute(..)
            | IdentityError::SourceIdentity
            | IdentityError::Tags => &INVALID_IDENTITY_TOKEN,
            IdentityError::Expired { .. } | IdentityError::ResponseExpired => &EXPIRED_TOKEN,
            IdentityError::RoleArn | IdentityError::PrincipalArn => &common::VALIDATION_ERROR,
            IdentityError::RejectedClaim(..) => &IDP_REJECTED_CLAIM,
            IdentityError::Unreachable(_) | IdentityError::Busy(_) => &IDP_COMMUNICATION_ERROR,
        };
        shape.with(error.to_string())
    }
}
