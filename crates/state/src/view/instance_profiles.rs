//! Instance profiles, by name and by the role in them.

use std::sync::Arc;

use daypass_ident::{AccountId, Arn, UniqueId};

use super::account::after;
use super::{Account, HashMap};
use crate::codec::decode;
use crate::record::InstanceProfileRecord;
use crate::{Name, UnknownCodec};

/// An instance profile.
#[derive(Debug)]
pub struct InstanceProfile {
    /// What is stored.
    pub record: InstanceProfileRecord,
    account: AccountId,
}

impl InstanceProfile {
    /// The profile's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::instance_profile(self.account, &self.record.path, &self.record.name)
    }
}

/// One account's instance profiles.
#[derive(Debug, Clone, Default)]
pub(super) struct InstanceProfiles {
    all: imbl::OrdMap<Name, Arc<InstanceProfile>>,
    /// The names of the profiles that a role is in.
    of_roles: HashMap<UniqueId, imbl::OrdSet<Name>>,
}

impl InstanceProfiles {
    pub(super) fn put(
        &mut self,
        account: AccountId,
        name: &str,
        value: &[u8],
    ) -> Result<(), UnknownCodec> {
        let profile = InstanceProfile { record: decode(value)?, account };
        self.remove(name);
        let name = Name::new(name);
        if let Some(role) = profile.record.role {
            self.of_roles.entry(role).or_default().insert(name.clone());
        }
        self.all.insert(name, Arc::new(profile));
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) {
        let name = Name::new(name);
        let role = self.all.remove(&name).and_then(|profile| profile.record.role);
        if let Some((role, profiles)) =
            role.and_then(|role| Some((role, self.of_roles.get_mut(&role)?)))
        {
            profiles.remove(&name);
            if profiles.is_empty() {
                self.of_roles.remove(&role);
            }
        }
    }
}

impl Account {
    /// An instance profile by name, in any case.
    #[must_use]
    pub fn instance_profile(&self, name: &str) -> Option<&Arc<InstanceProfile>> {
        self.instance_profiles.all.get(&Name::new(name))
    }

    /// All instance profiles, by name.
    pub fn instance_profiles(&self) -> impl Iterator<Item = &Arc<InstanceProfile>> {
        self.instance_profiles.all.values()
    }

    /// As [`instance_profiles`](Self::instance_profiles), from behind a name on, at the cost of what
    /// is taken.
    pub fn instance_profiles_after<'a>(
        &'a self,
        name: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<InstanceProfile>> + use<'a> {
        after(&self.instance_profiles.all, name)
    }

    /// How many instance profiles there are.
    #[must_use]
    pub fn instance_profile_count(&self) -> usize {
        self.instance_profiles.all.len()
    }

    /// The instance profiles that a role is in, by name.
    pub fn instance_profiles_of(
        &self,
        role: UniqueId,
    ) -> impl Iterator<Item = &Arc<InstanceProfile>> {
        let profiles = &self.instance_profiles;
        let names = profiles.of_roles.get(&role).into_iter().flatten();
        names.filter_map(|name| profiles.all.get(name))
    }
}
