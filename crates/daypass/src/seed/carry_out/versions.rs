//! The versions of a customer managed policy, by the numbers in the file: the API counts from 1.

use std::collections::BTreeMap;

use daypass_ident::{AccountId, IdKind};
use daypass_state::Tx;
use daypass_state::record::{PolicyRecord, VersionRecord};

use super::super::api_call::ApiCall;
use super::super::file::{PolicySeed, Time};
use super::super::place::Path;
use super::super::stand_in;
use super::Work;

impl Work<'_> {
    /// Gives a policy that was just made the id, the dates and the versions in the file. Without a policy
    /// the documents are looked at all the same.
    pub(super) async fn versions(
        &mut self,
        account: AccountId,
        path: &Path,
        made: Option<&str>,
        seed: &PolicySeed,
    ) {
        let given = self.given_versions(account, path, seed).await;
        let id = self.unique_id(path, seed.id, IdKind::Policy, made == Some(&seed.name));
        let view = self.env.state.view();
        let Some(policy) = made.and_then(|name| view.account(account).policy(name)) else { return };
        let mut record =
            PolicyRecord { id: id.unwrap_or(policy.record.id), ..policy.record.clone() };
        if let Some(Time(seconds)) = seed.create_date {
            record.create_date = seconds;
            record.update_date = seconds;
        }
        if let Some(Time(seconds)) = seed.update_date {
            record.update_date = seconds;
        }
        match given {
            Some((default_version, versions)) => {
                record.default_version = default_version;
                let newest = versions.keys().next_back().copied().unwrap_or(default_version);
                record.next_version = newest.saturating_add(1);
                record.versions = versions;
            }
            None => {
                record.versions.values_mut().for_each(|it| it.create_date = record.create_date);
            }
        }
        if record != policy.record {
            let mut tx = Tx::new(view, account);
            tx.put_policy(&record);
            self.commit(path, tx).await;
        }
    }

    /// The number of the version in force, and all versions, where the file numbers them and they are all
    /// well formed; mistakes are noted.
    async fn given_versions(
        &mut self,
        account: AccountId,
        path: &Path,
        seed: &PolicySeed,
    ) -> Option<(u32, BTreeMap<u32, VersionRecord>)> {
        match (&seed.document, seed.versions.is_empty()) {
            (Some(_), true) => return None,
            (None, true) => {
                self.report(path, "missing field `document`".to_owned());
                return None;
            }
            (Some(_), false) => {
                self.report(path, "a policy has either a document or versions".to_owned());
                return None;
            }
            (None, false) => {}
        }
        if seed.versions.len() > VERSIONS_PER_POLICY {
            let message = format!("a policy has {VERSIONS_PER_POLICY} versions at most");
            self.report(&path.member("versions"), message);
        }
        let now = self.env.clock.now().secs();
        let mut versions = BTreeMap::new();
        for (id, version) in &seed.versions {
            let path = path.member("versions").member(id);
            let Some(number) = number(id) else {
                self.report(&path, format!("{id:?} is no version: write it as v1"));
                continue;
            };
            let document = version.document.text();
            let call = ApiCall::new("CreatePolicy")
                .with("PolicyName", &stand_in::name(self.made_up()))
                .with("PolicyDocument", &document);
            if let Err(message) = call.rehearse(self.root(account)).await {
                self.report(&path.member("document"), message);
            }
            let create_date = version.create_date.map_or(now, |Time(seconds)| seconds);
            versions.insert(number, VersionRecord { document, create_date });
        }
        let default = match &seed.default_version {
            Some(id) => number(id).filter(|number| versions.contains_key(number)),
            None => versions.keys().next_back().copied(),
        };
        if default.is_none() && !versions.is_empty() {
            let message = "the default version is none of the versions".to_owned();
            self.report(&path.member("default_version"), message);
        }
        Some((default?, versions))
    }
}

/// The number of a version's id (IAM API Reference, `PolicyVersion`).
fn number(id: &str) -> Option<u32> {
    let digits = id.strip_prefix('v').filter(|digits| !digits.starts_with(['0', '+']))?;
    digits.parse().ok()
}

/// IAM User Guide, "IAM and AWS STS quotas".
const VERSIONS_PER_POLICY: usize = 5;
