//! What the file says of entities and the API has no parameter for: ids, dates, and what AWS alone makes. What
//! only stands in for an entity with a mistake has a name of its own, and does not take the entity's id.

use daypass_ident::{AccountId, Arn, IdKind};
use daypass_state::Tx;
use daypass_state::record::{GroupRecord, InstanceProfileRecord, RoleRecord, UserRecord};
use daypass_wire::Fault;

use super::super::api_call::ApiCall;
use super::super::file::{GroupSeed, InstanceProfileSeed, RoleSeed, Time, UserSeed};
use super::super::listed::Listed;
use super::super::place::Path;
use super::Work;

impl Work<'_> {
    /// Gives a user that was just made, and whom nothing refers to yet, the id and date in the file.
    pub(super) async fn recorded_user(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        seed: &UserSeed,
    ) {
        let id = self.unique_id(path, seed.id, IdKind::User, name == seed.name);
        let view = self.env.state.view();
        let Some(user) = view.account(account).user(name) else { return };
        let record = UserRecord {
            id: id.unwrap_or(user.record.id),
            create_date: date(seed.create_date, user.record.create_date),
            ..user.record.clone()
        };
        if record != user.record {
            let mut tx = Tx::new(view, account);
            tx.put_user(&record);
            self.commit(path, tx).await;
        }
    }

    /// As [`recorded_user`](Self::recorded_user).
    pub(super) async fn recorded_group(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        seed: &GroupSeed,
    ) {
        let id = self.unique_id(path, seed.id, IdKind::Group, name == seed.name);
        let view = self.env.state.view();
        let Some(group) = view.account(account).group(name) else { return };
        let record = GroupRecord {
            id: id.unwrap_or(group.record.id),
            create_date: date(seed.create_date, group.record.create_date),
            ..group.record.clone()
        };
        if record != group.record {
            let mut tx = Tx::new(view, account);
            tx.put_group(&record);
            self.commit(path, tx).await;
        }
    }

    /// As [`recorded_user`](Self::recorded_user).
    pub(super) async fn recorded_role(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        seed: &RoleSeed,
    ) {
        let id = self.unique_id(path, seed.id, IdKind::Role, name == seed.name);
        let changed = |role: &RoleRecord| RoleRecord {
            id: id.unwrap_or(role.id),
            create_date: date(seed.create_date, role.create_date),
            ..role.clone()
        };
        self.change_role(account, path, name, changed).await;
    }

    /// As [`recorded_user`](Self::recorded_user).
    pub(super) async fn recorded_instance_profile(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        seed: &InstanceProfileSeed,
    ) {
        let id = self.unique_id(path, seed.id, IdKind::InstanceProfile, name == seed.name);
        let view = self.env.state.view();
        let Some(profile) = view.account(account).instance_profile(name) else { return };
        let record = InstanceProfileRecord {
            id: id.unwrap_or(profile.record.id),
            create_date: date(seed.create_date, profile.record.create_date),
            ..profile.record.clone()
        };
        if record != profile.record {
            let mut tx = Tx::new(view, account);
            tx.put_instance_profile(&record);
            self.commit(path, tx).await;
        }
    }

    /// Attaches policies to a role at one of AWS's own paths, which only AWS can: those for service-linked
    /// roles too.
    pub(super) async fn attach_awss_own(
        &mut self,
        account: AccountId,
        path: &Path,
        role: &str,
        policies: &Listed<String>,
    ) {
        for (number, policy) in policies.iter() {
            let path = path.element("attached_policies", number);
            let is_of_aws = daypass_catalog::managed_policy(policy).is_some();
            match policy.parse::<Arn>() {
                Ok(arn) if is_of_aws => {
                    let attach = |role: &RoleRecord| {
                        let mut role = role.clone();
                        if !role.policies.attached.contains(&arn) {
                            role.policies.attached.push(arn.clone());
                        }
                        role
                    };
                    self.change_role(account, &path, role, attach).await;
                }
                _ => {
                    let call = ApiCall::new("AttachRolePolicy")
                        .with("RoleName", role)
                        .with("PolicyArn", &self.policy_arn(account, policy));
                    self.call(account, &path, call).await;
                }
            }
        }
    }

    /// Gives a role one of AWS's own paths.
    pub(super) async fn move_role(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        to: &str,
    ) {
        // Whatever else a path must be, `CreateRole` says before it looks at whose it is.
        let is_path = to.len() <= LONGEST_PATH
            && to.ends_with('/')
            && to.bytes().all(|byte| (b'!'..=0x7f).contains(&byte));
        if !is_path {
            let message = "a path begins and ends with / and has 512 printable characters at most";
            self.report(&path.member("path"), message.to_owned());
            return;
        }
        let moved = |role: &RoleRecord| RoleRecord { path: to.to_owned(), ..role.clone() };
        self.change_role(account, path, name, moved).await;
    }

    /// Gives a role a trust policy that AWS holds.
    pub(super) async fn recorded_trust(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        document: &str,
    ) {
        let path = path.member("trust_policy");
        match daypass_iam_core::recorded_trust(&self.env.state.view(), document) {
            Ok(stored) => {
                let trusting = |role: &RoleRecord| RoleRecord {
                    assume_role_policy_document: stored.clone(),
                    ..role.clone()
                };
                self.change_role(account, &path, name, trusting).await;
            }
            Err(error) => {
                let fault = Fault::from(error);
                let message = fault.message.as_deref().unwrap_or_default();
                self.report(&path, format!("{}: {message}", fault.code));
            }
        }
    }

    async fn change_role(
        &mut self,
        account: AccountId,
        path: &Path,
        name: &str,
        changed: impl Fn(&RoleRecord) -> RoleRecord,
    ) {
        let view = self.env.state.view();
        let Some(role) = view.account(account).role(name) else { return };
        let record = changed(&role.record);
        if record != role.record {
            let mut tx = Tx::new(view, account);
            tx.put_role(&record);
            self.commit(path, tx).await;
        }
    }
}

fn date(given: Option<Time>, made: i64) -> i64 {
    given.map_or(made, |Time(seconds)| seconds)
}

/// IAM API Reference, `CreateRole`: `Path`.
const LONGEST_PATH: usize = 512;
