use std::collections::BTreeMap;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetAccountSummaryInput, GetAccountSummaryOutput, SummaryKeyType};
use daypass_state::record::{KeyOwner, SigningCertificateRecord};
use daypass_state::{Account, Tx};

use crate::generated::GetAccountSummary;
use crate::quotas;

impl Guarded for GetAccountSummary {
    fn targets(
        _: &GetAccountSummaryInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GetAccountSummary");
        Ok(())
    }
}

impl Handle for GetAccountSummary {
    fn run(_: &Permitted<Self>, tx: &mut Tx) -> Result<GetAccountSummaryOutput, ServiceError> {
        Ok(GetAccountSummaryOutput { summary_map: Some(summary(tx.account())) })
    }
}

/// Every key that AWS gives, those of what daypass does not keep included.
fn summary(account: &Account) -> BTreeMap<String, i32> {
    use SummaryKeyType as Key;
    let versions = account.policies().map(|policy| policy.record.versions.len()).sum();
    let version_two = account.settings().version_two_tokens;
    let root_has_keys = account.access_keys(KeyOwner::Root).next().is_some();
    let root_has_mfa = account.mfa_devices_of(KeyOwner::Root).next().is_some();
    let mut certificates = account.credentials_of::<SigningCertificateRecord>(KeyOwner::Root);
    let root_has_certificates = certificates.next().is_some();
    let mfa_in_use = account.mfa_devices().filter(|device| device.owner().is_some()).count();
    let entries: [(Key, usize); 34] = [
        (Key::Users, account.user_count()),
        (Key::UsersQuota, quotas::USERS_PER_ACCOUNT.of(account).limit()),
        (Key::Groups, account.group_count()),
        (Key::GroupsQuota, quotas::GROUPS_PER_ACCOUNT.of(account).limit()),
        (Key::Roles, account.role_count()),
        (Key::RolesQuota, quotas::ROLES_PER_ACCOUNT.of(account).limit()),
        (Key::Policies, account.policy_count()),
        (Key::PoliciesQuota, quotas::POLICIES_PER_ACCOUNT.of(account).limit()),
        (Key::PolicySizeQuota, quotas::POLICY_SIZE.of(account).limit()),
        (Key::PolicyVersionsInUse, versions),
        (Key::PolicyVersionsInUseQuota, quotas::POLICY_VERSIONS_IN_USE),
        (Key::VersionsPerPolicyQuota, quotas::VERSIONS_PER_POLICY),
        (Key::UserPolicySizeQuota, quotas::INLINE_SIZE_PER_USER),
        (Key::GroupPolicySizeQuota, quotas::INLINE_SIZE_PER_GROUP),
        (Key::RolePolicySizeQuota, quotas::INLINE_SIZE_PER_ROLE),
        (Key::AssumeRolePolicySizeQuota, quotas::TRUST_POLICY_SIZE.of(account).limit()),
        (Key::AttachedPoliciesPerUserQuota, quotas::POLICIES_PER_USER.of(account).limit()),
        (Key::AttachedPoliciesPerGroupQuota, quotas::POLICIES_PER_GROUP.of(account).limit()),
        (Key::AttachedPoliciesPerRoleQuota, quotas::POLICIES_PER_ROLE.of(account).limit()),
        (Key::GroupsPerUserQuota, quotas::GROUPS_PER_USER.of(account).limit()),
        (Key::AccessKeysPerUserQuota, quotas::ACCESS_KEYS_PER_USER.of(account).limit()),
        (
            Key::SigningCertificatesPerUserQuota,
            quotas::SIGNING_CERTIFICATES_PER_USER.of(account).limit(),
        ),
        (Key::AccountAccessKeysPresent, usize::from(root_has_keys)),
        (Key::AccountPasswordPresent, 0),
        (Key::AccountSigningCertificatesPresent, usize::from(root_has_certificates)),
        (Key::AccountMfaEnabled, usize::from(root_has_mfa)),
        (Key::MfaDevices, account.mfa_device_count()),
        (Key::MfaDevicesInUse, mfa_in_use),
        (Key::InstanceProfiles, account.instance_profile_count()),
        (Key::InstanceProfilesQuota, quotas::INSTANCE_PROFILES_PER_ACCOUNT.of(account).limit()),
        (Key::ServerCertificates, account.server_certificate_count()),
        (Key::ServerCertificatesQuota, quotas::SERVER_CERTIFICATES_PER_ACCOUNT.of(account).limit()),
        (Key::Providers, account.oidc_provider_count() + account.saml_provider_count()),
        (Key::GlobalEndpointTokenVersion, if version_two { 2 } else { 1 }),
    ];
    let shape = |(key, count): (Key, usize)| {
        (key.as_str().to_owned(), i32::try_from(count).unwrap_or(i32::MAX))
    };
    entries.into_iter().map(shape).collect()
}
