//! The form of a seed file.

use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_ident::{AccessKeyId, AccountId, Secret, UniqueId};
use daypass_state::record::{ControlPolicyId, OrganizationId, RootId, UnitId};
use daypass_totp::Seed;
use serde::Deserialize;

use super::identity_providers::{OidcProviderSeed, SamlProviderSeed};
use super::listed::Listed;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedFile {
    #[serde(default)]
    pub(super) accounts: Listed<AccountSeed>,
    #[serde(default)]
    pub(super) organizations: Listed<OrganizationSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountSeed {
    pub(super) id: AccountId,
    /// Whether the account is as AWS holds it: then roles that AWS alone makes may be in it, and trust policies
    /// may name whoever is not here.
    #[serde(default)]
    pub(super) as_recorded: bool,
    pub(super) alias: Option<String>,
    /// The quotas that are not AWS's defaults.
    #[serde(default)]
    pub(super) quotas: BTreeMap<String, u32>,
    #[serde(default)]
    pub(super) root_access_keys: Listed<KeySeed>,
    #[serde(default)]
    pub(super) root_mfa_devices: Listed<MfaDeviceSeed>,
    #[serde(default)]
    pub(super) policies: Listed<PolicySeed>,
    #[serde(default)]
    pub(super) groups: Listed<GroupSeed>,
    #[serde(default)]
    pub(super) users: Listed<UserSeed>,
    #[serde(default)]
    pub(super) oidc_providers: Listed<OidcProviderSeed>,
    #[serde(default)]
    pub(super) saml_providers: Listed<SamlProviderSeed>,
    /// Enabled if it is there.
    pub(super) outbound_web_identity_federation: Option<OutboundFederationSeed>,
    #[serde(default)]
    pub(super) roles: Listed<RoleSeed>,
    #[serde(default)]
    pub(super) instance_profiles: Listed<InstanceProfileSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutboundFederationSeed {
    /// Made up where it is not given.
    pub(super) issuer_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeySeed {
    pub(super) id: AccessKeyId,
    pub(super) secret: Secret<String>,
    #[serde(default)]
    pub(super) inactive: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MfaDeviceSeed {
    pub(super) name: String,
    pub(super) path: Option<String>,
    pub(super) seed: Seed,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicySeed {
    pub(super) name: String,
    /// The unique id; made up where it is not given.
    pub(super) id: Option<UniqueId>,
    pub(super) path: Option<String>,
    pub(super) description: Option<String>,
    /// The only version, `v1`.
    pub(super) document: Option<Document>,
    /// All versions by their ids, in the place of `document`.
    #[serde(default)]
    pub(super) versions: BTreeMap<String, VersionSeed>,
    /// The id of the version in force.
    pub(super) default_version: Option<String>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    pub(super) create_date: Option<Time>,
    pub(super) update_date: Option<Time>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionSeed {
    pub(super) document: Document,
    pub(super) create_date: Option<Time>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSeed {
    pub(super) name: String,
    /// The unique id; made up where it is not given.
    pub(super) id: Option<UniqueId>,
    pub(super) path: Option<String>,
    pub(super) create_date: Option<Time>,
    #[serde(default)]
    pub(super) attached_policies: Listed<String>,
    #[serde(default)]
    pub(super) inline_policies: BTreeMap<String, Document>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserSeed {
    pub(super) name: String,
    /// The unique id; made up where it is not given.
    pub(super) id: Option<UniqueId>,
    pub(super) path: Option<String>,
    pub(super) create_date: Option<Time>,
    pub(super) permissions_boundary: Option<String>,
    #[serde(default)]
    pub(super) groups: Listed<String>,
    #[serde(default)]
    pub(super) attached_policies: Listed<String>,
    #[serde(default)]
    pub(super) inline_policies: BTreeMap<String, Document>,
    #[serde(default)]
    pub(super) access_keys: Listed<KeySeed>,
    #[serde(default)]
    pub(super) mfa_devices: Listed<MfaDeviceSeed>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleSeed {
    pub(super) name: String,
    /// The unique id; made up where it is not given.
    pub(super) id: Option<UniqueId>,
    pub(super) path: Option<String>,
    pub(super) create_date: Option<Time>,
    pub(super) description: Option<String>,
    pub(super) trust_policy: Document,
    pub(super) max_session_duration: Option<i32>,
    pub(super) permissions_boundary: Option<String>,
    #[serde(default)]
    pub(super) attached_policies: Listed<String>,
    #[serde(default)]
    pub(super) inline_policies: BTreeMap<String, Document>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceProfileSeed {
    pub(super) name: String,
    /// The unique id; made up where it is not given.
    pub(super) id: Option<UniqueId>,
    pub(super) path: Option<String>,
    pub(super) create_date: Option<Time>,
    /// The name of a role of the account.
    pub(super) role: Option<String>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationSeed {
    pub(super) management_account: AccountId,
    pub(super) id: Option<OrganizationId>,
    pub(super) root_id: Option<RootId>,
    #[serde(default)]
    pub(super) accounts: Listed<AccountId>,
    #[serde(default)]
    pub(super) units: Listed<UnitSeed>,
    #[serde(default)]
    pub(super) service_control_policies: Listed<ControlPolicySeed>,
    #[serde(default)]
    pub(super) resource_control_policies: Listed<ControlPolicySeed>,
    #[serde(default)]
    pub(super) without_full_aws_access: Listed<String>,
    #[serde(default)]
    pub(super) features: Listed<RootFeatureSeed>,
    /// For IAM.
    #[serde(default)]
    pub(super) delegated_administrators: Listed<AccountId>,
}

/// Central root access, by the names that `ListOrganizationsFeatures` has for it.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum RootFeatureSeed {
    RootSessions,
    RootCredentialsManagement,
}

impl RootFeatureSeed {
    /// The operation that enables it.
    pub(super) fn enabling(self) -> &'static str {
        match self {
            Self::RootSessions => "EnableOrganizationsRootSessions",
            Self::RootCredentialsManagement => "EnableOrganizationsRootCredentialsManagement",
        }
    }
}

impl OrganizationSeed {
    /// The accounts in the order of the file, the management account first.
    pub(super) fn all_accounts(&self) -> Vec<AccountId> {
        let mut accounts = vec![self.management_account];
        accounts.extend(self.accounts.values());
        self.units.values().for_each(|unit| unit.collect_accounts(&mut accounts));
        accounts
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitSeed {
    pub(super) name: String,
    pub(super) id: Option<UnitId>,
    #[serde(default)]
    pub(super) accounts: Listed<AccountId>,
    #[serde(default)]
    pub(super) units: Listed<UnitSeed>,
}

impl UnitSeed {
    fn collect_accounts(&self, accounts: &mut Vec<AccountId>) {
        accounts.extend(self.accounts.values());
        self.units.values().for_each(|unit| unit.collect_accounts(accounts));
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ControlPolicySeed {
    pub(super) name: String,
    pub(super) id: Option<ControlPolicyId>,
    pub(super) document: Document,
    #[serde(default)]
    pub(super) targets: Listed<String>,
}

/// A policy document: a table, or its JSON in a string.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Document(serde_json::Value);

impl Document {
    pub(super) fn text(&self) -> String {
        match &self.0 {
            serde_json::Value::String(text) => text.clone(),
            table => table.to_string(),
        }
    }
}

/// A time in the past, in seconds since 1970: `2019-11-13T17:30:00Z`, or with another offset.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Time(pub(super) i64);

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let time = DateTime::from_str(&text, Format::DateTimeWithOffset);
        let seconds = time.map(|time| time.secs()).ok().filter(|seconds| *seconds >= 0);
        seconds.map(Self).ok_or_else(|| format!("{text:?} is no time such as 2019-11-13T17:30:00Z"))
    }
}
