//! What a seed holds, counted.

use super::Seed;
use super::file::{AccountSeed, UnitSeed};
use super::listed::Listed;

impl Seed {
    /// How much of what it holds, in one line: `seed.toml: 2 accounts, 3 users, 4 roles`.
    #[must_use]
    pub fn contents(&self) -> String {
        let mut accounts: Vec<_> = self.accounts().collect();
        accounts.sort_unstable();
        accounts.dedup();
        let sum = |count: fn(&AccountSeed) -> usize| {
            self.file.accounts.values().map(count).sum::<usize>()
        };
        let of_users = |count: fn(&super::file::UserSeed) -> usize| {
            let users = self.file.accounts.values().flat_map(|account| account.users.values());
            users.map(count).sum::<usize>()
        };
        let organizations = &self.file.organizations;
        let control_policies = organizations.values().map(|organization| {
            let service_control = organization.service_control_policies.len();
            service_control + organization.resource_control_policies.len()
        });
        let units = organizations.values().map(|organization| units(&organization.units));
        let counted = [
            (accounts.len(), "account", "accounts"),
            (sum(|account| account.users.len()), "user", "users"),
            (sum(|account| account.groups.len()), "group", "groups"),
            (sum(|account| account.roles.len()), "role", "roles"),
            (
                sum(|account| account.instance_profiles.len()),
                "instance profile",
                "instance profiles",
            ),
            (sum(|account| account.policies.len()), "policy", "policies"),
            (
                sum(|account| account.root_access_keys.len())
                    + of_users(|user| user.access_keys.len()),
                "access key",
                "access keys",
            ),
            (
                sum(|account| account.root_mfa_devices.len())
                    + of_users(|user| user.mfa_devices.len()),
                "MFA device",
                "MFA devices",
            ),
            (
                sum(|account| account.oidc_providers.len() + account.saml_providers.len()),
                "identity provider",
                "identity providers",
            ),
            (organizations.len(), "organization", "organizations"),
            (units.sum(), "organizational unit", "organizational units"),
            (control_policies.sum(), "control policy", "control policies"),
        ];
        let there = counted.into_iter().filter(|(count, _, _)| *count > 0);
        let there = there.map(|(count, one, many)| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {many}"),
        });
        let there: Vec<_> = there.collect();
        let contents = if there.is_empty() { "nothing".to_owned() } else { there.join(", ") };
        format!("{}: {contents}", self.name)
    }
}

/// With those below them.
fn units(seeds: &Listed<UnitSeed>) -> usize {
    seeds.values().map(|seed| 1 + units(&seed.units)).sum()
}
