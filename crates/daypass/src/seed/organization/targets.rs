use std::collections::HashMap;

use daypass_ident::AccountId;

use crate::seed::file::{OrganizationSeed, UnitSeed};
use crate::seed::listed::Listed;

/// What a policy can be attached to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Root,
    /// A unit by the names from the root's unit down, with slashes between them.
    Unit(String),
    Account(AccountId),
}

impl Target {
    pub(super) fn unit(names: &[&str]) -> Self {
        Self::Unit(names.join("/"))
    }
}

/// Everything in an organisation that a policy can be attached to.
#[derive(Debug, Default)]
pub(super) struct Targets {
    all: Vec<Target>,
    units_by_id: HashMap<String, Target>,
}

impl Targets {
    pub(super) fn of(seed: &OrganizationSeed) -> Self {
        let accounts = seed.all_accounts().into_iter().map(Target::Account);
        let mut targets = Self {
            all: [Target::Root].into_iter().chain(accounts).collect(),
            units_by_id: HashMap::new(),
        };
        targets.collect_units(&seed.units, &[]);
        targets
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Target> {
        self.all.iter()
    }

    /// The target of this text: `root`, an account's id, a unit's id or its path of names. The root
    /// cannot be taken for a unit of the same name: that has its id.
    pub(super) fn named(&self, text: &str) -> Option<Target> {
        if text == "root" {
            return Some(Target::Root);
        }
        if let Some(unit) = self.units_by_id.get(text) {
            return Some(unit.clone());
        }
        let target = match text.parse() {
            Ok(account) => Target::Account(account),
            Err(_) => Target::Unit(text.to_owned()),
        };
        self.all.contains(&target).then_some(target)
    }

    fn collect_units(&mut self, units: &Listed<UnitSeed>, above: &[&str]) {
        for unit in units.values() {
            let names: Vec<&str> = above.iter().copied().chain([&*unit.name]).collect();
            let target = Target::unit(&names);
            if let Some(id) = &unit.id {
                self.units_by_id.insert(id.to_string(), target.clone());
            }
            self.all.push(target);
            self.collect_units(&unit.units, &names);
        }
    }
}
