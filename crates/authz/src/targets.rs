use std::borrow::Cow;
use std::sync::Arc;

use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_policy::Policy;
use daypass_state::record::Tags;
use daypass_state::{Account, CrossAccount, View};

use crate::{Call, Guarded};

/// What an operation may look at to say what it needs.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a>(&'a Call);

impl<'a> Scope<'a> {
    pub(crate) fn new(call: &'a Call) -> Self {
        Self(call)
    }

    /// The call.
    #[must_use]
    pub fn call(&self) -> &'a Call {
        self.0
    }

    /// The account of the caller.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.0.account()
    }

    /// What the account of the caller holds.
    #[must_use]
    pub fn entities(&self) -> &'a Account {
        self.0.entities()
    }

    /// The state of all accounts, for an operation whose needs depend on other accounts for this
    /// reason.
    #[must_use]
    pub fn across_accounts(&self, _: CrossAccount) -> &'a View {
        &self.0.view
    }
}

/// What a call needs to be allowed: every target.
#[derive(Debug, Default)]
pub struct Targets {
    pub(crate) list: Vec<Target>,
    pub(crate) open: bool,
}

impl Targets {
    /// What an operation needs of a caller, without asking whether they have it.
    ///
    /// # Errors
    /// As [`Guarded::targets`].
    pub fn of<Op: Guarded>(call: &Call, input: &Op::Input) -> Result<Self, ServiceError> {
        let mut targets = Self::default();
        Op::targets(input, &Scope::new(call), &mut targets)?;
        Ok(targets)
    }

    /// Each of them. None, where nothing is needed or where a call cannot be allowed at all.
    pub fn iter(&self) -> impl Iterator<Item = &Target> {
        self.list.iter()
    }

    /// The call needs no permission, and no policy can refuse it.
    pub fn need_no_permission(&mut self) {
        self.open = true;
    }

    /// The caller must be allowed `action` on `resource`. The target answered may be given more.
    ///
    /// The resource belongs to the account that its ARN names. If this is not the caller's, only a
    /// policy of the resource can allow the action; without one, AWS denies it, whether the
    /// resource exists or not (IAM User Guide, "Cross-account policy evaluation logic").
    pub fn need(&mut self, action: &'static str, resource: Arn) -> &mut Target {
        let account = resource.parts().account_id();
        let target = self.push(action, Cow::Owned(resource.into()));
        target.resource_account = account;
        target
    }

    /// The caller must be allowed `action`, which AWS does not tie to a resource: only policies
    /// whose `Resource` matches `*` count.
    pub fn need_on_all(&mut self, action: &'static str) -> &mut Target {
        self.push(action, Cow::Borrowed("*"))
    }

    fn push(&mut self, action: &'static str, resource: Cow<'static, str>) -> &mut Target {
        self.list.push(Target { resource, ..Target::on_all(action) });
        let last = self.list.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the element has just been pushed")]
        &mut self.list[last]
    }
}

/// One action on one resource.
#[derive(Debug, Clone)]
pub struct Target {
    pub(crate) action: &'static str,
    pub(crate) resource: Cow<'static, str>,
    pub(crate) shown: Option<String>,
    /// Names as AWS writes them.
    pub(crate) keys: Vec<(Cow<'static, str>, KeyValue)>,
    /// The owner of the resource; `None` stands for the caller's account.
    pub(crate) resource_account: Option<AccountId>,
    pub(crate) resource_policy: Option<ResourcePolicy>,
    pub(crate) terse_denial: bool,
    /// Whether IAM itself allows it where no identity-based policy does.
    pub(crate) granted: bool,
    /// As of now.
    pub(crate) multi_factor: bool,
}

/// The value of a condition key that a request adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyValue {
    /// A single-valued key.
    One(String),
    /// A multivalued key.
    Many(Vec<String>),
}

/// The policy of the resource itself: a role's trust policy.
#[derive(Debug, Clone)]
pub struct ResourcePolicy {
    /// The policy. `None` when there is no such resource, or when its policy cannot be
    /// understood: then nobody is allowed.
    pub policy: Option<Arc<Policy>>,
}

impl Target {
    pub(crate) fn on_all(action: &'static str) -> Self {
        Self {
            action,
            resource: Cow::Borrowed("*"),
            shown: None,
            keys: Vec::new(),
            resource_account: None,
            resource_policy: None,
            terse_denial: false,
            granted: false,
            multi_factor: false,
        }
    }

    /// How many bytes of memory it takes with the policy of the resource, at most.
    pub(crate) fn size(&self) -> usize {
        let keys = self.keys.iter().map(|(name, value)| {
            let values = match value {
                KeyValue::One(value) => value.len(),
                KeyValue::Many(values) => {
                    values.iter().map(|value| size_of::<String>() + value.len()).sum()
                }
            };
            size_of::<(Cow<'_, str>, KeyValue)>() + name.len() + values
        });
        let policy = self.resource_policy.as_ref().and_then(|resource| resource.policy.as_ref());
        // Lists that grow have room for twice as much at most.
        2 * (size_of::<Self>() + keys.sum::<usize>())
            + self.resource.len()
            + self.shown.as_ref().map_or(0, String::len)
            + policy.map_or(0, |policy| policy.size())
    }

    /// The action, such as `iam:CreateUser`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// The ARN of the resource, or `*`.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The condition keys that the request adds, their names as AWS writes them.
    pub fn condition_keys(&self) -> impl Iterator<Item = (&str, &KeyValue)> {
        self.keys.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// IAM itself allows it, by a setting of the account, to a user whose identity-based policies do not speak
    /// of it. An explicit denial still counts, and so do the limits of an organisation.
    pub fn granted(&mut self) -> &mut Self {
        self.granted = true;
        self
    }

    /// Adds a condition key. The name is compared without regard to case.
    pub fn key(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> &mut Self {
        self.keys.push((name.into(), KeyValue::One(value.into())));
        self
    }

    /// Adds a multivalued condition key.
    pub fn keys(&mut self, name: impl Into<Cow<'static, str>>, values: Vec<String>) -> &mut Self {
        self.keys.push((name.into(), KeyValue::Many(values)));
        self
    }

    /// The request carries these tags: `aws:RequestTag/…` and `aws:TagKeys`.
    pub fn request_tags<'t>(
        &mut self,
        tags: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> &mut Self {
        let mut names = Vec::new();
        for (key, value) in tags {
            self.key(format!("aws:RequestTag/{key}"), value);
            names.push(key.to_owned());
        }
        if names.is_empty() { self } else { self.keys("aws:TagKeys", names) }
    }

    /// The resource has these tags: `aws:ResourceTag/…`.
    pub fn resource_tags(&mut self, tags: &Tags) -> &mut Self {
        for (key, value) in tags.iter() {
            self.key(format!("aws:ResourceTag/{key}"), value);
        }
        self
    }

    /// The resource is a user or a role with these tags: beside `aws:ResourceTag/…` also
    /// `iam:ResourceTag/…`, which AWS has for no other.
    pub fn identity_tags(&mut self, tags: &Tags) -> &mut Self {
        for (key, value) in tags.iter() {
            self.key(format!("iam:ResourceTag/{key}"), value);
        }
        self.resource_tags(tags)
    }

    /// The resource as a denial names it, where AWS does not name the one that policies are
    /// matched against.
    pub fn shown_as(&mut self, resource: impl Into<String>) -> &mut Self {
        self.shown = Some(resource.into());
        self
    }

    /// The resource has a policy of its own, without whose word nobody is allowed: a role with
    /// its trust policy. The resource belongs to `account`.
    pub fn trusted_by(&mut self, account: AccountId, policy: ResourcePolicy) -> &mut Self {
        self.resource_account = Some(account);
        self.resource_policy = Some(policy);
        self
    }

    /// AWS decides the action on policies of the caller's account alone, though the resource belongs
    /// to another account.
    pub fn decided_by_caller_account(&mut self) -> &mut Self {
        self.resource_account = None;
        self
    }

    /// The request gives a code that a device of the caller's shows: multi-factor authentication as
    /// of now, whatever the caller's credentials say of it.
    pub fn authenticated_by_code(&mut self) -> &mut Self {
        self.multi_factor = true;
        self
    }

    /// A denial does not say why, as AWS's of `AssumeRole` does not.
    pub fn denied_tersely(&mut self) -> &mut Self {
        self.terse_denial = true;
        self
    }
}
