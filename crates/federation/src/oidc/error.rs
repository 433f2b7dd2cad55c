use aws_smithy_types::DateTime;

/// Why a token does not vouch for anybody. Each variant is one answer of `AssumeRoleWithWebIdentity`;
/// what is inside is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// It is not a signed JWT as AWS reads them (`InvalidIdentityToken`).
    #[error("the token is not a valid JWT: {0}")]
    Malformed(Malformed),
    /// A claim that every token must have is missing (`InvalidIdentityToken`). AWS says so before
    /// it looks for the provider.
    #[error("the token lacks the claim `{0}`")]
    MissingClaim(&'static str),
    /// The issuer is not the provider that was asked for, or no URL of one (`InvalidIdentityToken`).
    #[error("the issuer `{0}` is not the provider")]
    Issuer(String),
    /// The token is meant for a client that the provider is not registered with
    /// (`InvalidIdentityToken`).
    #[error("the token is meant for {0:?}, which is none of the provider's client ids")]
    Audience(Vec<String>),
    /// The provider's keys do not hold one that could have signed the token
    /// (`InvalidIdentityToken`).
    #[error("no key verifies the token: {0}")]
    Key(KeyProblem),
    /// The provider's TLS certificate is issued by nobody known, nor by whom its thumbprints name
    /// (`InvalidIdentityToken`).
    #[error("the provider's certificate fits none of its thumbprints")]
    Thumbprint,
    /// The signature is not that of the key (`InvalidIdentityToken`).
    #[error("the signature is not that of the provider's key")]
    Signature,
    /// The token has expired, longer ago than clocks may differ (`ExpiredTokenException`).
    #[error("the token expired at {expiry}, now is {now}")]
    Expired {
        /// When it was looked at.
        now: DateTime,
        /// Its `exp`.
        expiry: DateTime,
    },
    /// The token is not valid yet by its `nbf`, or was issued in the future by its `iat`, by more
    /// than clocks may differ (`InvalidIdentityToken`).
    #[error("the token is not valid before {from}, now is {now}")]
    NotYetValid {
        /// When it was looked at.
        now: DateTime,
        /// Its `nbf` or `iat`.
        from: DateTime,
    },
    /// The provider could not be asked for its keys (`IDPCommunicationError`: worth another try).
    #[error("the provider does not answer: {0}")]
    Unreachable(super::FetchError),
    /// A claim is true, and of no use (`IDPRejectedClaim`).
    #[error("the claim `{claim}` {problem}")]
    RejectedClaim {
        /// The claim's name.
        claim: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Why a text is no JWT that AWS would read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Longer than `AssumeRoleWithWebIdentity` takes.
    #[error("it is too long")]
    TooLong,
    /// Not three parts with points between them.
    #[error("it has not three parts")]
    Parts,
    /// A part is not base64url without padding.
    #[error("a part is not base64url")]
    Encoding,
    /// The header or the claims are not one JSON object each, without duplicate members.
    #[error("a part is not a JSON object without duplicate members")]
    Json,
    /// `alg` is missing, `none`, an HMAC, or nothing that AWS accepts.
    #[error("its algorithm is not accepted")]
    Algorithm,
    /// The header asks for extensions to be understood (`crit`): none is.
    #[error("its header has critical extensions")]
    Critical,
    /// `kid` is not a text.
    #[error("its key id is not a text")]
    KeyId,
    /// A registered claim is of the wrong type.
    #[error("its claim `{0}` has the wrong type")]
    Claim(&'static str),
}

/// Why a provider's keys are of no help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// The token names a key that the provider does not publish.
    #[error("its key id is not known")]
    UnknownKeyId,
    /// The provider publishes no key that may sign with the token's algorithm under its key id.
    #[error("the key is not for the token's algorithm")]
    Algorithm,
    /// The discovery document is not that of the provider.
    #[error(transparent)]
    Discovery(#[from] super::InvalidDiscovery),
    /// The key set is none.
    #[error(transparent)]
    KeySet(#[from] super::InvalidKeySet),
    /// The provider answers, but not with a document.
    #[error("the provider answers with status {0}")]
    Status(u16),
    /// A document is longer than any provider's needs to be.
    #[error("the provider's document is too long")]
    TooLong,
}
