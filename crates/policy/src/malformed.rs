/// Why a document is not a policy of its kind: the message of AWS's `MalformedPolicyDocument`,
/// word for word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// An identity policy that is not JSON, not of the grammar, or has values of the wrong type.
    #[error("Syntax errors in policy.")]
    Syntax,
    /// An identity policy of 2008, or without a version.
    #[error("Policy document must be version 2012-10-17 or greater.")]
    OldVersion,
    /// An effect in the wrong case, a condition value that its operator cannot read, a resource with
    /// too few fields or with a region or an account of another form.
    #[error("The policy failed legacy parsing")]
    LegacyParsing,
    /// A statement's id in an identity policy has other characters than letters and digits.
    #[error(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular \
         expression [0-9A-Za-z]*"
    )]
    SidCharacters,
    /// Two statements of an identity policy share an id.
    #[error("Statement IDs (SID) in a single policy must be unique.")]
    DuplicateSid,
    /// A statement of an identity policy without actions.
    #[error("Policy statement must contain actions.")]
    NoActions,
    /// A statement of an identity policy without resources.
    #[error("Policy statement must contain resources.")]
    NoResources,
    /// An identity policy with a principal.
    #[error("Policy document should not specify a principal.")]
    PrincipalInIdentityPolicy,
    /// A resource that is neither an ARN nor `*`.
    #[error("Resource {0} must be in ARN format or \"*\".")]
    ResourceNotArn(Box<str>),
    /// A resource in another partition than the account's; the fields are those of the ARN as AWS
    /// prints it, `*` for what is missing.
    #[error(
        "Partition \"{partition}\" is not valid for resource \
         \"arn:{partition}:{service}:{region}:{account}:{resource}\"."
    )]
    Partition {
        /// The partition, as written.
        partition: Box<str>,
        /// The service field.
        service: Box<str>,
        /// The region field.
        region: Box<str>,
        /// The account field.
        account: Box<str>,
        /// The rest.
        resource: Box<str>,
    },
    /// A resource without a service, or with a wildcard in it.
    #[error("Resource vendor must be fully qualified and cannot contain regexes.")]
    ResourceVendor,
    /// An IAM resource with a region: the ARN with `*` for the fields that it lacks.
    #[error("IAM resource {0} cannot contain region information.")]
    IamRegion(Box<str>),
    /// A resource with a region, of a service that has none: an S3 bucket or object, Route 53. The ARN
    /// has `*` for the fields that it lacks.
    #[error("Resource {0} can not contain region information.")]
    ResourceRegion(Box<str>),
    /// An S3 bucket or object with an account. Only the end of AWS's sentence is on record.
    #[error("Resource {0} cannot contain an account id.")]
    ResourceAccount(Box<str>),
    /// An IAM resource of no known kind.
    #[error(
        "IAM resource path must either be \"*\", root, or start with user/, federated-user/, \
         role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, \
         oidc-provider/, report/, access-report/."
    )]
    IamPath,
    /// An action without a service.
    #[error("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")]
    ActionWithoutVendor,
    /// An action with more than one colon.
    #[error("Actions/Condition can contain only one colon.")]
    ActionColons,
    /// An action whose service has characters that no service has.
    #[error("Vendor {0} is not valid")]
    ActionVendor(Box<str>),
    /// An action with a wildcard in its service.
    #[error("Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.")]
    ActionVendorWildcard,

    /// A session policy that is not JSON.
    #[error("The policy is not in the valid JSON format.")]
    SessionNotJson,
    /// A trust or resource policy that is not JSON.
    #[error("This policy contains invalid Json")]
    InvalidJson,
    /// A version that the language does not have.
    #[error("The policy must contain a valid version string")]
    InvalidVersion,
    /// No statement.
    #[error("Could not parse the policy: Statement is empty!")]
    EmptyStatement,
    /// Two statements share an id.
    #[error("The Statement Ids in the policy are not unique")]
    SidNotUnique,
    /// A statement lacks an element.
    #[error("Missing required field {0}")]
    MissingField(&'static str),
    /// An effect other than `Allow` and `Deny`.
    #[error("Invalid effect: {0}")]
    InvalidEffect(Box<str>),
    /// A principal element that names nobody.
    #[error("Missing required field Principal cannot be empty!")]
    EmptyPrincipal,
    /// Everybody as bare text, which trust policies do not take.
    #[error("AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".")]
    StarPrincipal,
    /// A principal element that is other bare text.
    #[error("Principal must be a JSON object.")]
    PrincipalNotObject,
    /// `NotPrincipal` in an `Allow`.
    #[error("Allow with NotPrincipal is not allowed.")]
    AllowNotPrincipal,
    /// `NotPrincipal` in a trust policy.
    #[error("AssumeRole policy must not contain NotPrincipal field.")]
    TrustNotPrincipal,
    /// A trust policy with other actions than those by which a role is assumed.
    #[error("AssumeRole policy may only specify STS AssumeRole actions.")]
    TrustAction,
    /// A trust policy with `Resource`.
    #[error("Has prohibited field Resource")]
    ProhibitedResource,
    /// A trust policy with `NotResource`.
    #[error("AssumeRole policy must not contain resources.")]
    TrustNotResource,
    /// A trust, session or resource policy not of the grammar.
    #[error("Syntax error in policy.")]
    TrustSyntax,
    /// An element that the language does not have.
    #[error("Unknown field {0}")]
    UnknownField(Box<str>),
    /// A principal that does not exist or is of no known form. `kind` is `AWS`, `SERVICE`, …
    #[error("Invalid principal in policy: \"{kind}\":\"{value}\"")]
    InvalidPrincipal {
        /// The kind of principal, in capitals as AWS prints it.
        kind: Box<str>,
        /// The value as written.
        value: Box<str>,
    },
    /// A kind of principal that does not exist.
    #[error("Invalid principal in policy: \"{0}\"")]
    InvalidPrincipalKind(Box<str>),
    /// A federated principal that is neither a provider's ARN nor a known web identity provider.
    #[error("Federated principals must be valid domain names or SAML metadata ARNs")]
    FederatedPrincipal,
    /// Trust in Amazon Cognito without a condition on the identity pool.
    #[error("A condition block must be present for the Cognito provider")]
    CognitoCondition,
    /// Trust in a provider of identities that many organisations share, without a condition that
    /// tells one from another.
    #[error(
        "Trust policy with trusted principal {provider} must evaluate, using StringEquals, \
         StringLike or StringEqualsIgnoreCase, {keys} which is not scoped to all."
    )]
    SharedProvider {
        /// The provider's ARN as written.
        provider: Box<str>,
        /// The condition keys, one of which would do.
        keys: Box<str>,
    },

    /// A service or resource control policy that AWS Organizations does not take: its
    /// `MalformedPolicyDocumentException`.
    #[error(
        "The provided policy document does not meet the requirements of the specified policy type."
    )]
    ControlPolicy,
}
