//! Carrying out a seed: one call of the API after the other, as each account's root user.

use std::collections::BTreeMap;
use std::sync::Arc;

use daypass_authz::{Call, Env, Guarded, Handle, Origin, Visit, authorise};
use daypass_ident::AccountId;
use daypass_model::ServiceError;
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus};
use daypass_state::{Caller, Committed, Tx};
use daypass_wire::{Fault, Params, decode};

use super::file::{AccountSeed, Document, GroupSeed, KeySeed, PolicySeed, RoleSeed, UserSeed};
use super::place::Step;
use super::{Mistake, Seed, SeedError};

/// Carries out a seed in `env`, whose state nobody else uses yet.
///
/// # Errors
/// All mistakes that were found; what could be done is then done in part, so that the state must
/// not be used.
pub(crate) async fn carry_out(seed: &Seed, env: &Arc<Env>) -> Result<(), SeedError> {
    let mut work = Work { seed, env, mistakes: Vec::new() };
    let accounts = &seed.file.accounts;
    for (number, account) in accounts.iter().enumerate() {
        work.account(&at("accounts", number), account).await;
    }
    // Roles come last, and their trust last of all: it may name users and roles of any account.
    for (number, account) in accounts.iter().enumerate() {
        let path = at("accounts", number);
        for (number, role) in account.roles.iter().enumerate() {
            work.role(account.id, &path.element("roles", number), role).await;
        }
    }
    for (number, account) in accounts.iter().enumerate() {
        let path = at("accounts", number);
        for (number, role) in account.roles.iter().enumerate() {
            work.trust(account.id, &path.element("roles", number), role).await;
        }
    }
    if work.mistakes.is_empty() {
        return Ok(());
    }
    Err(SeedError { name: seed.name.clone(), mistakes: work.mistakes })
}

struct Work<'a> {
    seed: &'a Seed,
    env: &'a Arc<Env>,
    mistakes: Vec<Mistake>,
}

impl Work<'_> {
    async fn account(&mut self, path: &Path, seed: &AccountSeed) {
        let account = seed.id;
        if let Some(alias) = &seed.alias {
            let call = ApiCall::new("CreateAccountAlias").with("AccountAlias", alias);
            self.call(account, &path.member("alias"), call).await;
        }
        for (number, key) in seed.root_access_keys.iter().enumerate() {
            let path = path.element("root_access_keys", number);
            self.access_key(account, &path, KeyOwner::Root, key).await;
        }
        for (number, policy) in seed.policies.iter().enumerate() {
            self.policy(account, &path.element("policies", number), policy).await;
        }
        for (number, group) in seed.groups.iter().enumerate() {
            self.group(account, &path.element("groups", number), group).await;
        }
        for (number, user) in seed.users.iter().enumerate() {
            self.user(account, &path.element("users", number), user).await;
        }
    }

    async fn policy(&mut self, account: AccountId, path: &Path, seed: &PolicySeed) {
        let call = ApiCall::new("CreatePolicy")
            .with("PolicyName", &seed.name)
            .with("PolicyDocument", &seed.document.text())
            .with_some("Path", seed.path.as_deref())
            .with_some("Description", seed.description.as_deref())
            .with_tags(&seed.tags);
        self.call(account, path, call).await;
    }

    async fn group(&mut self, account: AccountId, path: &Path, seed: &GroupSeed) {
        let call = ApiCall::new("CreateGroup")
            .with("GroupName", &seed.name)
            .with_some("Path", seed.path.as_deref());
        if self.call(account, path, call).await {
            let holder = Holder { kind: "Group", name: &seed.name };
            self.held(account, path, holder, &seed.attached_policies, &seed.inline_policies).await;
        }
    }

    async fn user(&mut self, account: AccountId, path: &Path, seed: &UserSeed) {
        let boundary = seed.permissions_boundary.as_ref();
        let boundary = boundary.map(|policy| self.policy_arn(account, policy));
        let call = ApiCall::new("CreateUser")
            .with("UserName", &seed.name)
            .with_some("Path", seed.path.as_deref())
            .with_some("PermissionsBoundary", boundary.as_deref())
            .with_tags(&seed.tags);
        if !self.call(account, path, call).await {
            return;
        }
        let holder = Holder { kind: "User", name: &seed.name };
        self.held(account, path, holder, &seed.attached_policies, &seed.inline_policies).await;
        for (number, group) in seed.groups.iter().enumerate() {
            let call = ApiCall::new("AddUserToGroup")
                .with("UserName", &seed.name)
                .with("GroupName", group);
            self.call(account, &path.element("groups", number), call).await;
        }
        let view = self.env.state.view();
        let Some(id) = view.account(account).user(&seed.name).map(|user| user.record.id) else {
            return;
        };
        for (number, key) in seed.access_keys.iter().enumerate() {
            let path = path.element("access_keys", number);
            self.access_key(account, &path, KeyOwner::User(id), key).await;
        }
    }

    /// Makes a role that as yet trusts its own account only.
    async fn role(&mut self, account: AccountId, path: &Path, seed: &RoleSeed) {
        let boundary = seed.permissions_boundary.as_ref();
        let boundary = boundary.map(|policy| self.policy_arn(account, policy));
        let duration = seed.max_session_duration.map(|seconds| seconds.to_string());
        let call = ApiCall::new("CreateRole")
            .with("RoleName", &seed.name)
            .with("AssumeRolePolicyDocument", &own_account_trust(account))
            .with_some("Path", seed.path.as_deref())
            .with_some("Description", seed.description.as_deref())
            .with_some("MaxSessionDuration", duration.as_deref())
            .with_some("PermissionsBoundary", boundary.as_deref())
            .with_tags(&seed.tags);
        if self.call(account, path, call).await {
            let holder = Holder { kind: "Role", name: &seed.name };
            self.held(account, path, holder, &seed.attached_policies, &seed.inline_policies).await;
        }
    }

    async fn trust(&mut self, account: AccountId, path: &Path, seed: &RoleSeed) {
        if self.env.state.view().account(account).role(&seed.name).is_none() {
            return; // It could not be made, which has been reported.
        }
        let call = ApiCall::new("UpdateAssumeRolePolicy")
            .with("RoleName", &seed.name)
            .with("PolicyDocument", &seed.trust_policy.text());
        self.call(account, &path.member("trust_policy"), call).await;
    }

    async fn held(
        &mut self,
        account: AccountId,
        path: &Path,
        holder: Holder<'_>,
        attached: &[String],
        inline: &BTreeMap<String, Document>,
    ) {
        let Holder { kind, name } = holder;
        for (number, policy) in attached.iter().enumerate() {
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

    /// A key whose id and secret the file gives: the one thing that the API has no call for.
    async fn access_key(
        &mut self,
        account: AccountId,
        path: &Path,
        owner: KeyOwner,
        seed: &KeySeed,
    ) {
        let view = self.env.state.view();
        if view.access_key(seed.id.as_str()).is_some() {
            self.report(&path.member("id"), "another access key has this id".to_owned());
            return;
        }
        if seed.id.as_str().starts_with("ASIA") {
            let message = "ASIA begins the ids of temporary credentials; begin with AKIA";
            self.report(&path.member("id"), message.to_owned());
            return;
        }
        if seed.secret.expose().is_empty() {
            self.report(&path.member("secret"), "a secret access key is not empty".to_owned());
            return;
        }
        let mut tx = Tx::new(view, account);
        tx.put_access_key(&AccessKeyRecord {
            id: seed.id.clone(),
            secret: seed.secret.clone(),
            owner,
            status: if seed.inactive { KeyStatus::Inactive } else { KeyStatus::Active },
            create_date: self.env.clock.now().secs(),
        });
        if let Err(error) = self.env.state.commit(tx).await {
            self.report(path, error.to_string());
        }
    }

    /// Whether the call went through; a mistake is noted.
    async fn call(&mut self, account: AccountId, path: &Path, call: ApiCall) -> bool {
        let form = call.form();
        let answer = match Params::from_form(form.as_bytes()) {
            Ok(params) => {
                let visit = AsRoot { call: self.root(account), params };
                let dispatched = daypass_iam_core::dispatch(&call.action, visit).await;
                dispatched.unwrap_or_else(|_| Err("no such operation".to_owned()))
            }
            Err(fault) => Err(text(&fault)),
        };
        match answer {
            Ok(()) => true,
            Err(message) => {
                self.report(path, message);
                false
            }
        }
    }

    /// A call by the account's root user.
    fn root(&self, account: AccountId) -> Call {
        Call {
            env: Arc::clone(self.env),
            view: self.env.state.view(),
            caller: Caller::operator(account),
            region: "us-east-1".into(),
            now: self.env.clock.now(),
            origin: Origin {
                source_ip: None,
                secure_transport: true,
                user_agent: None,
                referer: None,
            },
        }
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
        self.mistakes.push(Mistake { at: self.seed.locate(&path.0), message });
    }
}

/// Who holds policies: a user, group or role.
#[derive(Clone, Copy)]
struct Holder<'a> {
    kind: &'static str,
    name: &'a str,
}

/// A request as a client would put it.
struct ApiCall {
    action: String,
    params: Vec<(String, String)>,
}

impl ApiCall {
    fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), params: Vec::new() }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn with_tags(mut self, tags: &BTreeMap<String, String>) -> Self {
        for (number, (key, value)) in (1..).zip(tags) {
            self = self
                .with(&format!("Tags.member.{number}.Key"), key)
                .with(&format!("Tags.member.{number}.Value"), value);
        }
        self
    }

    fn form(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.params).finish()
    }
}

/// Decodes, authorises and runs the operation that its name stands for.
struct AsRoot<'a> {
    call: Call,
    params: Params<'a>,
}

impl Visit for AsRoot<'_> {
    type Out = Result<(), String>;

    async fn built<Op: Handle>(self) -> Result<(), String> {
        let input: Op::Input = decode(&self.params).map_err(|fault| text(&fault))?;
        let env = Arc::clone(&self.call.env);
        let view = Arc::clone(&self.call.view);
        let account = self.call.account();
        let permitted =
            authorise::<Op>(self.call, input).map_err(|refused| message(refused.error))?;
        let mut tx = Tx::new(view, account);
        Op::run(&permitted, &mut tx).map_err(message)?;
        match env.state.commit(tx).await {
            Ok(Committed::Done) => Ok(()),
            Ok(Committed::Conflict) => Err("the state changed while the seed went in".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn not_yet<Op: Guarded>(self, reason: &'static str) -> Result<(), String> {
        Err(format!("daypass does not have {} yet: {reason}", Op::NAME))
    }
}

fn message(error: ServiceError) -> String {
    text(&Fault::from(error))
}

fn text(fault: &Fault) -> String {
    match &fault.message {
        Some(message) => format!("{}: {message}", fault.code),
        None => fault.code.to_string(),
    }
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

/// Where in the file a value stands.
struct Path(Vec<Step>);

fn at(list: &str, number: usize) -> Path {
    Path(Vec::new()).element(list, number)
}

impl Path {
    fn member(&self, name: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Member(name.to_owned()));
        Self(steps)
    }

    fn element(&self, list: &str, number: usize) -> Self {
        let mut path = self.member(list);
        path.0.push(Step::Element(number));
        path
    }
}
