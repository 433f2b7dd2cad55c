use aws_smithy_types::DateTime;

/// Why a response does not vouch for anybody. Each variant is one answer of `AssumeRoleWithSAML`; what
/// is inside is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamlError {
    /// It is not base64 (`InvalidIdentityToken`, of the SAMLResponse's base64).
    #[error("the response is not base64")]
    Base64,
    /// It is base64 of something else than a SAML response (`InvalidIdentityToken`, the same).
    #[error("not a SAML response: {0}")]
    Malformed(Malformed),
    /// Nobody has signed what it says, or not one of the provider's keys (`InvalidIdentityToken`, of
    /// the response's signature).
    #[error("the signature is not valid: {0}")]
    Signature(SignatureProblem),
    /// Its issuer is not the one whose key has signed it (`InvalidIdentityToken`, of the issuer). So it
    /// is, too, if the provider's metadata has ended.
    #[error("the issuer `{0}` is not in the provider's metadata")]
    Issuer(String),
    /// It is meant for somebody else (`InvalidIdentityToken`, of the required audience).
    #[error("the response is meant for another {0}")]
    Audience(Addressee),
    /// It is too old, or a time in it has passed (`ExpiredTokenException`, of the five minutes).
    #[error("{what} has passed at {now}")]
    Expired {
        /// The time in the response, by its name.
        what: &'static str,
        /// When it was looked at.
        now: DateTime,
    },
    /// It is not valid yet (`ExpiredTokenException`, the same).
    #[error("{what} is in the future at {now}")]
    NotYetValid {
        /// The time in the response, by its name.
        what: &'static str,
        /// When it was looked at.
        now: DateTime,
    },
    /// No value of the attribute `Role` is this role with this provider (`AccessDenied`).
    #[error("the response does not offer the role with the provider")]
    Role,
    /// The attribute `RoleSessionName` is missing (`InvalidIdentityToken`, that it is required).
    #[error("the response has no RoleSessionName")]
    NoRoleSessionName,
    /// It is not a session's name (`InvalidIdentityToken`, of its pattern).
    #[error("RoleSessionName is not 2 to 64 characters of those allowed")]
    RoleSessionName,
    /// The attribute `SourceIdentity` is not one (`InvalidIdentityToken`, of its pattern).
    #[error("SourceIdentity is not 2 to 64 characters of those allowed, or begins with `aws:`")]
    SourceIdentity,
    /// Another of AWS's attributes is of no use (`InvalidIdentityToken`).
    #[error("the attribute {name} {problem}")]
    Attribute {
        /// The attribute's name, without AWS's prefix.
        name: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Why a document is no SAML response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Longer than `AssumeRoleWithSAML` takes.
    #[error("it is too long")]
    TooLong,
    /// No well-formed XML in UTF-8, or too deep, or there is a DTD.
    #[error("it is not well-formed XML without a document type")]
    Xml,
    /// Two elements have the same id.
    #[error("an id is used twice")]
    DuplicateId,
    /// The root is not a `Response` of SAML 2.0.
    #[error("it is no Response of version 2.0")]
    Response,
    /// The provider answers with something else than success.
    #[error("the provider's answer is not success")]
    Status,
    /// Not exactly one assertion, directly in the response.
    #[error("it has not exactly one assertion")]
    Assertions,
    /// A part that every assertion must have is missing, there twice, or not of its form.
    #[error("its {0} is missing, there twice, or not of its form")]
    Part(&'static str),
}

/// Why a signature does not count. Whatever goes wrong with an encrypted assertion is
/// [`Decryption`](Self::Decryption), so that nobody can try ciphertexts out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureProblem {
    /// Neither the response nor the assertion is signed.
    #[error("there is none")]
    Missing,
    /// It does not stand directly in what it signs, or there are several.
    #[error("it does not stand where it belongs")]
    Place,
    /// It is not of the one form that SAML needs: one reference to the element that it stands in, no
    /// objects.
    #[error("it has another form than SAML's")]
    Form,
    /// An algorithm that is not accepted.
    #[error("its {0} is not accepted")]
    Algorithm(&'static str),
    /// What it refers to is not what was signed.
    #[error("the digest is another")]
    Digest,
    /// No key of the provider has made it.
    #[error("no key of the provider's metadata has made it")]
    Key,
    /// The assertion cannot be decrypted, or what comes out is of no use.
    #[error("the encrypted assertion cannot be used")]
    Decryption,
    /// The assertion is not encrypted, and the provider demands it.
    #[error("the assertion is not encrypted")]
    NotEncrypted,
}

/// Whom a response can be meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressee {
    /// By `Audience`.
    Audience,
    /// By `Recipient`.
    Recipient,
}

impl std::fmt::Display for Addressee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Audience => "audience",
            Self::Recipient => "recipient",
        })
    }
}

impl From<Malformed> for SamlError {
    fn from(problem: Malformed) -> Self {
        Self::Malformed(problem)
    }
}

impl From<SignatureProblem> for SamlError {
    fn from(problem: SignatureProblem) -> Self {
        Self::Signature(problem)
    }
}
