//! AWS's words for what goes wrong in IAM: one enum for each error code, one sentence for each
//! variant. They are API: SDKs match the codes, and tools match the sentences.

use daypass_ident::AccountId;
use daypass_model::ServiceError;
use daypass_model::common::{ACCESS_DENIED, VALIDATION_ERROR};
use daypass_model::iam::errors;
use daypass_state::EntityKind;

/// Gives every variant of an enum the error code that it belongs to.
macro_rules! code {
    ($($refusal:ty => $shape:expr),* $(,)?) => {$(
        impl From<$refusal> for ServiceError {
            fn from(refusal: $refusal) -> Self {
                $shape.with(refusal.to_string())
            }
        }
    )*};
}

code! {
    NoSuchEntity<'_> => errors::NO_SUCH_ENTITY,
    EntityAlreadyExists<'_> => errors::ENTITY_ALREADY_EXISTS,
    DeleteConflict => errors::DELETE_CONFLICT,
    LimitExceeded<'_> => errors::LIMIT_EXCEEDED,
    InvalidInput<'_> => errors::INVALID_INPUT,
    PolicyEvaluation => errors::POLICY_EVALUATION,
    InvalidAuthenticationCode => errors::INVALID_AUTHENTICATION_CODE,
    UnmodifiableEntity<'_> => errors::UNMODIFIABLE_ENTITY,
    PolicyNotAttachable => errors::POLICY_NOT_ATTACHABLE,
    MalformedPolicyDocument => errors::MALFORMED_POLICY_DOCUMENT,
    UnknownService => errors::MALFORMED_POLICY_DOCUMENT,
    ValidationError<'_> => VALIDATION_ERROR,
    AccessDenied<'_> => ACCESS_DENIED,
    InvalidUserType => errors::INVALID_USER_TYPE,
    PasswordPolicyViolation => errors::PASSWORD_POLICY_VIOLATION,
    OpenIdIdpCommunication<'_> => errors::OPEN_ID_IDP_COMMUNICATION_ERROR,
    FeatureDisabled => errors::FEATURE_DISABLED,
    FeatureEnabled => errors::FEATURE_ENABLED,
    MalformedCertificate => errors::MALFORMED_CERTIFICATE,
    KeyPairMismatch => errors::KEY_PAIR_MISMATCH,
    DuplicateCertificate => errors::DUPLICATE_CERTIFICATE,
    NameConflict<'_> => errors::NAME_CONFLICT,
    RoleModified<'_> => errors::ROLE_MODIFIED,
    InvalidPublicKey => errors::INVALID_PUBLIC_KEY,
    UnrecognizedPublicKeyEncoding => errors::UNRECOGNIZED_PUBLIC_KEY_ENCODING,
    DuplicateSshPublicKey => errors::DUPLICATE_SSH_PUBLIC_KEY,
}

/// `NoSuchEntity`, 404.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSuchEntity<'a> {
    #[error("The user with name {0} cannot be found.")]
    User(&'a str),
    #[error("The group with name {0} cannot be found.")]
    Group(&'a str),
    #[error("The role with name {0} cannot be found.")]
    Role(&'a str),
    #[error("Instance Profile {0} cannot be found.")]
    InstanceProfile(&'a str),
    /// AWS's sentence for a role that is not in the profile is not on record.
    #[error("The role with name {0} cannot be found.")]
    RoleInInstanceProfile(&'a str),
    /// AWS's sentences for these two are not on record.
    #[error("The role template {0} cannot be found.")]
    RoleTemplate(&'a str),
    #[error("The role template {arn} has no minor version {version}.")]
    RoleTemplateVersion { arn: &'a str, version: i32 },
    /// AWS's sentence for this is not on record.
    #[error("The job with id {0} cannot be found.")]
    AccessJob(&'a str),
    /// AWS's sentence for this is not on record.
    #[error("The deletion task with id {0} cannot be found.")]
    DeletionTask(&'a str),
    #[error("The Password Policy with domain name {0} cannot be found.")]
    PasswordPolicy(AccountId),
    #[error("The account policy with name PasswordPolicy cannot be found.")]
    PasswordPolicyToDelete,
    #[error("Login Profile for User {0} cannot be found.")]
    LoginProfile(&'a str),
    /// Without a period, as recorded from AWS.
    #[error("Cannot find Login Profile for User {0}")]
    LoginProfileToDelete(&'a str),
    #[error("The Server Certificate with name {0} cannot be found.")]
    ServerCertificate(&'a str),
    #[error("The Certificate with id {0} cannot be found.")]
    SigningCertificate(&'a str),
    /// AWS's sentence for this is not on record; it is taken to be like its sisters'.
    #[error("The Public Key with id {0} cannot be found.")]
    SshPublicKey(&'a str),
    #[error("No such credential {0} exists")]
    ServiceSpecificCredential(&'a str),
    #[error("No such service {0} is supported for Service Specific Credentials")]
    ServiceOfCredential(&'a str),
    /// A managed policy to read, change or detach.
    #[error("Policy {0} was not found.")]
    Policy(&'a str),
    /// A managed policy to attach, or whose holders are listed.
    #[error("Policy {0} does not exist or is not attachable.")]
    AttachablePolicy(&'a str),
    /// A managed policy to set as a permissions boundary.
    #[error("Scope ARN: {0} does not exist or is not attachable.")]
    BoundaryPolicy(&'a str),
    #[error("Policy {policy} version {version} does not exist or is not attachable.")]
    PolicyVersion { policy: &'a str, version: &'a str },
    #[error("The {} policy with name {name} cannot be found.", kind_word(*holder))]
    InlinePolicy { holder: EntityKind, name: &'a str },
    #[error("The Access Key with id {0} cannot be found.")]
    AccessKey(&'a str),
    #[error("The account alias with name {0} cannot be found.")]
    AccountAlias(&'a str),
    #[error("MFA Device with serial number {0} does not exist.")]
    VirtualMfaDevice(&'a str),
    /// A device that is another's or nobody's.
    #[error("MFA Device invalid for user.")]
    MfaDeviceOfUser,
    #[error("OpenIDConnect Provider not found for arn {0}")]
    OidcProvider(&'a str),
    #[error("Manifest not found for arn {0}")]
    SamlProvider(&'a str),
    /// AWS's sentence for this is not on record.
    #[error("The private key with id {0} cannot be found.")]
    SamlPrivateKey(&'a str),
    /// AWS's sentence for this is not on record.
    #[error("The delegation request with id {0} cannot be found.")]
    DelegationRequest(&'a str),
}

/// `EntityAlreadyExists`, 409.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EntityAlreadyExists<'a> {
    #[error("User with name {0} already exists.")]
    User(&'a str),
    #[error("Group with name {0} already exists.")]
    Group(&'a str),
    #[error("Role with name {0} already exists.")]
    Role(&'a str),
    #[error("Instance Profile {0} already exists.")]
    InstanceProfile(&'a str),
    #[error("The Server Certificate with name {0} already exists.")]
    ServerCertificate(&'a str),
    #[error("Login Profile for user {0} already exists.")]
    LoginProfile(&'a str),
    #[error("A policy called {0} already exists. Duplicate names are not allowed.")]
    Policy(&'a str),
    #[error("The account alias {0} already exists.")]
    AccountAlias(&'a str),
    #[error("MFA device already exists.")]
    VirtualMfaDevice,
    /// It is somebody's already.
    #[error("MFA Device is already in use.")]
    MfaDeviceInUse,
    /// By the URL as it was given.
    #[error("Provider with url {0} already exists.")]
    OidcProvider(&'a str),
    #[error("Provider with name {0} already exists.")]
    SamlProvider(&'a str),
    /// AWS's sentence for this is not on record.
    #[error("A delegation request with workflow id {0} already exists.")]
    Workflow(&'a str),
}

/// `DeleteConflict`, 409: what must go first.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeleteConflict {
    #[error("Cannot delete entity, must delete policies first.")]
    InlinePolicies,
    #[error("Cannot delete entity, must delete access keys first.")]
    AccessKeys,
    #[error("Cannot delete entity, must detach all policies first.")]
    AttachedPolicies,
    #[error("Cannot delete entity, must remove users from group first.")]
    Memberships,
    /// A role that is in an instance profile, or a profile with a role in it.
    #[error("Cannot delete entity, must remove roles from instance profile first.")]
    InstanceProfileRoles,
    #[error("Cannot delete entity, must remove referenced objects first.")]
    ServiceSpecificCredentials,
    /// AWS's sentences for these two are not on record; they are taken to be like their sisters'.
    #[error("Cannot delete entity, must delete signing certificates first.")]
    SigningCertificates,
    #[error("Cannot delete entity, must delete SSH public keys first.")]
    SshPublicKeys,
    #[error("Cannot delete entity, must delete login profile first.")]
    LoginProfile,
    #[error("Cannot delete entity, must delete MFA device first.")]
    MfaDevices,
    #[error("MFA VirtualDevice in use. Must deactivate first.")]
    MfaDeviceInUse,
    #[error("Cannot delete a policy attached to entities.")]
    PolicyAttached,
    #[error(
        "This policy has more than one version. Before you delete a policy, you must delete the \
         policy's versions. The default version is deleted with the policy."
    )]
    PolicyVersions,
    #[error("Cannot delete the default version of a policy.")]
    DefaultVersion,
}

/// `LimitExceeded`, 409. What is counted per account or per entity is a
/// [`Quota`](crate::quotas::Quota).
#[derive(Debug, thiserror::Error)]
pub(crate) enum LimitExceeded<'a> {
    #[error("Cannot exceed quota for {name}: {limit}")]
    Quota { name: &'static str, limit: usize },
    #[error("Maximum policy size of {limit} bytes exceeded for {} {name}", kind_word(*holder))]
    InlinePolicySize { limit: usize, holder: EntityKind, name: &'a str },
    #[error(
        "A managed policy can have up to 5 versions. Before you create a new version, you must \
         delete an existing version."
    )]
    PolicyVersions,
    #[error("The number of tags has reached the maximum limit.")]
    Tags,
}

/// `InvalidInput`, 400.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidInput<'a> {
    /// Where case tells tag keys apart.
    #[error("Duplicate tag keys found.")]
    DuplicateTagKeys,
    /// Users and roles compare tag keys without their case.
    #[error("Duplicate tag keys found. Please note that Tag keys are case insensitive.")]
    DuplicateTagKeysIgnoringCase,
    /// The sentence is EC2's; IAM's own for this is not on record.
    #[error("The tag key {0} is not valid. Tag keys starting with 'aws:' are reserved.")]
    ReservedTagKey(&'a str),
    /// An ARN, but not of a managed policy.
    #[error("ARN {0} is not valid.")]
    PolicyArn(&'a str),
    /// The id of a service-linked role's deletion. AWS's sentence for this is not on record.
    #[error("Deletion task {0} is not valid.")]
    DeletionTaskId(&'a str),
    /// AWS's sentences for these two are not on record.
    #[error(
        "{0} is not a path to a root, an organizational unit or an account of this organization."
    )]
    OrganizationPath(&'a str),
    #[error("{0} is not a service control policy of this organization.")]
    OrganizationPolicy(&'a str),
    /// AWS's sentences for the properties of accounts and for role templates are not on record.
    #[error("{0} is not a property of accounts.")]
    AccountProperty(&'a str),
    #[error("{value} is not a value of the account property {name}.")]
    AccountPropertyValue { name: &'a str, value: &'a str },
    #[error("All account properties of a request must have the same namespace.")]
    AccountPropertyNamespaces,
    #[error("The replacement value {0} is not valid for the role template.")]
    ReplacementValue(&'a str),
    #[error("Service role name {0} has been taken in this account, please try a different suffix.")]
    ServiceRoleTaken(&'a str),
    #[error("Custom suffix is not allowed for {0}")]
    CustomSuffix(&'a str),
    /// AWS's sentence for a role that is no service's is not on record.
    #[error("Role {0} is not a service-linked role.")]
    NoServiceLinkedRole(&'a str),
    /// Only API keys expire. AWS's sentence for this is not on record, nor is the next.
    #[error("CredentialAgeDays is not supported for {0}.")]
    CredentialAge(&'a str),
    #[error("UserName cannot be given together with AllUsers.")]
    UserNameWithAllUsers,
    /// The first segment of a path. AWS's sentence is on record for `/aws-service-role` only; it is
    /// taken to be the same for the other.
    #[error("Paths beginning with '{0}' are reserved for AWS Service Linked Roles")]
    ReservedRolePath(&'a str),
    /// Whose policies are simulated, or on what.
    #[error("Invalid Entity Arn: {0} does not clearly define entity type and name.")]
    EntityArn(&'a str),
    #[error("Invalid caller - Caller must be an IAM user, role or group in this context.")]
    Caller,
    #[error("Invalid caller - Caller cannot be null or empty.")]
    NoCaller,
    /// Policies of resources are simulated for users only. AWS's sentence for this is not on
    /// record.
    #[error("Invalid caller - Caller must be an IAM user in this context.")]
    CallerNotUser,
    #[error("ResourceNames are not in a valid ARN format: {0}.")]
    ResourceName(&'a str),
    /// As AWS says it.
    #[error("'{0}' is not a valid as a Resource Owner.")]
    ResourceOwner(&'a str),
    #[error("The action is invalid since it is missing names")]
    ActionWithoutService,
    /// AWS's sentence for this is not on record, nor are those of the simulator that follow.
    #[error("Invalid Input Actions: [{0}] is not an action of AWS.")]
    UnknownAction(&'a str),
    #[error("Invalid policy document in {name}: {error}")]
    SimulatedDocument { name: &'a str, error: daypass_policy::Malformed },
    #[error("PermissionsBoundaryPolicyInputList can have only one policy.")]
    SimulatedBoundaries,
    #[error("Context entries must have a ContextKeyName.")]
    ContextKeyName,
    #[error("The value {value} of context key {key} is not of type {key_type}.")]
    ContextKeyValue { key: &'a str, value: &'a str, key_type: &'static str },
    #[error("Invalid input resource handling options: {0}.")]
    HandlingOption(&'a str),
    #[error(
        "Invalid input resource handling options. Action does not support resource handling \
         options: {0}."
    )]
    HandlingOfAction(&'a str),
    #[error("Invalid input resource handling options. {option} requires resources: {lacking}.")]
    HandlingLacks { option: &'a str, lacking: &'a str },
    #[error(
        "The simulation is too large. Ask for fewer resources, or give fewer or shorter policies and \
         context values."
    )]
    SimulationTooLarge,
    #[error("Invalid policy identifier in PolicyExclusionList.")]
    PolicyIdentifier,
    /// A URL with a port, a query, a fragment, or a host that can be none.
    #[error("Invalid Open ID Connect Provider URL.")]
    ProviderUrl,
    #[error("Invalid Open ID Connect Provider URL. The URL must begin with https://.")]
    ProviderUrlScheme,
    /// Of a SAML provider.
    #[error("Could not parse metadata")]
    Metadata,
    /// One that is to open encrypted assertions. AWS's sentence for this is not on record.
    #[error("Could not parse private key")]
    PrivateKey,
    /// AWS refuses it; its sentence is not on record.
    #[error(
        "Invalid Open ID Connect Provider URL. An account does not trust its own token issuer."
    )]
    OwnIssuer,
    /// As AWS says it; five are accepted.
    #[error("Thumbprint list must contain fewer than 5 entries.")]
    Thumbprints,
    /// The new list of a provider that has one.
    #[error("Thumbprint list must contain at least one entry.")]
    NoThumbprint,
    /// AWS's sentences for what is wrong with a delegation request are not on record.
    #[error("This account is not onboarded to create delegation requests.")]
    DelegationNotOnboarded,
    #[error("Delegation request {id} is in state {state}.")]
    DelegationState { id: &'a str, state: &'a str },
    #[error("Root users can only accept delegation requests of 4 hours or less.")]
    DelegationOfRoot,
    /// A rule of daypass's own.
    #[error("A session with session policies cannot accept delegation requests.")]
    DelegationOfBoundedSession,
    #[error("Only the owner of this delegation request can send its token.")]
    DelegationSentByOther,
    #[error("Permissions must have a PolicyTemplateArn.")]
    NoTemplate,
    #[error("Policy template {0} was not found.")]
    UnknownTemplate(&'a str),
    /// One that is missing, that the template does not have, or that has no value for it.
    #[error("The template parameter {0} is not valid.")]
    TemplateParameter(&'a str),
    #[error("The policy that the template makes is not valid: {0}")]
    TemplateDocument(daypass_policy::Malformed),
    #[error("The policy that the template makes is longer than 2048 characters.")]
    LongTemplate,
}

/// `OpenIdIdpCommunicationError`, 400. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
#[error("The identity provider {url} does not answer, or its certificate is not valid.")]
pub(crate) struct OpenIdIdpCommunication<'a> {
    pub(crate) url: &'a str,
}

/// `FeatureDisabled`, 404: outbound federation, of this account, as AWS says it.
#[derive(Debug, thiserror::Error)]
#[error("Outbound identity federation is disabled for account {0}")]
pub(crate) struct FeatureDisabled(pub(crate) AccountId);

/// `FeatureEnabled`, 409. AWS's sentence is not on record; it is taken to be like its sister's.
#[derive(Debug, thiserror::Error)]
#[error("Outbound identity federation is already enabled for account {0}")]
pub(crate) struct FeatureEnabled(pub(crate) AccountId);

/// `InvalidUserType`, 400.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidUserType {
    #[error("Only IAM Users can change their own password.")]
    NotUser,
}

/// `PasswordPolicyViolation`, 400.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordPolicyViolation {
    /// A class of characters that the account's policy asks for.
    #[error("{0}")]
    Class(&'static str),
    /// Of an account without a policy.
    #[error("Password should meet {more} more of the following requirements: {missing}")]
    Classes { more: usize, missing: String },
    #[error("Password should have a minimum length of {0}")]
    Length(usize),
    #[error("Policy constraint violation with password reuse prevention during password change.")]
    Reuse,
}

/// `MalformedCertificate`, 400.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MalformedCertificate {
    #[error("Unable to parse certificate. Please ensure the certificate is in PEM format.")]
    Unreadable,
    #[error(
        "Unable to validate certificate chain. The certificate chain must start with the immediate \
         signing certificate, followed by any intermediaries in order. The index within the chain of \
         the invalid certificate is: {0}"
    )]
    Chain(i64),
    /// AWS's sentences for a private key that cannot be read and for the dates are not on record.
    #[error(
        "Unable to parse private key. Please ensure the private key is in PEM format and is not \
         encrypted."
    )]
    PrivateKey,
    #[error("The certificate is not yet valid.")]
    NotYetValid,
    #[error("The certificate is no longer valid.")]
    Expired,
}

/// `KeyPairMismatch`, 400. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
#[error("The private key does not match the public key of the certificate.")]
pub(crate) struct KeyPairMismatch;

/// `DuplicateCertificate`, 409. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
#[error("The certificate is already associated with a user in this account.")]
pub(crate) struct DuplicateCertificate;

/// `InvalidPublicKey`, 400. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
#[error("The public key must be an RSA key of 2048 to 16384 bits.")]
pub(crate) struct InvalidPublicKey;

/// `UnrecognizedPublicKeyEncoding`, 400.
#[derive(Debug, thiserror::Error)]
#[error("Invalid public key uploaded.")]
pub(crate) struct UnrecognizedPublicKeyEncoding;

/// `DuplicateSSHPublicKey`, 400. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
#[error("The SSH public key is already associated with this user.")]
pub(crate) struct DuplicateSshPublicKey;

/// `NameConflict`, 409: a role that is not of the template has the name. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
#[error("The role {0} exists and was not created from the role template.")]
pub(crate) struct NameConflict<'a>(pub(crate) &'a str);

/// `RoleModified`, 409. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
#[error("The role {0} was created from the role template and has been modified since.")]
pub(crate) struct RoleModified<'a>(pub(crate) &'a str);

/// `PolicyEvaluation`, 500. AWS's sentence is not on record.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PolicyEvaluation {
    /// What might deny anything cannot be simulated.
    #[error("A policy that bears on the simulation could not be evaluated.")]
    Unreadable,
}

/// `InvalidAuthenticationCode`, 403.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidAuthenticationCode {
    /// A device does not show them, not one after the other, or not now.
    #[error("Authentication code for device is not valid")]
    Codes,
}

/// `PolicyNotAttachable`, 400.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PolicyNotAttachable {
    #[error("Cannot attach a Service Role Policy to a Customer Role.")]
    ServiceRolePolicy,
}

/// `UnmodifiableEntity`, 400.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnmodifiableEntity<'a> {
    #[error(
        "Cannot perform the operation on the protected role '{0}' - this role is only modifiable \
         by AWS"
    )]
    ProtectedRole(&'a str),
}

/// `MalformedPolicyDocument`, 400. The policy language has the sentences.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct MalformedPolicyDocument(#[from] pub(crate) daypass_policy::Malformed);

/// `MalformedPolicyDocument`, 400: a trust policy names a service that daypass does not know. AWS's
/// sentence, and unless daypass is to answer as AWS does, what to do.
#[derive(Debug, thiserror::Error)]
#[error("{refusal}{}", advice(*.advises, *.meant))]
pub(crate) struct UnknownService {
    pub(crate) refusal: daypass_policy::Malformed,
    pub(crate) advises: bool,
    /// The name that was probably meant.
    pub(crate) meant: Option<&'static str>,
}

fn advice(advises: bool, meant: Option<&str>) -> String {
    if !advises {
        return String::new();
    }
    let meant = meant.map(|name| format!(" did you mean {name}?")).unwrap_or_default();
    format!(
        " (daypass knows no service of this name;{meant} the setting service_principals adds names)"
    )
}

/// `ValidationError`, 400: what the model's constraints cannot say.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ValidationError<'a> {
    #[error("Must specify userName when calling with non-User credentials")]
    UserNameNeeded,
    #[error("Invalid Marker.")]
    Marker,
    /// What should be the ARN of a managed policy is no ARN at all.
    #[error("ARN {0} is not valid.")]
    PolicyArn(&'a str),
    /// The two spaces are AWS's.
    #[error("Invalid ARN:  Could not be parsed!")]
    UnparsableArn,
    #[error("Invalid ARN partition")]
    ArnPartition,
    #[error("Invalid service in ARN")]
    ArnService,
    /// It names nothing of its kind.
    #[error("Invalid ARN")]
    ArnName,
    #[error("Invalid resource type in ARN")]
    ArnResourceType,
    /// What is no URL with a host. AWS ends the sentence without a period here, and with one where
    /// it is `InvalidInput`.
    #[error("Invalid Open ID Connect Provider URL")]
    ProviderUrl,
    /// An account alias of twelve digits would be taken for an account id.
    #[error(
        "1 validation error detected: Value at 'accountAlias' failed to satisfy constraint: \
         Member must not be an account id of 12 digits"
    )]
    AliasIsAccountId,
    /// The model gives device names no greatest length, but serial numbers. AWS's sentence for this is
    /// not on record.
    #[error(
        "1 validation error detected: Value at 'virtualMFADeviceName' failed to satisfy \
         constraint: Member must make a serial number of length less than or equal to 256"
    )]
    MfaDeviceName,
    /// The model knows `Expired` too, which only credentials for a single service can be.
    #[error(
        "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must \
         satisfy enum value set"
    )]
    AccessKeyStatus,
}

/// The codes of central root access. AWS's sentences for them are not on record.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrganizationFeature {
    #[error("the account is in no organization")]
    NoOrganization,
    #[error("the account is not the management account of its organization")]
    NotManagement,
    #[error(
        "the account is neither the management account of its organization nor a delegated \
         administrator for IAM"
    )]
    NotManagementOrDelegated,
}

impl From<OrganizationFeature> for ServiceError {
    fn from(refusal: OrganizationFeature) -> Self {
        let shape = match refusal {
            OrganizationFeature::NoOrganization => &errors::ORGANIZATION_NOT_FOUND,
            OrganizationFeature::NotManagement => &errors::CALLER_IS_NOT_MANAGEMENT_ACCOUNT,
            OrganizationFeature::NotManagementOrDelegated => {
                &errors::ACCOUNT_NOT_MANAGEMENT_OR_DELEGATED_ADMINISTRATOR
            }
        };
        shape.with(refusal.to_string())
    }
}

/// `AccessDenied`, 403, for what AWS does not want to be found out by asking. All other denials
/// are `authz`'s.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccessDenied<'a> {
    /// AWS has no colon after "perform" here.
    #[error(
        "User: {caller} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access \
         key {key}"
    )]
    ForeignAccessKey { caller: &'a str, key: &'a str },
    /// Who has an MFA device and did not use it changes nothing about devices of their own.
    #[error(
        "To complete this action, please ensure that you are authenticated with an MFA device that \
         is enabled for this user."
    )]
    MfaNeeded,
    #[error("Cannot find Service Linked Role template for {0}")]
    NoServiceLinkedRole(&'a str),
    #[error("The old password was incorrect.")]
    OldPassword,
    /// AWS's own policies are nobody's to change.
    #[error("Cannot delete policies outside your own account.")]
    DeleteAwsManaged,
    #[error("Cannot delete policy versions for policies outside your own account.")]
    DeleteAwsManagedVersion,
    /// On record for SetDefaultPolicyVersion; taken to be the same for a new version and for tags.
    #[error("Cannot update policies outside your own account.")]
    UpdateAwsManaged,
}

fn kind_word(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::User => "user",
        EntityKind::Group => "group",
        EntityKind::Role => "role",
    }
}
