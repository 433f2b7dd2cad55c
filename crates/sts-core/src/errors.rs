//! AWS's words for what goes wrong in STS. They are API: SDKs match the codes, and tools match the
//! sentences.

mod context;
mod delegation;
mod identity;

use daypass_ident::Arn;
use daypass_model::sts::errors::{
    INVALID_AUTHORIZATION_MESSAGE, JWT_PAYLOAD_SIZE_EXCEEDED, MALFORMED_POLICY_DOCUMENT,
    OUTBOUND_WEB_IDENTITY_FEDERATION_DISABLED, PACKED_POLICY_TOO_LARGE,
    SESSION_DURATION_ESCALATION,
};
use daypass_model::{ServiceError, common};

pub(crate) use self::context::ContextError;
pub(crate) use self::delegation::DelegationError;
pub(crate) use self::identity::IdentityError;

/// What STS refuses.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StsError<'a> {
    #[error("{0} is invalid")]
    InvalidArn(&'a str),
    /// Of a role that is not there.
    #[error("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}")]
    NotAuthorized { caller: String, role: &'a Arn },
    /// Of a root user that is out of the caller's reach.
    #[error("User: {caller} is not authorized to perform: sts:AssumeRoot on resource: {root}")]
    MayNotAssumeRoot { caller: Arn, root: Arn },
    #[error("Roles may not be assumed by root accounts.")]
    RootMayNotAssume,
    #[error("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")]
    LongerThanRoleAllows,
    #[error(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role \
         chaining."
    )]
    LongerThanChainAllows,
    #[error("The source identity is already set for this assume role session")]
    SourceIdentityIsSet,
    #[error(
        "One of the specified transitive tag keys can't be set because it conflicts with a \
         transitive tag key from the calling session."
    )]
    TagIsInherited,
    #[error("The specified transitive tag key must be included in the requested tags.")]
    TransitiveKeyWithoutTag,
    #[error("Duplicate tag keys found. Please note that Tag keys are case insensitive.")]
    DuplicateTagKeys,
    /// STS's sentence is not on record. This is that of AWS's other services.
    #[error("aws: prefixed tag key names are not allowed for external use.")]
    ReservedTagKey,
    #[error(
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass \
         code."
    )]
    MfaIncomplete,
    #[error(
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA \
         serial number is valid and associated with this user."
    )]
    MfaUnknownDevice,
    /// Wrong, or spent. AWS ends the sentence with a space.
    #[error("MultiFactorAuthentication failed with invalid MFA one time pass code. ")]
    MfaInvalidCode,
    #[error("Packed policy consumes {0}% of allotted space, please use smaller policy.")]
    PackedPolicyTooLarge(i32),
    /// Of a session without policies.
    #[error("Packed size of session tags consumes {0}% of allotted space.")]
    PackedTagsTooLarge(i32),
    /// By what an identity provider says of itself and its user, though policies and tags fit.
    #[error("Serialized token too large for session")]
    TokenTooLargeForSession,
    /// A session policy's text.
    #[error("{0}")]
    MalformedPolicy(daypass_policy::Malformed),
    /// In the list of a call, from 1.
    #[error(
        "1 validation error detected: Value null at 'policyArns.{0}.member.arn' failed to satisfy \
         constraint: Member must not be null"
    )]
    NoPolicyArn(usize),
    /// Not the role's account's own and not AWS's, or not there. The sentence is on record, by one who
    /// gives this code with it.
    #[error(
        "At least one Policy ARN in the PolicyArns parameter does not match an existing IAM Managed \
         Policy ARN."
    )]
    NoSuchPolicy,
    #[error("The security token included in the request is invalid.")]
    UnknownAccessKey,
    #[error("Message is not valid")]
    InvalidAuthorizationMessage,
    #[error(
        "1 validation error detected: Value '{0}' at 'signingAlgorithm' failed to satisfy \
         constraint: Member must satisfy enum value set: [ES384, RS256]"
    )]
    UnknownTokenAlgorithm(&'a str),
    #[error("OutboundWebIdentityFederation is disabled.")]
    OutboundFederationDisabled,
    /// AWS's sentence for this is not on record, nor is the next.
    #[error("The requested DurationSeconds exceeds the time that is left of the calling session.")]
    TokenOutlivesSession,
    #[error("The token would be too long. Pass fewer or shorter tags and audiences.")]
    TokenTooLong,
}

impl From<StsError<'_>> for ServiceError {
    fn from(error: StsError<'_>) -> Self {
        let shape = match error {
            StsError::InvalidArn(_)
            | StsError::NoPolicyArn(_)
            | StsError::UnknownTokenAlgorithm(_)
            | StsError::LongerThanRoleAllows
            | StsError::LongerThanChainAllows
            | StsError::SourceIdentityIsSet => &common::VALIDATION_ERROR,
            StsError::NotAuthorized { .. }
            | StsError::MayNotAssumeRoot { .. }
            | StsError::RootMayNotAssume
            | StsError::MfaIncomplete
            | StsError::MfaUnknownDevice
            | StsError::MfaInvalidCode => &common::ACCESS_DENIED,
            StsError::TagIsInherited
            | StsError::TransitiveKeyWithoutTag
            | StsError::DuplicateTagKeys
            | StsError::ReservedTagKey
            | StsError::NoSuchPolicy => &common::INVALID_PARAMETER_VALUE,
            StsError::PackedPolicyTooLarge(_)
            | StsError::PackedTagsTooLarge(_)
            | StsError::TokenTooLargeForSession => &PACKED_POLICY_TOO_LARGE,
            StsError::MalformedPolicy(_) => &MALFORMED_POLICY_DOCUMENT,
            StsError::InvalidAuthorizationMessage => &INVALID_AUTHORIZATION_MESSAGE,
            StsError::OutboundFederationDisabled => &OUTBOUND_WEB_IDENTITY_FEDERATION_DISABLED,
            StsError::TokenOutlivesSession => &SESSION_DURATION_ESCALATION,
            StsError::TokenTooLong => &JWT_PAYLOAD_SIZE_EXCEEDED,
            StsError::UnknownAccessKey => &common::INVALID_CLIENT_TOKEN_ID,
        };
        shape.with(error.to_string())
    }
}
