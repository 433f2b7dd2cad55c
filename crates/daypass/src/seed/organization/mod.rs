//! An organisation from its description: the tree of units and accounts, and the policies that are
//! attached to it, by AWS Organizations' rules (AWS Organizations User Guide, "Quotas and service
//! limits").

mod policies;
mod targets;

use std::collections::{BTreeSet, HashMap, HashSet};

use daypass_ident::{AccountId, IdGen};
use daypass_state::record::{
    BranchRecord, ControlPolicyId, MemberRecord, OrganizationId, OrganizationRecord, RootId,
    UnitId, UnitRecord,
};
use policies::Policies;
use targets::{Target, Targets};

use super::file::{OrganizationSeed, UnitSeed};
use super::listed::Listed;
use super::place::Path;

/// What organisations may not share with each other.
#[derive(Debug, Default)]
pub(super) struct Taken {
    accounts: HashSet<AccountId>,
    organizations: HashSet<OrganizationId>,
}

/// What is wrong, and where.
pub(super) type Mistakes = Vec<(Path, String)>;

/// Makes an organisation.
///
/// # Errors
/// All that is wrong with the description.
pub(super) fn assemble(
    seed: &OrganizationSeed,
    path: &Path,
    ids: &dyn IdGen,
    taken: &mut Taken,
) -> Result<OrganizationRecord, Mistakes> {
    let mut mistakes = Mistakes::new();
    let id = seed.id.clone().unwrap_or_else(|| OrganizationId::generate(ids));
    if !taken.organizations.insert(id.clone()) {
        mistakes.push((path.member("id"), "another organization has this id".to_owned()));
    }
    let targets = Targets::of(seed);
    let policies = Policies::attach(seed, path, &targets, ids, &mut mistakes);
    let mut tree = Tree {
        root_id: seed.root_id.clone().unwrap_or_else(|| RootId::generate(ids)),
        attached: &policies.attached,
        ids,
        unit_ids: HashSet::new(),
        taken,
        mistakes,
    };
    let root = tree.root(seed, path);
    let delegated_administrators = delegated_administrators(seed, path, &mut tree.mistakes);
    let Tree { root_id, mistakes, .. } = tree;
    if mistakes.is_empty() {
        Ok(OrganizationRecord {
            id,
            root_id,
            root,
            policies: policies.records,
            root_features: BTreeSet::new(),
            delegated_administrators,
        })
    } else {
        Err(mistakes)
    }
}

/// The member accounts that administer IAM, by the rules of `RegisterDelegatedAdministrator` (AWS
/// Organizations API Reference).
fn delegated_administrators(
    seed: &OrganizationSeed,
    path: &Path,
    mistakes: &mut Mistakes,
) -> BTreeSet<AccountId> {
    let accounts = seed.all_accounts();
    let mut delegated = BTreeSet::new();
    for (number, account) in seed.delegated_administrators.iter() {
        let message = if *account == seed.management_account {
            format!("the management account {account} cannot be a delegated administrator")
        } else if !accounts.contains(account) {
            format!("the organization has no account {account}")
        } else if !delegated.insert(*account) {
            format!("{account} is a delegated administrator already")
        } else {
            continue;
        };
        mistakes.push((path.element("delegated_administrators", number), message));
    }
    delegated
}

struct Tree<'a> {
    root_id: RootId,
    attached: &'a HashMap<Target, Vec<ControlPolicyId>>,
    ids: &'a dyn IdGen,
    unit_ids: HashSet<UnitId>,
    taken: &'a mut Taken,
    mistakes: Mistakes,
}

impl Tree<'_> {
    fn root(&mut self, seed: &OrganizationSeed, path: &Path) -> BranchRecord {
        let mut accounts = self.members(&seed.accounts, path);
        let managed = seed.management_account;
        if seed.all_accounts().iter().filter(|account| **account == managed).count() == 1 {
            let path = path.member("management_account");
            accounts.extend(self.member(managed, path));
        }
        BranchRecord {
            attached: self.attached(&Target::Root),
            units: self.units(&seed.units, path, &[]),
            accounts,
        }
    }

    /// The units below those of the names `above`.
    fn units(&mut self, seeds: &Listed<UnitSeed>, path: &Path, above: &[&str]) -> Vec<UnitRecord> {
        let mut names = HashSet::new();
        let mut units = Vec::with_capacity(seeds.len());
        for (number, seed) in seeds.iter() {
            let path = path.element("units", number);
            if above.len() == NESTED_UNITS {
                let message = format!("units are nested no deeper than {NESTED_UNITS} levels");
                self.mistakes.push((path, message));
                continue;
            }
            if !(1..=LONGEST_NAME).contains(&seed.name.chars().count()) {
                let message = format!("a unit's name has 1 to {LONGEST_NAME} characters");
                self.mistakes.push((path.member("name"), message));
            }
            if !names.insert(&*seed.name) {
                let message = "another unit at the same place has this name".to_owned();
                self.mistakes.push((path.member("name"), message));
            }
            let id = self.unit_id(seed, &path);
            let names: Vec<&str> = above.iter().copied().chain([&*seed.name]).collect();
            let branch = BranchRecord {
                attached: self.attached(&Target::unit(&names)),
                units: self.units(&seed.units, &path, &names),
                accounts: self.members(&seed.accounts, &path),
            };
            units.push(UnitRecord { id, name: seed.name.clone(), branch });
        }
        units
    }

    fn unit_id(&mut self, seed: &UnitSeed, path: &Path) -> UnitId {
        let Some(id) = &seed.id else { return UnitId::generate(&self.root_id, self.ids) };
        if !self.root_id.is_root_of(id) {
            let message = format!("the id of a unit of {} does not begin so", self.root_id);
            self.mistakes.push((path.member("id"), message));
        }
        if !self.unit_ids.insert(id.clone()) {
            let message = "another unit has this id".to_owned();
            self.mistakes.push((path.member("id"), message));
        }
        id.clone()
    }

    fn members(&mut self, accounts: &Listed<AccountId>, path: &Path) -> Vec<MemberRecord> {
        accounts
            .iter()
            .filter_map(|(number, account)| self.member(*account, path.element("accounts", number)))
            .collect()
    }

    fn member(&mut self, account: AccountId, path: Path) -> Option<MemberRecord> {
        if !self.taken.accounts.insert(account) {
            let message = format!("the account {account} is in an organization already");
            self.mistakes.push((path, message));
            return None;
        }
        Some(MemberRecord { account, attached: self.attached(&Target::Account(account)) })
    }

    fn attached(&self, target: &Target) -> Vec<ControlPolicyId> {
        self.attached.get(target).cloned().unwrap_or_default()
    }
}

const NESTED_UNITS: usize = 5;
/// Characters in the name of a unit or a policy.
const LONGEST_NAME: usize = 128;
