//! IAM's quotas at their defaults, and how far AWS raises them (IAM User Guide, "IAM and AWS STS quotas").

use daypass_model::ServiceError;
use daypass_state::Account;

use crate::errors::LimitExceeded;

/// How many of something there may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    /// The name that the refusal gives.
    name: &'static str,
    limit: usize,
    /// How far AWS raises it for who asks; the default itself where it does not.
    greatest: usize,
}

impl Quota {
    /// The quota of an account, which may have had it raised.
    pub(crate) fn of(self, account: &Account) -> Self {
        let raised = account.settings().quotas.get(self.name).copied();
        let raised = raised.and_then(|raised| usize::try_from(raised).ok());
        Self { limit: raised.unwrap_or(self.limit), ..self }
    }

    /// Whether one more may join `present`.
    ///
    /// # Errors
    /// `LimitExceeded` when the quota is used up.
    pub(crate) fn admit_one(self, present: usize) -> Result<(), ServiceError> {
        self.hold(present.saturating_add(1))
    }

    /// Whether there may be `count`.
    ///
    /// # Errors
    /// `LimitExceeded` when that is too many.
    pub(crate) fn hold(self, count: usize) -> Result<(), ServiceError> {
        if count <= self.limit {
            return Ok(());
        }
        Err(LimitExceeded::Quota { name: self.name, limit: self.limit }.into())
    }

    /// The number itself.
    pub(crate) const fn limit(self) -> usize {
        self.limit
    }
}

const fn quota(name: &'static str, limit: usize) -> Quota {
    Quota { name, limit, greatest: limit }
}

const fn adjustable(name: &'static str, limit: usize, greatest: usize) -> Quota {
    Quota { name, limit, greatest }
}

/// Whether an account may have this for one of its quotas: those that AWS raises, as far as it does, and
/// any lower number, with which limits can be tried out.
///
/// # Errors
/// What is wrong with the name or the number, in words.
pub fn check_quota(name: &str, limit: u32) -> Result<(), String> {
    let Some(quota) = ADJUSTABLE.iter().find(|quota| quota.name == name) else {
        let known: Vec<_> = ADJUSTABLE.iter().map(|quota| quota.name).collect();
        return Err(format!(
            "there is no quota {name} that can be changed; there are {}",
            known.join(", ")
        ));
    };
    if usize::try_from(limit).is_ok_and(|limit| limit <= quota.greatest) {
        return Ok(());
    }
    Err(format!("AWS raises {name} to {} at most", quota.greatest))
}

/// The quotas that accounts may have changed, in the order of their names.
static ADJUSTABLE: [Quota; 12] = [
    TRUST_POLICY_SIZE,
    GROUPS_PER_ACCOUNT,
    INSTANCE_PROFILES_PER_ACCOUNT,
    OIDC_PROVIDERS_PER_ACCOUNT,
    POLICIES_PER_ACCOUNT,
    POLICIES_PER_GROUP,
    POLICIES_PER_ROLE,
    POLICIES_PER_USER,
    ROLES_PER_ACCOUNT,
    SAML_PROVIDERS_PER_ACCOUNT,
    SERVER_CERTIFICATES_PER_ACCOUNT,
    USERS_PER_ACCOUNT,
];

pub(crate) const USERS_PER_ACCOUNT: Quota = quota("UsersPerAccount", 5000);
pub(crate) const GROUPS_PER_ACCOUNT: Quota = adjustable("GroupsPerAccount", 300, 500);
pub(crate) const ROLES_PER_ACCOUNT: Quota = adjustable("RolesPerAccount", 1000, 5000);
pub(crate) const POLICIES_PER_ACCOUNT: Quota = adjustable("PoliciesPerAccount", 1500, 5000);
pub(crate) const INSTANCE_PROFILES_PER_ACCOUNT: Quota =
    adjustable("InstanceProfilesPerAccount", 1000, 5000);
/// AWS's name for it.
pub(crate) const ROLES_PER_INSTANCE_PROFILE: Quota = quota("InstanceSessionsPerInstanceProfile", 1);
pub(crate) const SERVER_CERTIFICATES_PER_ACCOUNT: Quota =
    adjustable("ServerCertificatesPerAccount", 20, 1000);
pub(crate) const GROUPS_PER_USER: Quota = quota("GroupsPerUser", 10);
pub(crate) const ACCESS_KEYS_PER_USER: Quota = quota("AccessKeysPerUser", 2);
pub(crate) const SIGNING_CERTIFICATES_PER_USER: Quota = quota("CertificatesPerUser", 2);
pub(crate) const SSH_PUBLIC_KEYS_PER_USER: Quota = quota("SSHPublicKeysPerUser", 5);
/// For each service. AWS's name for it is not on record.
pub(crate) const CREDENTIALS_PER_SERVICE: Quota = quota("ServiceSpecificCredentialsPerUser", 2);
pub(crate) const MFA_DEVICES_PER_USER: Quota = quota("MFADevicesPerUser", 8);
/// Virtual devices, enabled or not: as many as there may be users.
pub(crate) const MFA_DEVICES_PER_ACCOUNT: Quota = quota("MFADevicesPerAccount", 5000);
pub(crate) const OIDC_PROVIDERS_PER_ACCOUNT: Quota =
    adjustable("OpenIdConnectProvidersPerAccount", 100, 700);
pub(crate) const CLIENT_IDS_PER_OIDC_PROVIDER: Quota =
    quota("ClientIdsPerOpenIdConnectProvider", 100);
/// AWS's number is not on record.
pub(crate) const DELEGATION_REQUESTS_PER_ACCOUNT: Quota =
    quota("DelegationRequestsPerAccount", 1000);
pub(crate) const SAML_PROVIDERS_PER_ACCOUNT: Quota = quota("SAMLProvidersPerAccount", 100);
/// AWS's name for it is not on record.
pub(crate) const PRIVATE_KEYS_PER_SAML_PROVIDER: Quota = quota("PrivateKeysPerSAMLProvider", 2);
/// Attached managed policies.
pub(crate) const POLICIES_PER_USER: Quota = adjustable("PoliciesPerUser", 10, 20);
/// Attached managed policies.
pub(crate) const POLICIES_PER_GROUP: Quota = quota("PoliciesPerGroup", 10);
/// Attached managed policies. AWS raised the default from 10.
pub(crate) const POLICIES_PER_ROLE: Quota = adjustable("PoliciesPerRole", 20, 25);
/// Characters of a managed policy without white space.
pub(crate) const POLICY_SIZE: Quota = quota("PolicySize", daypass_policy::MANAGED_POLICY_SIZE);
/// Characters of a trust policy without white space.
pub(crate) const TRUST_POLICY_SIZE: Quota =
    adjustable("ACLSizePerRole", daypass_policy::TRUST_POLICY_SIZE, 8192);

/// Characters of all inline policies of one user together, without white space.
pub(crate) const INLINE_SIZE_PER_USER: usize = 2048;
/// As [`INLINE_SIZE_PER_USER`], of a group.
pub(crate) const INLINE_SIZE_PER_GROUP: usize = 5120;
/// As [`INLINE_SIZE_PER_USER`], of a role.
pub(crate) const INLINE_SIZE_PER_ROLE: usize = 10_240;
pub(crate) const VERSIONS_PER_POLICY: usize = 5;
pub(crate) const TAGS_PER_RESOURCE: usize = 50;
pub(crate) const THUMBPRINTS_PER_OIDC_PROVIDER: usize = 5;
/// Versions of all policies of an account together.
pub(crate) const POLICY_VERSIONS_IN_USE: usize = 10_000;
