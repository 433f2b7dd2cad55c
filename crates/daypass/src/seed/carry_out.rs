//! Carrying out a seed: one call of the API after the other, as each account's root user.

mod creation;
mod credentials;
mod federation;
mod lost;
mod recorded;
mod unique_ids;
mod versions;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use daypass_authz::{Arrival, Call, Env, Origin};
use daypass_ident::{AccountId, UniqueId};
use daypass_state::record::{AccountSettingsRecord, KeyOwner};
use daypass_state::{Caller, Tx};

use super::api_call::ApiCall;
use super::file::{
    AccountSeed, Document, GroupSeed, InstanceProfileSeed, OrganizationSeed, PolicySeed, RoleSeed,
    UserSeed,
};
use super::listed::Listed;
use super::organization::{self, Taken};
use super::place::{Path, Place};
use super::{Mistake, Seed, SeedError, stand_in};
pub(super) use creation::Creation;
pub(super) use lost::Kind;
use lost::Lost;

/// Carries out a seed in `env`, whose state nobody else uses yet.
///
/// # Errors
/// All mistakes that were found, those of form too; what could be done is then done in part, with other
/// values in the place of those that are wrong, so that the state must not be used.
pub(crate) async fn carry_out(seed: &Seed, env: &Arc<Env>) -> Result<(), SeedError> {
    let mut work = Work {
        env,
        unique_ids: HashSet::new(),
        stand_ins: 0,
        lost: Lost::default(),
        mistakes: seed.mistakes.clone(),
    };
    let accounts = &seed.file.accounts;
    for (number, account) in accounts.iter() {
        work.account(&Path::to("accounts", number), account).await;
    }
    // Roles come last, and their trust last of all: it may name users and roles of any account.
    let mut made = Vec::new();
    for (number, account) in accounts.iter() {
        let path = Path::to("accounts", number);
        for (number, role) in account.roles.iter() {
            let path = path.element("roles", number);
            if let Some(name) = work.role(account, &path, role).await {
                made.push((account, path, name, role));
            }
        }
    }
    for (account, path, name, role) in made {
        work.trust(account, &path, &name, role).await;
    }
    for (number, account) in accounts.iter() {
        let path = Path::to("accounts", number);
        for (number, profile) in account.instance_profiles.iter() {
            let path = path.element("instance_profiles", number);
            work.instance_profile(account.id, &path, profile).await;
        }
    }
    // Organisations only take away, so that they come when nothing is left to be done.
    let mut taken = Taken::default();
    for (number, organization) in seed.file.organizations.iter() {
        work.organization(&Path::to("organizations", number), organization, &mut taken).await;
    }
    if work.mistakes.is_empty() { Ok(()) } else { Err(seed.error(work.mistakes)) }
}

struct Work<'a> {
    env: &'a Arc<Env>,
    /// Those that the file gives, so far.
    unique_ids: HashSet<UniqueId>,
    /// How many names were made up to stand in for others.
    stand_ins: usize,
    lost: Lost,
    mistakes: Vec<Mistake>,
}

impl Work<'_> {
    async fn account(&mut self, path: &Path, seed: &AccountSeed) {
        let account = seed.id;
        self.quotas(account, &path.member("quotas"), &seed.quotas).await;
        if let Some(alias) = &seed.alias {
            let call = ApiCall::new("CreateAccountAlias").with("AccountAlias", alias);
            self.call(account, &path.member("alias"), call).await;
        }
        for (number, key) in seed.root_access_keys.iter() {
            let path = path.element("root_access_keys", number);
            self.access_key(account, &path, KeyOwner::Root, key).await;
        }
        for (number, device) in seed.root_mfa_devices.iter() {
            let path = path.element("root_mfa_devices", number);
            self.mfa_device(account, &path, KeyOwner::Root, device).await;
        }
        for (number, policy) in seed.policies.iter() {
            self.policy(account, &path.element("policies", number), policy).await;
        }
        for (number, group) in seed.groups.iter() {
            self.group(account, &path.element("groups", number), group).await;
        }
        for (number, user) in seed.users.iter() {
            self.user(account, &path.element("users", number), user).await;
        }
        for (number, provider) in seed.oidc_providers.iter() {
            let creation = provider.creation(self.made_up());
            self.create(account, &path.element("oidc_providers", number), creation).await;
        }
        for (number, provider) in seed.saml_providers.iter() {
            self.saml_provider(account, &path.element("saml_providers", number), provider).await;
        }
        if let Some(federation) = &seed.outbound_web_identity_federation {
            let path = path.member("outbound_web_identity_federation");
            self.outbound_federation(account, &path, federation).await;
        }
    }

    /// They come first, so that what comes next may be as much as they say.
    async fn quotas(&mut self, account: AccountId, path: &Path, quotas: &BTreeMap<String, u32>) {
        if quotas.is_empty() {
            return;
        }
        for (name, limit) in quotas {
            if let Err(why) = daypass_iam_core::check_quota(name, *limit) {
                self.report(&path.member(name), why);
            }
        }
        let view = self.env.state.view();
        let quotas = quotas.clone();
        let settings = AccountSettingsRecord { quotas, ..view.account(account).settings().clone() };
        let mut tx = Tx::new(view, account);
        tx.put_settings(&settings);
        self.commit(path, tx).await;
    }

    async fn policy(&mut self, account: AccountId, path: &Path, seed: &PolicySeed) {
        let document = match &seed.document {
            Some(document) => document.text(),
            // The documents of versions are looked at one by one.
            None => stand_in::POLICY.to_owned(),
        };
        let name = stand_in::name(self.made_up());
        let creation = Creation::new("CreatePolicy", Kind::Policy, "PolicyName", &seed.name, name)
            .with("document", "PolicyDocument", &document, stand_in::POLICY)
            .with_some("path", "Path", seed.path.as_deref())
            .with_some("description", "Description", seed.description.as_deref())
            .with_all("tags", ApiCall::tags(&seed.tags));
        let made = self.create(account, path, creation).await;
        self.versions(account, path, made.as_deref(), seed).await;
    }

    async fn group(&mut self, account: AccountId, path: &Path, seed: &GroupSeed) {
        let name = stand_in::name(self.made_up());
        let creation = Creation::new("CreateGroup", Kind::Group, "GroupName", &seed.name, name)
            .with_some("path", "Path", seed.path.as_deref());
        let Some(name) = self.create(account, path, creation).await else { return };
        self.recorded_group(account, path, &name, seed).await;
        let holder = Holder { kind: "Group", name: &name };
        self.held(account, path, holder, &seed.attached_policies, &seed.inline_policies).await;
    }

    async fn user(&mut self, account: AccountId, path: &Path, seed: &UserSeed) {
        let boundary = self.boundary(account, seed.permissions_boundary.as_deref());
        let name = stand_in::name(self.made_up());
        let creation = Creation::new("CreateUser", Kind::User, "UserName", &seed.name, name)
            .with_some("path", "Path", seed.path.as_deref())
            .with_some("permissions_boundary", "PermissionsBoundary", boundary.as_deref())
            .with_all("tags", ApiCall::tags(&seed.tags));
        let Some(name) = self.create(account, path, creation).await else { return };
        self.recorded_user(account, path, &name, seed).await;
        let holder = Holder { kind: "User", name: &name };
        self.held(account, path, holder, &seed.attached_policies, &seed.inline_policies).await;
        for (number, group) in seed.groups.iter() {
            if self.lost.has_group(&self.env.state.view(), account, group) {
                continue;
            }
            let call =
                ApiCall::new("AddUserToGroup").with("UserName", &name).with("GroupName", group);
            self.call(account, &path.element("groups", number), call).await;
        }
        let view = self.env.state.view();
        let Some(id) = view.account(account).user(&name).map(|user| user.record.id) else { return };
        for (number, key) in seed.access_keys.iter() {
            let path = path.element("access_keys", number);
            self.access_key(account, &path, KeyOwner::User(id), key).await;
        }
        for (number, device) in seed.mfa_devices.iter() {
            let path = path.element("mfa_devices", number);
            self.mfa_device(account, &path, KeyOwner::User(id), device).await;
        }
    }

    /// Makes a role that as yet trusts its own account only. Gives the name by which it is there.
    async fn role(&mut self, of: &AccountSeed, path: &Path, seed: &RoleSeed) -> Option<String> {
        let account = of.id;
        let awss_own_path = seed.path.as_deref().filter(|path| of.as_recorded && is_awss_own(path));
        let boundary = self.boundary(account, seed.permissions_boundary.as_deref());
        let duration = seed.max_session_duration.map(|seconds| seconds.to_string());
        let trust = own_account_trust(account);
        let name = stand_in::name(self.made_up());
        let creation = Creation::new("CreateRole", Kind::Role, "RoleName", &seed.name, name)
            .with("trust_policy", "AssumeRolePolicyDocument", &trust, &trust)
            .with_some("path", "Path", seed.path.as_deref().filter(|_| awss_own_path.is_none()))
            .with_some("description", "Description", seed.description.as_deref())
            .with_some("max_session_duration", "MaxSessionDuration", duration.as_deref())
            .with_some("permissions_boundary", "PermissionsBoundary", boundary.as_deref())
            .with_all("tags", ApiCall::tags(&seed.tags));
        let name = self.create(account, path, creation).await?;
        self.recorded_role(account, path, &name, seed).await;
        let holder = Holder { kind: "Role", name: &name };
        if let Some(own_path) = awss_own_path {
            self.attach_awss_own(account, path, &name, &seed.attached_policies).await;
            self.held(account, path, holder, &Listed::default(), &seed.inline_policies).await;
            self.move_role(account, path, &name, own_path).await;
        } else {
            self.held(account, path, holder, &seed.attached_policies, &seed.inline_policies).await;
        }
        Some(name)
    }

    async fn trust(&mut self, of: &AccountSeed, path: &Path, name: &str, seed: &RoleSeed) {
        let account = of.id;
        let document = self.lost.found_in(account, seed.trust_policy.text());
        if of.as_recorded {
            self.recorded_trust(account, path, name, &document).await;
            return;
        }
        let call = ApiCall::new("UpdateAssumeRolePolicy")
            .with("RoleName", name)
            .with("PolicyDocument", &document);
        self.call(account, &path.member("trust_policy"), call).await;
    }

    async fn instance_profile(
        &mut self,
        account: AccountId,
        path: &Path,
        seed: &InstanceProfileSeed,
    ) {
        let (kind, parameter) = (Kind::InstanceProfile, "InstanceProfileName");
        let made_up = stand_in::name(self.made_up());
        let creation = Creation::new("CreateInstanceProfile", kind, parameter, &seed.name, made_up)
            .with_some("path", "Path", seed.path.as_deref())
            .with_all("tags", ApiCall::tags(&seed.tags));
        let Some(name) = self.create(account, path, creation).await else { return };
        self.recorded_instance_profile(account, path, &name, seed).await;
        let Some(role) = &seed.role else { return };
        if self.lost.has_role(&self.env.state.view(), account, role) {
            return;
        }
        let call = ApiCall::new("AddRoleToInstanceProfile")
            .with("InstanceProfileName", &name)
            .with("RoleName", role);
        self.call(account, &path.member("role"), call).await;
    }

    async fn held(
        &mut self,
        account: AccountId,
        path: &Path,
        holder: Holder<'_>,
        attached: &Listed<String>,
        inline: &BTreeMap<String, Document>,
    ) {
        let Holder { kind, name } = holder;
        for (number, policy) in attached.iter() {
            if self.lost.has_policy(&self.env.state.view(), account, policy) {
                continue;
            }
            let call = ApiCall::new(format!("Attach{kind}Policy"))
                .with(&format!("{kind}Name"), name)
                .with("PolicyArn", &self.policy_arn(account, policy));
            self.call(account, &path.element("attached_policies", number), call).await;
        }
        for (policy, document) in inline {
            let call = ApiCall::new(format!("Put{kind}Policy"))
                .with(&format!("{kind}Name"), name)
                .with("PolicyName", policy)
                .with("PolicyDocument", &document.text());
            self.call(account, &path.member("inline_policies").member(policy), call).await;
        }
    }

    /// The API of Organizations is not there yet; the same rules are kept.
    async fn organization(&mut self, path: &Path, seed: &OrganizationSeed, taken: &mut Taken) {
        match organization::assemble(seed, path, &*self.env.ids, taken) {
            Ok(record) => {
                let mut tx = Tx::new(self.env.state.view(), seed.management_account);
                tx.put_organization(&record);
                self.commit(path, tx).await;
                for (number, feature) in seed.features.iter() {
                    let call = ApiCall::new(feature.enabling());
                    let path = path.element("features", number);
                    self.call(seed.management_account, &path, call).await;
                }
            }
            Err(mistakes) => {
                mistakes.into_iter().for_each(|(path, message)| self.report(&path, message));
            }
        }
    }

    /// Writes what no call of the API can.
    async fn commit(&mut self, path: &Path, tx: Tx) {
        if let Err(error) = self.env.state.commit(tx).await {
            self.report(path, error.to_string());
        }
    }

    /// Whether the call went through; a mistake is noted.
    async fn call(&mut self, account: AccountId, path: &Path, call: ApiCall) -> bool {
        match call.run(self.root(account)).await {
            Ok(()) => true,
            Err(message) => {
                self.report(path, message);
                false
            }
        }
    }

    /// A call by the account's root user.
    fn root(&self, account: AccountId) -> Call {
        let arrival = Arrival {
            env: Arc::clone(self.env),
            view: self.env.state.view(),
            region: "us-east-1".into(),
            now: self.env.clock.now(),
            origin: Origin {
                source_ip: None,
                secure_transport: true,
                user_agent: None,
                referer: None,
            },
        };
        arrival.made_by(Caller::operator(account))
    }

    /// The ARN of a boundary, unless it is a policy that has been reported.
    fn boundary(&self, account: AccountId, policy: Option<&str>) -> Option<String> {
        let policy = policy?;
        let is_lost = self.lost.has_policy(&self.env.state.view(), account, policy);
        (!is_lost).then(|| self.policy_arn(account, policy))
    }

    /// A number for what stands in for something else.
    fn made_up(&mut self) -> usize {
        self.stand_ins += 1;
        // Those of the form count from 0.
        self.stand_ins + 1_000_000
    }

    /// A managed policy: its ARN, or the name of one of the account's own.
    fn policy_arn(&self, account: AccountId, policy: &str) -> String {
        if policy.starts_with("arn:") {
            return policy.to_owned();
        }
        let view = self.env.state.view();
        let known = view.account(account).policy(policy).map(|policy| policy.arn().to_string());
        known.unwrap_or_else(|| format!("arn:aws:iam::{account}:policy/{policy}"))
    }

    fn report(&mut self, path: &Path, message: String) {
        self.mistakes.push(Mistake { place: Place::Value(path.clone()), message });
    }
}

/// Who holds policies: a user, group or role.
#[derive(Clone, Copy)]
struct Holder<'a> {
    kind: &'static str,
    name: &'a str,
}

/// Whether AWS alone makes roles at the path: service-linked ones, and those of Identity Center.
fn is_awss_own(path: &str) -> bool {
    path.starts_with("/aws-service-role/") || path.starts_with("/aws-reserved/")
}

fn own_account_trust(account: AccountId) -> String {
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": { "AWS": account.to_string() },
            "Action": "sts:AssumeRole",
        },
    })
    .to_string()
}
